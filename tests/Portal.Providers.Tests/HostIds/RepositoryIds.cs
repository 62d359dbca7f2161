using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Providers.Tests.GitHub;
using Portal.Providers.Tests.Local;
using Portal.TestKit.Conformance;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Providers.Tests.HostIds;

/// <summary>
/// An id is the repository's for good: whoever asks for it gets the same, and who makes another under its name another.
/// </summary>
public abstract class RepositoryIds
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract IRepositoryHost Host { get; }

    protected abstract ICatalogSource Source { get; }

    [Fact]
    public async Task HostId_OfARepository_IsToldByAllThatTellOfIt()
    {
        var made = await CreateAsync(NewName());

        Assert.NotNull(made.HostId);
        Assert.Equal(made.HostId, (await Host.FindAsync(made.Name, Cancellation))!.HostId);
        Assert.Equal(made.HostId, (await Source.ReadAsync(made.Name, Cancellation))!.HostId);
        Assert.NotEqual(made.HostId, (await CreateAsync(NewName())).HostId);
    }

    [Fact]
    public async Task HostId_OfAnotherThatIsMadeUnderTheName_IsAnother()
    {
        var first = await CreateAsync(NewName());
        await Source.ReadAsync(first.Name, Cancellation);
        await Host.DeleteAsync(first.Name, Cancellation);

        var second = await CreateAsync(first.Name);

        Assert.NotEqual(first.HostId, second.HostId);
        Assert.Equal(second.HostId, (await Source.ReadAsync(first.Name, Cancellation))!.HostId);
    }

    protected Task<Repository> CreateAsync(RepositoryName name) => Host.CreateAsync(
        new CreateRepository(
            name, "", "main", new FileTree([new TreeFile("catalog-info.yaml", "a: 1\n"u8.ToArray())]), "First",
            new CommitAuthor("Ada", "ada@example.org", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)),
            Guid.NewGuid().ToString(),
            "group:default/payments"), Cancellation);

    protected static RepositoryName NewName() => new("shop", $"ids-{Guid.NewGuid().ToString("N")[..8]}");
}

public sealed class LocalRepositoryIdsTests(LocalPortal portal) : RepositoryIds, IClassFixture<LocalPortal>
{
    protected override IRepositoryHost Host => portal.Repositories;

    protected override ICatalogSource Source => portal.Services.GetServices<IProvider>().OfType<ICatalogSource>()
        .Single();

    [Fact]
    public async Task HostId_OfARepositoryOfAVersionBefore_IsNone()
    {
        var made = await CreateAsync(NewName());
        var note = Path.Combine(portal.Services.GetRequiredService<Portal.Providers.Local.LocalFolders>()
            .Repository(made.Name), "portal.json");
        await File.WriteAllTextAsync(
            note, """{"description":"","mark":"m","owner":"group:default/payments"}""", Cancellation);

        var found = await Host.FindAsync(made.Name, Cancellation);

        Assert.Equal((null, "m"), (found!.HostId, found.Mark));
    }
}

public sealed class GitHubRepositoryIdsTests(GitHubFixture github) : RepositoryIds, IClassFixture<GitHubFixture>
{
    protected override IRepositoryHost Host => github.Repositories;

    protected override ICatalogSource Source => github.App.GetServices<IProvider>().OfType<ICatalogSource>().Single();

    [Fact]
    public async Task HostId_OfOneThatIsRenamed_StaysAndIsFoundByBothNames()
    {
        var made = await CreateAsync(NewName());
        var name = new RepositoryName(made.Name.Organisation, made.Name.Name + "-now");

        await github.World.RenameAsync(made.Name.ToString(), name.Name);

        foreach (var called in new[] { made.Name, name })
        {
            var found = await Host.FindAsync(called, Cancellation);
            Assert.Equal((made.HostId, name), (found!.HostId, found.Name));
        }
    }

    /// <summary>A sweep lists runs by a name that may be another's by now.</summary>
    [Fact]
    public async Task HostId_OfThePipelineRunsRepository_IsTold()
    {
        var made = await Host.CreateAsync(
            new CreateRepository(
                NewName(), "", "main", new FileTree([new TreeFile(".github/workflows/ci.yml", Workflow)]), "First",
                new CommitAuthor("Ada", "ada@example.org", DateTimeOffset.UnixEpoch), Guid.NewGuid()
                    .ToString(), "group:default/payments"),
            Cancellation);

        var run = await github.Pipelines.TriggerAsync(
            new TriggerPipeline(made.Name, "ci.yml", "main", Guid.NewGuid().ToString("N")), Cancellation);

        Assert.Equal(made.HostId, run.RepositoryHostId);
        Assert.All(await github.Pipelines.ListAsync(made.Name, 5, Cancellation),
            r => Assert.Equal(made.HostId, r.RepositoryHostId));
    }

    private static readonly byte[] Workflow = """
        name: CI
        on: { push: {}, workflow_dispatch: { inputs: { portal_correlation: {} } } }
        run-name: CI ${{ inputs.portal_correlation }}
        jobs: { build: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }
        """u8.ToArray();
}
