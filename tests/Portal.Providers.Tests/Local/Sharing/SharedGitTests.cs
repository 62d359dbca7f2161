using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Local;
using Portal.Providers.Local.Repositories;

namespace Portal.Providers.Tests.Local.Sharing;

/// <summary>Git through a portal that does not keep the folder.</summary>
public sealed class SharedGitTests(LocalPortal keeper) : IClassFixture<LocalPortal>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Push_ThroughTheOtherProcess_IsToldByTheKeeperWithWhoPushed()
    {
        await using var other = new LocalPortal(keeper);
        await other.InitializeAsync();
        var name = new RepositoryName("shop", "pushed");
        await other.Repositories.CreateAsync(SharedHost.Repository(name, ("README.md", "# Pushed\n")), Cancellation);
        using var git = new GitClient(other);
        await git.RunAsync("clone", "-q", git.Address("shop/pushed.git"), "clone");
        await git.CommitAsync("clone", "new.txt", "new", "A second commit");
        await git.RunAsync("-C", "clone", "push", "-q", "origin", "HEAD");

        // The push ends when it was told, as in a single process.
        var told = Assert.Single(keeper.Events.Pushed, p => p.Repository == name);
        Assert.Equal(
            ("main", "user:default/alice", (await keeper.Repositories.FindAsync(name, Cancellation))!.HeadCommit),
            (told.Branch, told.By, told.After));
        Assert.Single(keeper.Pushes.Told, p => p.Push.Repository == name);
        Assert.Empty(other.Events.Pushed);
        Assert.Empty(other.Pushes.Told);
    }

    [Theory]
    [InlineData("https://portal.example.com")]
    [InlineData("https://portal.example.com/")]
    [InlineData("http://portal.example.com:8080/tools/")]
    public void CloneUrl_WithAPublicUrl_IsTheSameEverywhereAndUnderstood(string publicUrl)
    {
        var name = new RepositoryName("shop", "orders");
        var (one, two) = (Repositories(publicUrl, "5081"), Repositories(publicUrl, "5082"));
        Assert.Equal($"{publicUrl.TrimEnd('/')}/git/shop/orders.git", one.CloneUrl(name));
        Assert.Equal(one.CloneUrl(name), two.CloneUrl(name));
        Assert.Equal(name, two.NameFromUrl(one.CloneUrl(name)));
        Assert.Null(two.NameFromUrl("https://elsewhere.example.com/git/shop/orders.git"));
    }

    private static LocalRepositories Repositories(string publicUrl, string port)
    {
        var configuration = new ConfigurationManager { ["Portal:PublicUrl"] = publicUrl, ["Portal:Port"] = port };
        return new LocalRepositories(
            new LocalFolders("/nowhere"),
            new PortalAddress(configuration, new ServiceCollection().BuildServiceProvider()));
    }
}
