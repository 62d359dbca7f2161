using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.TestKit.Conformance;
using Portal.TestKit.GitHub;

namespace Portal.Providers.Tests.GitHub.Discovery;

public sealed class GitHubCatalogSourceConformanceTests(GitHubFixture github)
    : CatalogSourceConformance, IClassFixture<GitHubFixture>, IDisposable
{
    protected override ICatalogSource Source => github.Impatient<ICatalogSource>();

    /// <summary>A page holds 100.</summary>
    protected override int ManyRepositories => 105;

    public void Dispose() => Assert.Empty(github.World.Violations);

    protected override async Task AddAsync(RepositoryName name, params (string Path, byte[] Content)[] files)
    {
        if (files.Length == 0) await github.World.AddRepositoryAsync(name.ToString());
        else await github.Repositories.CreateAsync(
            GitHubThings.Request(name, new FileTree(files.Select(f => new TreeFile(f.Path, f.Content)))), Cancellation);
    }

    protected override Task PushAsync(RepositoryName name, string path, string text) =>
        github.World.PushAsync(name.ToString(), path, text);

    protected override Task SpoilAsync(RepositoryName name)
    {
        github.World.Block(name.ToString());
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(RepositoryName name) => github.World.DeleteAsync(name.ToString());

    protected override async Task<bool> DescribeAsync(RepositoryName name, string description)
    {
        using var caller = new GitHubCaller(github.World);
        await caller.DoAsync("PATCH", $"repos/{name}", new JsonObject { ["description"] = description });
        return true;
    }

    protected override bool Fail(HostFailure failure) => github.Fail(failure);

    protected override void Mend() => github.Mend();

    [Fact]
    public async Task Read_Archived_TellsSo()
    {
        var name = NewName();
        await AddAsync(name, ("catalog-info.yaml", Bytes("a: 1\n")));
        await github.Repositories.ArchiveAsync(name, Cancellation);
        var found = (await Source.ReadAsync(name, Cancellation))!;
        Assert.Equal((true, "a: 1\n"), (found.IsArchived, found.Descriptor));
        Assert.Contains(found, await DiscoverAsync());
    }

    /// <summary>Else its repositories would look as if they were gone.</summary>
    [Fact]
    public async Task Discover_OneOrganisationSuspended_TellsTheOthersAndThenThatItIsNotAll()
    {
        github.World.AddOrganisation("bank");
        var (shop, bank) = (NewName(), new RepositoryName("bank", "ledger"));
        await AddAsync(shop, ("catalog-info.yaml", Bytes("a: 1\n")));
        await AddAsync(bank, ("catalog-info.yaml", Bytes("b: 1\n")));
        github.World.Suspend();
        try
        {
            var told = new List<RepositoryName>();
            var error = await Assert.ThrowsAsync<ProviderException>(async () =>
            {
                await foreach (var found in Source.DiscoverAsync(Cancellation)) told.Add(found.Name);
            });
            Assert.Equal((ErrorKind.Forbidden, "github-suspended"), (error.Error.Kind, error.Error.Code));
            Assert.Contains("shop", error.Message, StringComparison.Ordinal);
            Assert.Equal([bank], told);
        }
        finally
        {
            github.World.Unsuspend();
            await github.World.DeleteAsync(bank.ToString());
        }
    }
}
