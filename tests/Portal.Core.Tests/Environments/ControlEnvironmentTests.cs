using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Activities;
using Portal.Core.Audit;
using Portal.Core.Delivery;
using Portal.Core.Entities;
using Portal.Core.Environments;
using Portal.Core.Environments.Usage;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Environments;

/// <summary>What people do to an environment is a run: proposed, planned, checked at once, executed, undone.</summary>
public sealed class ControlEnvironmentTests(PostgresFixture postgres)
{
    private static readonly Actor Stranger = new(EntityRef.User("sam"), "Sam", [EntityRef.Group("storefront")]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_RunningEnvironment_IsARunOfItWithAPlan()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync();

        var started = await Control(shop).ExecuteAsync(id, OperationRequest.Stop, RunBench.Ada, Cancellation);

        Assert.DoesNotContain("stop environment", shop.Host.Changes);
        var run = (await shop.Bench.ReadAsync(started.Value)).Run;
        Assert.Equal(
            ("Stop environment dev of orders", $"environment:{id}", "group:default/orders", "user:default/ada"),
            (run.Title, run.Subject, run.Owner, run.CreatedBy));
        Assert.NotNull(run.PlanHash);
        await shop.Bench.ExecuteAsync(run.Id);
        Assert.Equal(RunStatus.Completed, (await shop.Bench.ReadAsync(run.Id)).Run.Status);
        Assert.Equal(EnvironmentStatus.Stopped, (await shop.EnvironmentAsync(id)).Status);
        Assert.Single(shop.Host.Changes, "stop environment");
        await using var db = shop.Bench.Database.CreateDbContext();
        Assert.False(await db.Set<UsageInterval>().AnyAsync(u => u.To == null, Cancellation));
    }

    [Fact]
    public async Task Start_StoppedEnvironment_RunsAndIsMetered()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await StoppedAsync(shop);

        await shop.DoneAsync(Control(shop).ExecuteAsync(id, OperationRequest.Start, RunBench.Ada, Cancellation));

        Assert.Equal(EnvironmentStatus.Running, (await shop.EnvironmentAsync(id)).Status);
        await using var db = shop.Bench.Database.CreateDbContext();
        Assert.True(await db.Set<UsageInterval>().AnyAsync(u => u.To == null, Cancellation));
    }

    [Theory]
    [InlineData(true, "environment-state", "The environment dev is running; it cannot be started.")]
    [InlineData(false, "environment-state", "The environment dev is stopped; it cannot be stopped.")]
    public async Task Switch_WhatIsSoAlready_IsRefusedAndStartsNoRun(bool runs, string code, string words)
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = runs ? await shop.HasEnvironmentAsync() : await StoppedAsync(shop);
        var before = await RunsAsync(shop);

        var refused = runs
            ? await Control(shop).ExecuteAsync(id, OperationRequest.Start, RunBench.Ada, Cancellation)
            : await Control(shop).ExecuteAsync(id, OperationRequest.Stop, RunBench.Ada, Cancellation);

        Assert.Equal((code, words), (refused.Error!.Code, refused.Error.Message));
        Assert.Equal(before, await RunsAsync(shop));
    }

    [Fact]
    public async Task Any_OfWhatIsNotTheirsOrNotThere_IsRefusedAndStartsNoRun()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync();
        var control = Control(shop);

        foreach (
            var (environment, actor, kind) in new[] { (id, Stranger, ErrorKind.Forbidden), (
                "none", RunBench.Ada, ErrorKind.NotFound) })
        {
            Assert.Equal(
                kind,
                (await control.ExecuteAsync(environment, OperationRequest.Stop, actor, Cancellation)).Error?.Kind);
            Assert.Equal(
                kind,
                (await control.ExecuteAsync(environment, OperationRequest.Extend(null), actor, Cancellation))
                    .Error?.Kind);
            Assert.Equal(
                kind,
                (await control.ExecuteAsync(environment, OperationRequest.Release, actor, Cancellation)).Error?.Kind);
            Assert.Equal(
                kind,
                (await control.ExecuteAsync(environment, OperationRequest.Destroy(), actor, Cancellation)).Error?.Kind);
        }
        Assert.Equal(0, await RunsAsync(shop));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(366)]
    public async Task Extend_ByWhatNoEnvironmentMayHave_IsRefusedAndStartsNoRun(int days)
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync();

        var refused = await Control(shop)
            .ExecuteAsync(id, OperationRequest.Extend(TimeSpan.FromDays(days)), RunBench.Ada, Cancellation);

        Assert.Equal(("lifetime-invalid", ErrorKind.Invalid), (refused.Error!.Code, refused.Error.Kind));
        Assert.Equal(0, await RunsAsync(shop));
    }

    [Fact]
    public async Task Extend_ToAnEndThatIsSooner_IsRefusedUnlessItIsMeant()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync();

        Assert.Equal("environment-ends-later", (await ExtendAsync(7)).Error?.Code);
        await shop.DoneAsync(ExtendAsync(7, sooner: true));
        var end = (await shop.EnvironmentAsync(id)).ExpiresAt;
        Assert.Equal("environment-ends-later", (await ExtendAsync(1)).Error?.Code);
        Assert.Equal(end, (await shop.EnvironmentAsync(id)).ExpiresAt);

        await shop.DoneAsync(ExtendAsync(8));
        Assert.True((await shop.EnvironmentAsync(id)).ExpiresAt > end);
        await shop.DoneAsync(Control(shop).ExecuteAsync(
            id, OperationRequest.Extend(null), RunBench.Ada, Cancellation));
        Assert.Null((await shop.EnvironmentAsync(id)).ExpiresAt);
        Assert.Equal("environment-ends-later", (await ExtendAsync(30)).Error?.Code);

        Task<Result<Guid>> ExtendAsync(int days, bool sooner = false) => Control(shop).ExecuteAsync(
            id, OperationRequest.Extend(TimeSpan.FromDays(days), sooner), RunBench.Ada, Cancellation);
    }

    [Fact]
    public async Task Extend_WhatIsMovedFurtherMeanwhile_KeepsTheLaterEnd()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync();
        var soon = DateTimeOffset.UtcNow.AddHours(1);
        await EndsAsync(soon);
        var run = await Control(shop).ExecuteAsync(
            id, OperationRequest.Extend(TimeSpan.FromDays(1)), RunBench.Ada, Cancellation);
        Assert.True(run.IsOk, run.Error?.ToString());
        // By another, after this one was proposed.
        await EndsAsync(soon.AddDays(30));

        await shop.Bench.ExecuteAsync(run.Value);

        Assert.InRange(
            (await shop.EnvironmentAsync(id)).ExpiresAt!.Value, soon.AddDays(29), soon.AddDays(31));

        async Task EndsAsync(DateTimeOffset end)
        {
            await using var db = shop.Bench.Database.CreateDbContext();
            await db.Set<PortalEnvironment>().Where(e => e.Id == id)
                .ExecuteUpdateAsync(s => s.SetProperty(e => e.ExpiresAt, end));
        }
    }

    [Fact]
    public async Task Second_WhileOneIsUnderWay_IsAConflictThatLinksIt()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync();
        var first = (await Control(shop).ExecuteAsync(id, OperationRequest.Stop, RunBench.Ada, Cancellation)).Value;

        var second = await Control(shop)
            .ExecuteAsync(id, OperationRequest.Extend(null), Shop.Pat, Cancellation);

        Assert.Equal(("run-under-way", ErrorKind.Conflict), (second.Error!.Code, second.Error.Kind));
        Assert.Contains(
            $"Stop environment dev of orders is under way (/runs/{first})", second.Error.Message,
            StringComparison.Ordinal);
        await shop.Bench.ExecuteAsync(first);
        await shop.DoneAsync(
            Control(shop).ExecuteAsync(id, OperationRequest.Extend(null), Shop.Pat, Cancellation));
    }

    [Fact]
    public async Task Many_AtTheSameInstant_TheDatabaseLetsOneIn()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync();

        var all = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(
                _ =>
                    Task.Run(() => Control(shop).ExecuteAsync(id, OperationRequest.Stop, RunBench.Ada, Cancellation))));

        Assert.Single(all, r => r.IsOk);
        Assert.All(all.Where(r => !r.IsOk), r => Assert.Equal("run-under-way", r.Error!.Code));
        Assert.Equal(1, await RunsAsync(shop));
    }

    [Fact]
    public async Task UndoAndRetry_WhileAnotherIsUnderWay_AreConflictsToo()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync();
        var stopped = await shop.DoneAsync(
            Control(shop).ExecuteAsync(id, OperationRequest.Stop, RunBench.Ada, Cancellation));
        shop.Host.OnOperation = _ => throw ProviderException.Invalid("no-room", "There is no room.");
        var failed = await shop.DoneAsync(
            Control(shop).ExecuteAsync(id, OperationRequest.Start, RunBench.Ada, Cancellation));
        Assert.Equal((RunStatus.Failed, "There is no room."), (failed.Run.Status, failed.Run.Failure));
        var extending = (
            await Control(shop).ExecuteAsync(id, OperationRequest.Extend(null), RunBench.Ada, Cancellation)).Value;

        var undo = await shop.Get<UndoRun>().StartAsync(stopped.Run.Id, RunBench.Ada, Cancellation);
        var retry = await shop.Get<RetryRun>()
            .ExecuteAsync(failed.Run.Id, new RetryRunRequest(), RunBench.Ada, Cancellation);

        Assert.All(
            [undo.Error, retry.Error],
            e => Assert.Contains($"/runs/{extending}", e!.Message, StringComparison.Ordinal));
        Assert.Equal(RunStatus.Completed, (await shop.Bench.ReadAsync(stopped.Run.Id)).Run.Status);
    }

    [Fact]
    public async Task Undo_OfEach_BringsBackWhatWasBefore()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync();
        var control = Control(shop);

        var stop = await shop.DoneAsync(control.ExecuteAsync(id, OperationRequest.Stop, RunBench.Ada, Cancellation));
        await UndoneAsync(shop, stop.Run.Id, "The environment dev of orders is started again.");
        Assert.Equal(EnvironmentStatus.Running, (await shop.EnvironmentAsync(id)).Status);

        var first = await shop.DoneAsync(
            control.ExecuteAsync(
                id, OperationRequest.Extend(TimeSpan.FromDays(2), sooner: true), RunBench.Ada, Cancellation));
        var end = (await shop.EnvironmentAsync(id)).ExpiresAt;
        var second = await shop.DoneAsync(
            control.ExecuteAsync(id, OperationRequest.Extend(TimeSpan.FromDays(7)), RunBench.Ada, Cancellation));
        await UndoneAsync(
            shop, second.Run.Id,
            $"The environment dev of orders gets its end from before again: until {end:yyyy-MM-dd HH:mm} UTC.");
        Assert.Equal(end, (await shop.EnvironmentAsync(id)).ExpiresAt);
        await UndoneAsync(
            shop, first.Run.Id, "The environment dev of orders gets its end from before again: without an end.");
        Assert.Null((await shop.EnvironmentAsync(id)).ExpiresAt);
    }

    [Fact]
    public async Task Undo_OfADestruction_SaysThatItCannotBe()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync();
        var run = await shop.DoneAsync(
            Control(shop).ExecuteAsync(id, OperationRequest.Destroy(), RunBench.Ada, Cancellation));

        var item = Assert.Single(
            (await shop.Get<UndoRun>().PreviewAsync(run.Run.Id, RunBench.Ada, Cancellation)).Value);

        Assert.Equal(
            (
                false,
                "The environment dev of orders is destroyed with its data; that cannot be undone. Ask for a new one."),
            (item.Preview.IsRemoved, item.Preview.Sentence));
    }

    [Theory]
    [InlineData(
        "environment:stop", "-7.30 EUR",
        "Nobody reaches it while it is stopped, and it gets no new version. It keeps its data.")]
    [InlineData("environment:start", "", null)]
    [InlineData("environment:extend", "", "It has no end any more.")]
    [InlineData(
        "environment:destroy", "-7.30 EUR",
        "What runs, its address, its data and its log go away. This cannot be undone.")]
    public async Task Plan_OfEach_SaysWhatItSavesAndWhatGoes(string action, string monthly, string? note)
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync();

        var plan = await PlanAsync(shop, action, new JsonObject { ["environment"] = id }, RunBench.Ada);

        Assert.Equal(monthly, string.Join(' ', plan.Value.Monthly));
        Assert.Equal(note, Assert.Single(plan.Value.Effects).Note);
        Assert.DoesNotContain(shop.Host.Changes, c => c.EndsWith(" environment", StringComparison.Ordinal));
    }

    /// <summary>A template may leave the id to who fills in its form.</summary>
    [Theory]
    [InlineData("environment:stop")]
    [InlineData("environment:destroy")]
    [InlineData("environment:deploy")]
    public async Task Step_OnSomebodyElsesEnvironment_IsRefusedInThePlan(string action)
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync();
        var input = new JsonObject { ["environment"] = id };
        if (action == "environment:deploy") input["pipelineRun"] = "run-1";

        var refused = await PlanAsync(shop, action, input, Stranger);

        Assert.Contains(
            "The environment dev of orders: You may not do this (environment.change)", refused.Error!.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_WhatAnotherRepositoryBuilt_IsRefused()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync();
        var author = new CommitAuthor("Ada", "ada@example.org", DateTimeOffset.UnixEpoch);
        var theirs = new RepositoryName("storefront", "shop");
        await shop.Host.CreateAsync(
            new CreateRepository(
                theirs, "", "main", Portal.Core.Shared.Files.FileTree.Empty, "First", author, "earlier",
                "group:default/storefront"),
            Cancellation);
        var built = await shop.Host.TriggerAsync(new TriggerPipeline(theirs, "ci.yml", "main", "theirs"), Cancellation);

        var run = await RunAsync(
            shop, "environment:deploy", new JsonObject { ["environment"] = id, ["pipelineRun"] = built.Id });

        Assert.Equal(
            (RunStatus.Failed, $"The pipeline run {built.Id} is not one of orders/orders. Name one that is."),
            (run.Run.Status, run.Run.Failure));
        Assert.DoesNotContain("deploy environment", shop.Host.Changes);
    }

    /// <summary>The repository is gone, and another has its name by now.</summary>
    [Fact]
    public async Task Deploy_WhatANamesakeBuilt_IsRefusedInThePlan()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync();
        await using var db = shop.Bench.Database.CreateDbContext();
        await db.Set<RepositoryRow>()
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.GoneAt, DateTimeOffset.UtcNow), Cancellation);
        var namesake = new RepositoryRow { Provider = "local", Name = "orders/orders" };
        db.Add(namesake);
        await db.SaveChangesAsync(Cancellation);
        await db.Set<PipelineRun>()
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.RepositoryId, namesake.Id), Cancellation);

        var input = new JsonObject { ["environment"] = id, ["pipelineRun"] = "run-1" };
        var refused = await PlanAsync(shop, "environment:deploy", input, RunBench.Ada);

        Assert.Equal("pipeline-of-another", refused.Error?.Code);
    }

    [Theory]
    [InlineData("environment:create", "stage")]
    [InlineData("environment:adopt", "production")]
    public async Task Step_WithATypeThatFormsRefuse_IsRefusedToo(string action, string type)
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var input = new JsonObject { ["repository"] = "orders/orders", ["type"] = type };
        if (action == "environment:adopt") input["externalId"] = "/groups/orders-test";

        var refused = await PlanAsync(shop, action, input, Shop.Pat);

        Assert.Contains("'type'", refused.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activity_EachChangeOnce_TellsAnOperationInOneLine()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync();
        await shop.DoneAsync(Control(shop).ExecuteAsync(id, OperationRequest.Stop, RunBench.Ada, Cancellation));

        var once = await shop.Get<ReadActivity>().ListAsync(
            new ActivityFilter { Search = "dev of orders", EachChangeOnce = true }, RunBench.Ada, Cancellation);
        var all = await shop.Get<ReadActivity>()
            .ListAsync(new ActivityFilter { Search = "dev of orders" }, RunBench.Ada, Cancellation);

        var told = Assert.Single(once.Value.Items);
        Assert.Equal(
            ("environment.stopped", "Stopped environment dev of orders", "user:default/ada", $"environment:{id}"),
            (told.Action, told.Summary, told.Actor, told.Subject));
        Assert.Equal(
            ["operation.completed", "environment.stop", "environment.stopped", "operation.started"],
            all.Value.Items.Select(e => e.Action));
    }

    [Fact]
    public async Task Undo_OfARunThatFailed_IsToldOnlyWhereSomethingComesBack()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var id = await shop.HasEnvironmentAsync();
        shop.Host.OnOperation = _ => throw ProviderException.Invalid("no-room", "There is no room.");
        var failed = await shop.DoneAsync(
            Control(shop).ExecuteAsync(id, OperationRequest.Stop, RunBench.Ada, Cancellation));
        shop.Host.OnOperation = null;

        await UndoneAsync(shop, failed.Run.Id, "The environment dev of orders is running again already.");

        Assert.DoesNotContain("start environment", shop.Host.Changes);
    }

    private static ControlEnvironment Control(Shop shop) => shop.Get<ControlEnvironment>();

    private async Task<string> StoppedAsync(Shop shop)
    {
        var id = await shop.HasEnvironmentAsync();
        await shop.DoneAsync(Control(shop).ExecuteAsync(id, OperationRequest.Stop, RunBench.Ada, Cancellation));
        return id;
    }

    private static async Task<int> RunsAsync(Shop shop)
    {
        await using var db = shop.Bench.Database.CreateDbContext();
        return await db.Set<Run>().CountAsync(Cancellation);
    }

    private static async Task UndoneAsync(Shop shop, Guid run, string sentence)
    {
        var undo = shop.Get<UndoRun>();
        Assert.Equal(
            sentence, Assert.Single((await undo.PreviewAsync(run, RunBench.Ada, Cancellation)).Value).Preview.Sentence);
        Assert.True((await undo.StartAsync(run, RunBench.Ada, Cancellation)).IsOk);
        await shop.Bench.ExecuteAsync(run);
        Assert.Equal(RunStatus.Undone, (await shop.Bench.ReadAsync(run)).Run.Status);
    }

    private static Task<Result<RunPlan>> PlanAsync(Shop shop, string action, JsonObject input, Actor actor) =>
        shop.Get<PlanRun>().PlanAsync(Proposal(action, input), actor, Cancellation);

    private static async Task<RunView> RunAsync(Shop shop, string action, JsonObject input) =>
        await shop.DoneAsync(shop.Get<StartRun>().ExecuteAsync(Proposal(action, input), RunBench.Ada, Cancellation));

    private static RunProposal Proposal(string action, JsonObject input) =>
        new("Something", RunSpec.Own("step", "Step", action, input), [], EntityRef.Group("orders"));
}
