using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Tests.GitHub.Discovery;

/// <summary>What is GitHub's own; the rest is in the suite.</summary>
public sealed class GitHubDiscoveryTests(GitHubFixture github) : IClassFixture<GitHubFixture>
{
    private const string Descriptor =
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: orders }\nspec: { type: service }\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_OtherPlaceInTheSettings_IsLookedAtAlone()
    {
        var name = await AddAsync(("catalog-info.yaml", "wrong"), ("docs/entity.yaml", Descriptor));
        var source = Source(github.Portal(settings: github.AppSettings(("CatalogPath", "/docs/entity.yaml"))));

        Assert.Equal("docs/entity.yaml", (await source.ReadAsync(name, Cancellation))!.DescriptorPath);
    }

    [Theory]
    [InlineData("CODEOWNERS", "* @ada @shop/checkout", "checkout", true)]
    [InlineData(".github/CODEOWNERS", "* @Ada", "ada", false)]
    [InlineData("docs/CODEOWNERS", "* @shop/Checkout", "checkout", true)]
    public async Task Read_CodeOwnersWithoutDescriptor_ProposesTheOwner(
        string path, string text, string owner, bool isTeam)
    {
        var name = await AddAsync((path, text));

        var proposed = (await Source().ReadAsync(name, Cancellation))!.ProposedOwner;

        Assert.Equal((owner, isTeam), (proposed!.Name, proposed.IsTeam));
        Assert.StartsWith($"{path} names @", proposed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_NoHintButCommits_ProposesWhoMadeMostOfThem()
    {
        github.World.AddUser("ben");
        var name = await AddAsync(("README.md", "1"));
        for (var i = 0; i < 3; i++) await github.World.PushAsync(name.ToString(), "README.md", $"{i}", "ben");

        var proposed = (await Source().ReadAsync(name, Cancellation))!.ProposedOwner;

        Assert.Equal(("ben", false), (proposed!.Name, proposed.IsTeam));
        Assert.Matches("^3 of the last [0-9]+ commits are by ben$", proposed.Reason);
    }

    [Fact]
    public async Task Discover_Again_ReadsNoFileThatCannotHaveChangedAndAPushedOne()
    {
        var name = await AddAsync(("catalog-info.yaml", Descriptor));
        var source = Source();
        Assert.Equal(Descriptor, (await FoundAsync(source, name))!.Descriptor);
        var before = Reads();
        Assert.True(before is { Trees: > 0, Files: > 0 });
        Assert.Equal(Descriptor, (await FoundAsync(source, name))!.Descriptor);
        Assert.Equal(before, Reads());

        await github.World.PushAsync(name.ToString(), "catalog-info.yaml", Descriptor + "# changed\n");

        Assert.EndsWith("# changed\n", (await FoundAsync(source, name))!.Descriptor, StringComparison.Ordinal);
        Assert.Equal((before.Trees + 1, before.Files + 1), Reads());
    }

    private (int Trees, int Files) Reads() => (
        github.World.Ledger.Calls("GET /repos/{owner}/{repo}/git/trees/{tree_sha}"), github.World.Ledger.Calls(
            "GET /repos/{owner}/{repo}/contents/{path}"));

    private ICatalogSource Source(IServiceProvider? portal = null) =>
        (portal ?? github.App).GetServices<IProvider>().OfType<ICatalogSource>().Single();

    private async Task<RepositoryName> AddAsync(params (string Path, string Text)[] files)
    {
        var name = new RepositoryName("shop", $"found-{Guid.NewGuid():N}"[..20]);
        await github.World.AddRepositoryAsync(name.ToString(), files);
        return name;
    }

    private static async Task<DiscoveredRepository?> FoundAsync(ICatalogSource source, RepositoryName name)
    {
        DiscoveredRepository? result = null;
        await foreach (var found in source.DiscoverAsync(Cancellation)) if (found.Name == name) result = found;
        return result;
    }
}
