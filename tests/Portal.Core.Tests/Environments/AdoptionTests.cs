using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Environments;
using Portal.Core.Environments.Usage;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Environments;

public sealed class AdoptionTests(PostgresFixture postgres)
{
    private const string Group = "/groups/orders-test";

    private static readonly AdoptionRequest Wanted = new(
        "local", Group, Shop.Orders, "test", "test", "It was here before.");

    [Fact]
    public async Task Offer_SomethingThere_SaysWhatWouldChangeAndChangesNothing()
    {
        await using var shop = await Shop.OpenAsync(postgres);

        var offer = (await shop.Get<RequestAdoption>().OfferAsync(Wanted, Shop.Pat, CancellationToken.None)).Value;

        Assert.Equal(
            ["tags.portal-environment: added orders-test-xxxxxx"], Assert.Single(offer.Plan.Resources).Details);
        Assert.Contains("xxxxxx stands for", offer.Plan.Note, StringComparison.Ordinal);
        Assert.Equal("owner=orders", shop.Adoption.Tags[Group]);
        Assert.Empty(await shop.EnvironmentsAsync());
    }

    [Theory]
    [InlineData("Test", "test", "/name")]
    [InlineData("test", "stage", "/type")]
    public async Task Offer_WrongField_NamesIt(string name, string type, string path)
    {
        await using var shop = await Shop.OpenAsync(postgres);

        var offer = await shop.Get<RequestAdoption>().OfferAsync(
            Wanted with { Name = name, Type = type }, Shop.Pat, CancellationToken.None);

        Assert.Equal([path], offer.Error!.Fields.Select(f => f.Path));
    }

    [Fact]
    public async Task Adopt_MemberOfATeam_IsForbiddenInEveryWay()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var adoption = shop.Get<RequestAdoption>();

        Assert.False(await adoption.MayAsync(RunBench.Ada, CancellationToken.None));
        Assert.Equal(
            ErrorKind.Forbidden, (await adoption.ListAsync("local", RunBench.Ada, CancellationToken.None)).Error!.Kind);
        Assert.Equal(
            ErrorKind.Forbidden, (await adoption.OfferAsync(Wanted, RunBench.Ada, CancellationToken.None)).Error!.Kind);
        Assert.Equal(
            ErrorKind.Forbidden,
            (await adoption.ExecuteAsync(Wanted, RunBench.Ada, CancellationToken.None)).Error!.Kind);
    }

    /// <summary>A template may leave the id to who fills in its form.</summary>
    [Fact]
    public async Task AdoptAction_StartedByAMemberOfATeam_FailsAndTouchesNothing()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var input = new System.Text.Json.Nodes.JsonObject { ["externalId"] = Group, ["repository"] = "orders/orders" };
        var run = await shop.Bench.StartAsync([new StepSpec("adopt", "Adopt", "environment:adopt", input)]);

        await shop.Bench.ExecuteAsync(run);

        var view = await shop.Bench.ReadAsync(run);
        Assert.Equal(RunStatus.Failed, view.Run.Status);
        Assert.Contains(
            "Only who may change every team's environments may adopt one", view.Run.Failure, StringComparison.Ordinal);
        Assert.Equal("owner=orders", shop.Adoption.Tags[Group]);
    }

    [Fact]
    public async Task Execute_Run_MakesARowWithItsOriginAndWithoutAMeter()
    {
        await using var shop = await Shop.OpenAsync(postgres);

        await AdoptAsync(shop);

        var row = Assert.Single(await shop.EnvironmentsAsync());
        Assert.Equal(
            (Group, "adopted", 0m, EnvironmentStatus.Running, false),
            (row.AdoptedFrom, row.Size, row.PricePerHour, row.Status, row.FollowsDefaultBranch));
        Assert.Equal($"owner=orders,portal-environment={row.Id}", shop.Adoption.Tags[Group]);
        Assert.Equal("group:default/orders", shop.Adoption.Adopted[0].Labels["portal.owner"]);
        await using var db = shop.Bench.Database.CreateDbContext();
        Assert.False(await db.Set<UsageInterval>().AnyAsync());
        Assert.Contains("environment.adopted", await db.Set<AuditEvent>().Select(e => e.Action).ToListAsync());
    }

    [Fact]
    public async Task Undo_AdoptedEnvironment_GivesItBackAndDestroysNothing()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var run = await AdoptAsync(shop);
        var undo = shop.Get<UndoRun>();
        var item = Assert.Single((await undo.PreviewAsync(run, Shop.Pat, CancellationToken.None)).Value);
        Assert.Equal(
            (false, "The environment test of orders goes on running; only the portal's marks on it go, and it leaves the portal."),
            (item.Preview.IsRemoved, item.Preview.Sentence));

        Assert.True((await undo.StartAsync(run, Shop.Pat, CancellationToken.None)).IsOk);
        await shop.Bench.ExecuteAsync(run);

        Assert.Equal(RunStatus.Undone, (await shop.Bench.ReadAsync(run)).Run.Status);
        Assert.Equal("owner=orders", shop.Adoption.Tags[Group]);
        Assert.DoesNotContain("destroy environment", shop.Host.Changes);
        Assert.True(Assert.Single(await shop.EnvironmentsAsync()).IsReleased);
    }

    [Fact]
    public async Task Undo_AfterItWasRefusedAsAnothers_LeavesTheOthersMarks()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        shop.Adoption.Trouble = ProviderException.Conflict("environment-adopted", "It is another portal's.");
        var run = await AdoptAsync(shop);
        Assert.Equal(RunStatus.Failed, (await shop.Bench.ReadAsync(run)).Run.Status);
        shop.Adoption.Tags[Group] = "owner=orders,portal-environment=another";

        Assert.True((await shop.Get<UndoRun>().StartAsync(run, Shop.Pat, CancellationToken.None)).IsOk);
        await shop.Bench.ExecuteAsync(run);

        Assert.Equal("owner=orders,portal-environment=another", shop.Adoption.Tags[Group]);
    }

    [Fact]
    public async Task Release_AdoptedEnvironment_BringsBackWhatWasBefore()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        await AdoptAsync(shop);
        var id = (await shop.EnvironmentsAsync())[0].Id;

        var run = await shop.DoneAsync(shop.Get<ControlEnvironment>().ExecuteAsync(
            id, OperationRequest.Release, RunBench.Ada, CancellationToken.None));

        Assert.Equal(RunStatus.Completed, run.Run.Status);

        Assert.Equal("owner=orders", shop.Adoption.Tags[Group]);
        Assert.True((await shop.EnvironmentAsync(id)).IsReleased);
        await using var db = shop.Bench.Database.CreateDbContext();
        Assert.Contains("Released environment test of orders", await db.Set<AuditEvent>()
            .Where(e => e.Action == "environment.released").Select(e => e.Summary).ToListAsync());
    }

    [Fact]
    public async Task Release_MadeByThePortal_SaysToDestroyIt()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync();

        Assert.Equal("environment-not-adopted", (await shop.Get<ControlEnvironment>().ExecuteAsync(
            id, OperationRequest.Release, RunBench.Ada, CancellationToken.None)).Error!.Code);
    }

    [Fact]
    public async Task Destroy_AdoptedEnvironment_OnlyWhenThatIsSaid()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        await AdoptAsync(shop);
        var id = (await shop.EnvironmentsAsync())[0].Id;
        var control = shop.Get<ControlEnvironment>();

        Assert.Equal("environment-adopted", (await control.ExecuteAsync(
            id, OperationRequest.Destroy(), RunBench.Ada, CancellationToken.None)).Error!.Code);
        Assert.DoesNotContain("destroy environment", shop.Host.Changes);
        await shop.DoneAsync(
            control.ExecuteAsync(id, OperationRequest.Destroy(adoptedToo: true), RunBench.Ada, CancellationToken.None));

        var gone = await shop.EnvironmentAsync(id);
        Assert.Equal((EnvironmentStatus.Destroyed, false), (gone.Status, gone.IsReleased));
    }

    [Fact]
    public async Task DestroyExpired_AdoptedEnvironment_IsGivenBack()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        await AdoptAsync(shop);
        var id = (await shop.EnvironmentsAsync())[0].Id;
        await using (var db = shop.Bench.Database.CreateDbContext())
        {
            await db.Set<PortalEnvironment>().Where(e => e.Id == id)
                .ExecuteUpdateAsync(s => s.SetProperty(e => e.ExpiresAt, DateTimeOffset.UnixEpoch));
        }

        Assert.Equal(1, await shop.Get<ControlEnvironment>().DestroyExpiredAsync(CancellationToken.None));
        Assert.Equal(1, await shop.WorkOffAsync());

        Assert.DoesNotContain("destroy environment", shop.Host.Changes);
        Assert.Equal("owner=orders", shop.Adoption.Tags[Group]);
        Assert.True((await shop.EnvironmentAsync(id)).IsReleased);
    }

    private static async Task<Guid> AdoptAsync(Shop shop)
    {
        var run = (await shop.Get<RequestAdoption>().ExecuteAsync(Wanted, Shop.Pat, CancellationToken.None)).Value;
        await shop.Bench.ExecuteAsync(run);
        return run;
    }
}
