using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Portal.Core.Data;
using Portal.Web.Governance;
using Portal.Web.Hosting;

namespace Portal.Web.Tests.Governance;

/// <summary>Browsers send a cookie to every port of a host name: no two portals have one of a name.</summary>
public sealed class PortalCookiesTests
{
    [Fact]
    public void Names_TwoPortalsOnOneMachine_HaveNoneInCommon()
    {
        var (one, other) = (NamesOf("/tmp/one"), NamesOf("/tmp/other"));

        Assert.Empty(one.Intersect(other));
        Assert.Equal(one, NamesOf("/tmp/one"));
    }

    /// <summary>Whoever writes one at a fixed name shares it.</summary>
    [Fact]
    public void Sources_SetACookie_ByANameOfTheInstallationAlone()
    {
        var folder = TestKit.RepositoryRoot.Combine("src", "Portal.Web");
        var fixedNames = Directory.EnumerateFiles(Path.Combine(folder, "Browser"), "*.js")
            .Concat(Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
                .Where(f => !f.Contains("/obj/", StringComparison.Ordinal)))
            .Where(f => File.ReadAllText(f) is var text
                && (text.Contains("Cookies.Append(\"", StringComparison.Ordinal)
                    || text.Contains("document.cookie = `portal", StringComparison.Ordinal)
                    || text.Contains("document.cookie = '", StringComparison.Ordinal)));

        Assert.Empty(fixedNames);
    }

    private static string[] NamesOf(string folder)
    {
        var database = DatabaseConnections.From(new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["ConnectionStrings:Portal"] = "Host=h;Database=d" }).Build());
        var cookies = new PortalCookies(Options.Create(new PortalOptions()), new DataFolder(folder), database);
        return [cookies.Session, cookies.Form, cookies.Theme];
    }
}
