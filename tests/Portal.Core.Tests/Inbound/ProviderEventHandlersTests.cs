using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Catalog.Repositories;
using Portal.Core.Delivery;
using Portal.Core.Entities;
using Portal.Core.Environments;
using Portal.Core.Inbound;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Tests.Catalog.Repositories;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Inbound;

/// <summary>
/// What each of the handlers does about what it is told: <see cref="PushEvents"/>, <see cref="RepositoryEvents"/>, <see
/// cref="PipelineEvents"/> and the rest.
/// </summary>
public sealed class ProviderEventHandlersTests(PostgresFixture postgres)
{
    private static readonly RepositoryName Orders = new("shop", "orders");
    private static readonly string Commit = new('c', 40);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Push_ToAnUnknownRepository_MakesItsRowAndBelongsToTheTeamOfItsOrganisation()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        var push = new RepositoryPush(new RepositoryName("Billing", "new"), "main", null, Commit,
            "user:default/ada") { HostId = "9" };

        await Handler<PushEvents>(forge).PushedAsync("forge", push, Cancellation);

        Assert.Equal("Billing/new", (await forge.RowAsync("9")).Name);
        var told = await EventAsync(forge, "repository.pushed");
        Assert.Equal(("user:default/ada", "repository:forge/Billing/new", "group:default/billing"),
            (told.Actor, told.Subject, told.Owner));
    }

    [Fact]
    public async Task Push_ThatDeletesABranch_SaysSo()
    {
        await using var forge = await Forge.OpenAsync(postgres);

        await Handler<PushEvents>(forge)
            .PushedAsync("forge", new RepositoryPush(Orders, "mend", Commit, null, null) { HostId = "1" },
            Cancellation);

        var told = await EventAsync(forge, "repository.pushed");
        Assert.Equal(("Deleted branch mend of shop/orders", "component:default/orders", "group:default/orders"),
            (told.Summary, told.Subject, told.Owner));
    }

    [Theory]
    [InlineData(RepositoryChangeKind.Archived, "repository.archived", "Archived repository shop/orders at forge")]
    [InlineData(RepositoryChangeKind.Unarchived, "repository.unarchived", "Unarchived repository shop/orders at forge")]
    public async Task Repository_ArchivedOrNot_IsPutOnRecordOnce(
        RepositoryChangeKind kind, string action, string summary)
    {
        await using var forge = await Forge.OpenAsync(postgres);

        for (var i = 0; i < 2; i++)
        {
            await Handler<RepositoryEvents>(forge)
                .RepositoryChangedAsync("forge", new RepositoryChange(kind, Orders, null, null) { HostId = "1" },
                Cancellation);
        }

        var told = await EventAsync(forge, action);
        Assert.Equal((summary, "component:default/orders", "group:default/orders"),
            (told.Summary, told.Subject, told.Owner));
    }

    [Fact]
    public async Task Repository_ThatThePortalMadeOrDeleted_IsKnownAtOnceAndNoNews()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        var made = new Repository(Orders, "", "trunk", "http://forge/shop/orders.git", null, Commit, "mark",
            "group:default/shop") { HostId = "5" };

        await Handler<RepositoryEvents>(forge).RepositorySeenAsync("forge", made, isThere: true, Cancellation);
        Assert.Equal(("trunk", null), ((await forge.RowAsync("5")).DefaultBranch, (await forge.RowAsync("5")).GoneAt));
        Assert.NotNull((await forge.RowAsync("1")).GoneAt);
        await Handler<RepositoryEvents>(forge).RepositorySeenAsync("forge", made, isThere: false, Cancellation);
        Assert.NotNull((await forge.RowAsync("5")).GoneAt);

        await using var db = forge.Bench.Database.CreateDbContext();
        Assert.False(await db.Set<AuditEvent>().AnyAsync(e => e.Action.StartsWith("repository."), Cancellation));
    }

    [Fact]
    public async Task Pipeline_NewsThatComesLate_ChangesNothing()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        await forge.RunAsync("shop/orders", "1", "r");
        await using var db = forge.Bench.Database.CreateDbContext();
        var passed = (await db.Set<PipelineRun>().AsNoTracking().SingleAsync(Cancellation)).Info;

        await Handler<PipelineEvents>(forge)
            .PipelineRunChangedAsync("forge", passed with { Status = PipelineStatus.Running, FinishedAt = null },
            Cancellation);

        Assert.Equal(PipelineStatus.Passed,
            (await db.Set<PipelineRun>().AsNoTracking().SingleAsync(Cancellation)).Status);
    }

    [Fact]
    public async Task Pipeline_ToldByManyAtOnce_IsOneRowAndOneRepository()
    {
        await using var forge = await Forge.OpenAsync(postgres);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => forge.RunAsync("shop/else", "12", "r"))));

        await using var db = forge.Bench.Database.CreateDbContext();
        Assert.Equal((await forge.RowAsync("12")).Id,
            (await db.Set<PipelineRun>().SingleAsync(Cancellation)).RepositoryId);
        Assert.Single(await forge.RowsAsync(), r => r.Name == "shop/else");
    }

    [Fact]
    public async Task PullRequest_ThatProposedADescriptorAndIsClosed_MayBeProposedAgain()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        await using (var db = forge.Bench.Database.CreateDbContext())
        {
            await db.Set<FoundRepository>()
                .ExecuteUpdateAsync(s => s.SetProperty(r => r.PullRequestUrl, "https://forge.example/p/3"),
                Cancellation);
        }
        var change = new PullRequestChange(
            Orders, new PullRequest(3, "https://forge.example/p/3", "mend", "closed", Commit), "Add it", "closed",
            "user:default/ada");

        await forge.Bench.Get<IProviderEvents>()
            .PullRequestChangedAsync("forge", change with { PullRequest = change.PullRequest with { Url = "else" } },
            Cancellation);
        Assert.NotNull((await FoundAsync(forge)).PullRequestUrl);
        await forge.Bench.Get<IProviderEvents>().PullRequestChangedAsync("forge", change, Cancellation);

        Assert.Null((await FoundAsync(forge)).PullRequestUrl);
        await using var after = forge.Bench.Database.CreateDbContext();
        Assert.Equal("group:default/orders",
            (await after.Set<AuditEvent>().FirstAsync(e => e.Action == "pullrequest.closed", Cancellation)).Owner);
    }

    [Fact]
    public async Task Environment_OfAnotherInstanceWithTheSameId_IsLeftAlone()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        var info = new EnvironmentInfo(
            "orders-dev", "dev", Orders, EnvironmentStatus.Running, "http://there", Commit, null, "small", "mark", 0,
            null, DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch);

        await Handler<EnvironmentEvents>(forge).EnvironmentChangedAsync("smithy", info, Cancellation);
        await using (var db = forge.Bench.Database.CreateDbContext())
        {
            Assert.Equal(EnvironmentStatus.Creating,
                (await db.Set<PortalEnvironment>().SingleAsync(Cancellation)).Status);
        }
        await Handler<EnvironmentEvents>(forge).EnvironmentChangedAsync("forge", info, Cancellation);

        await using var after = forge.Bench.Database.CreateDbContext();
        Assert.Equal(("http://there", EnvironmentStatus.Running),
            await after.Set<PortalEnvironment>()
            .Select(e => new ValueTuple<string?, EnvironmentStatus>(e.Url, e.Status)).SingleAsync(Cancellation));
    }

    private static T Handler<T>(Forge forge) where T : ProviderEventHandler =>
        forge.Bench.Get<IEnumerable<ProviderEventHandler>>().OfType<T>().Single();

    private static async Task<AuditEvent> EventAsync(Forge forge, string action)
    {
        await using var db = forge.Bench.Database.CreateDbContext();
        return await db.Set<AuditEvent>().SingleAsync(e => e.Action == action, Cancellation);
    }

    private static async Task<FoundRepository> FoundAsync(Forge forge)
    {
        await using var db = forge.Bench.Database.CreateDbContext();
        return await db.Set<FoundRepository>().SingleAsync(Cancellation);
    }
}
