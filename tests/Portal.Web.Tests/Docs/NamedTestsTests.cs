using System.Text.RegularExpressions;
using Portal.TestKit;

namespace Portal.Web.Tests.Docs;

/// <summary>What the docs promise about safety they promise by the name of a test: it must be there.</summary>
public sealed partial class NamedTestsTests
{
    private static readonly Dictionary<string, string> Sources = Directory
        .EnumerateFiles(RepositoryRoot.Combine("tests"), "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal)
            && !f.Contains("/node_modules/", StringComparison.Ordinal))
        .GroupBy(f => Path.GetFileNameWithoutExtension(f)).ToDictionary(
            g => g.Key, g => string.Concat(g.Select(File.ReadAllText)));

    [Theory]
    [InlineData("SECURITY.md")]
    [InlineData("docs/local-provider.md")]
    [InlineData("docs/rights.md")]
    public void Document_NamesATest_ItIsThere(string document)
    {
        var named = Name().Matches(File.ReadAllText(RepositoryRoot.Combine(document))).ToList();

        Assert.NotEmpty(named);
        Assert.All(named, name =>
        {
            Assert.True(
                Sources.TryGetValue(name.Groups["class"].Value, out var source),
                $"{document} names {name.Value}, which is no class of tests.");
            Assert.Contains(name.Groups["method"].Value, source, StringComparison.Ordinal);
        });
    }

    [GeneratedRegex(@"`(?<class>[A-Z]\w*(?:Tests|Attacks))(?:\.(?<method>\w+)…?)?`")]
    private static partial Regex Name();
}
