using System.Reflection;
using System.Text.RegularExpressions;
using Portal.Core.Data;
using Portal.Providers.Local;
using Portal.TestKit;

namespace Portal.Web.Tests;

/// <summary>Arrows run one way: Templating ← Core ← Providers ← Web, and Core ← Migrations ← Web.</summary>
public sealed class ArchitectureTests
{
    private static readonly Assembly Core = typeof(PortalDbContext).Assembly;
    private static readonly Assembly Providers = typeof(LocalSetup).Assembly;

    [Fact]
    public void Templating_ReferencesNothingOfOurs() => Assert.Empty(OursIn(Assembly.Load("Portal.Templating")));

    [Fact]
    public void Core_ReferencesTemplatingAlone() => Assert.Equal(["Portal.Templating"], OursIn(Core));

    [Fact]
    public void Core_AsksForCapabilitiesAndNamesNoProvider()
    {
        var root = RepositoryRoot.Combine("src", "Portal.Core");
        var naming = from file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
                     let text = File.ReadAllText(file)
                     from type in (string[])["Azure", "GitHub", "Local"]
                     where text.Contains($"\"{type}\"", StringComparison.Ordinal)
                     select $"{Path.GetRelativePath(root, file)} names {type}";

        Assert.Empty(naming);
    }

    [Fact]
    public void Providers_ReferenceCoreAndNothingAbove() =>
        Assert.DoesNotContain(OursIn(Providers), n => n is "Portal.Web" or "Portal.Migrations");

    [Fact]
    public void Providers_NeverUseTheDatabase()
    {
        var used = Providers.GetTypes()
            .SelectMany(t => t.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
            .SelectMany(c => c.GetParameters())
            .Select(p => p.ParameterType.FullName ?? "");

        Assert.DoesNotContain(used, name => name.Contains("EntityFrameworkCore", StringComparison.Ordinal)
            || name.StartsWith("Npgsql", StringComparison.Ordinal));
    }

    [Fact]
    public void Providers_NeverKnowEachOther()
    {
        // What all of them share.
        string[] shared = ["Http", "ActionBases", "Score"];
        var root = RepositoryRoot.Combine("src", "Portal.Providers");
        var adapters = Directory.GetDirectories(root).Select(d => Path.GetFileName(d))
            .Where(n => char.IsUpper(n[0]) && !shared.Contains(n)).ToList();
        var crossing = from adapter in adapters.Concat(shared)
                       from file in Directory.EnumerateFiles(
                           Path.Combine(root, adapter), "*.cs", SearchOption.AllDirectories)
                       let text = File.ReadAllText(file)
                       from other in adapters
                       where other != adapter && text.Contains($"Portal.Providers.{other}", StringComparison.Ordinal)
                       select $"{Path.GetRelativePath(root, file)} knows {other}";

        Assert.Superset(new HashSet<string> { "Azure", "GitHub", "Local" }, adapters.ToHashSet());
        Assert.Empty(crossing);
    }

    /// <summary>
    /// A host that does not answer must not hold a row of the database meanwhile: who opens a transaction knows no
    /// host.
    /// </summary>
    [Fact]
    public void Transactions_AreOpenedByWhoAsksNoHost()
    {
        var hosts = new Regex(
            @"\b(I(Repository|Pipeline|Environment|PullRequest)Host|IEnvironmentAdoption|ICatalogSource|ICostSource|ProviderRegistry|HttpClient)\b");
        var opening =
            from file in Directory.EnumerateFiles(RepositoryRoot.Combine("src"), "*.cs", SearchOption.AllDirectories)
                          let text = File.ReadAllText(file)
                          where text.Contains("BeginTransactionAsync(", StringComparison.Ordinal)
                          select (Name: Path.GetFileName(file), Knows: hosts.Match(text).Value);

        Assert.True(opening.Count() > 10);
        Assert.DoesNotContain(opening, o => o.Knows.Length > 0);
    }

    private static IEnumerable<string> OursIn(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(a => a.Name!)
            .Where(n => n.StartsWith("Portal.", StringComparison.Ordinal));
}
