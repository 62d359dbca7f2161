using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Portal.Web.Controls;

namespace Portal.Web.Tests.Controls;

public sealed partial class IconTests
{
    [Fact]
    public void Icons_NamedInPages_AreAllThere()
    {
        var web = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../../src/Portal.Web"));
        var names = Directory.EnumerateFiles(web, "*.razor", SearchOption.AllDirectories)
            .Where(f => !f.Contains("node_modules", StringComparison.Ordinal) && !f.Contains(
                $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(f => Named().Matches(File.ReadAllText(f)).Select(m => m.Groups["name"].Value))
            .Distinct(StringComparer.Ordinal)
            .ToList();

        Assert.NotEmpty(names);
        Assert.Equal([], names.Where(n => !IconPaths.Has(n)));
    }

    [Fact]
    public void Svg_UnknownName_SaysWhereToAddIt() =>
        Assert.Contains(
            "Browser/icons.txt",
            Assert.Throws<ArgumentException>(() => IconPaths.Svg("no-such", 16, label: null)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Svg_Label_IsEscapedAndRead()
    {
        Assert.Contains("aria-label=\"a&quot;b\"", IconPaths.Svg("check", 16, "a\"b"), StringComparison.Ordinal);
        Assert.Contains("aria-hidden=\"true\"", IconPaths.Svg("check", 16, label: null), StringComparison.Ordinal);
    }

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex("(?:<Icon Name|<EmptyState[^>]* Icon)=\"(?<name>[a-z0-9-]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Named();
}
