using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Delivery;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Tests.Environments;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Delivery;

/// <summary>
/// Whoever asks for the newest version of a service gets the same one, and never what nobody has merged.
/// </summary>
public sealed class NewestVersionTests(PostgresFixture postgres)
{
    private static readonly RepositoryName Orders = OrdersService.Repository;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("main", PipelineStatus.Passed, "app", true)]
    [InlineData("feature", PipelineStatus.Passed, "app", false)]
    [InlineData("main", PipelineStatus.Failed, "app", false)]
    [InlineData("main", PipelineStatus.Running, "app", false)]
    [InlineData("main", PipelineStatus.Passed, "coverage", false)]
    public async Task Find_ARunLaterThanTheLastVersion_IsItOnlyWhenMergedPassedAndWithTheArtifact(
        string branch, PipelineStatus status, string artifact, bool isIt)
    {
        await using var shop = await Shop.OpenAsync(postgres);
        await shop.HeardAsync("later", branch, status, artifact);

        var found = await shop.Get<NewestVersion>().FindAsync(shop.Host.Instance, Orders, Cancellation);

        Assert.Equal(isIt, found?.Id == "later");
    }

    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    public async Task RequestedEnvironment_WithALaterRunOfABranch_GetsWhatIsMergedAndStaysOnIt(string type)
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var merged = (await shop.Get<NewestVersion>().FindAsync(shop.Host.Instance, Orders, Cancellation))!;
        await shop.HeardAsync("unmerged", "feature", PipelineStatus.Passed, "app");

        var run = await shop.Get<RequestEnvironment>().ExecuteAsync(
            new EnvironmentRequest(Shop.Orders, "more", type, null, null, null), Shop.Pat, Cancellation);
        await shop.Bench.ExecuteAsync(run.Value);
        await shop.Get<DeliverVersions>().ExecuteAsync(Cancellation);

        Assert.Equal(merged.Id, Assert.Single(await shop.EnvironmentsAsync()).PipelineRunId);
    }

    [Fact]
    public async Task Find_AtAnotherHostWithTheSameName_IsThatHostsOwn()
    {
        await using var shop = await Shop.OpenAsync(postgres);

        Assert.Null(await shop.Get<NewestVersion>().FindAsync("elsewhere", Orders, Cancellation));
    }

    [Fact]
    public async Task State_OfAServiceWhoseBranchFails_IsThatOfItsDefaultBranch()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var merged = (await shop.Get<NewestVersion>().FindAsync(shop.Host.Instance, Orders, Cancellation))!;
        await shop.HeardAsync("broken", "feature", PipelineStatus.Failed, "app");

        var state = await shop.Get<NewestVersion>().StateOfAsync([merged.RepositoryId!.Value], Cancellation);

        Assert.Equal(merged.Id, Assert.Single(state).Id);
    }

    [Fact]
    public async Task Follow_ARowFromBeforeArtifactsWereKept_TakesThemOver()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        await using (var db = shop.Bench.Database.CreateDbContext())
        {
            await db.Database.ExecuteSqlAsync($"update pipeline_runs set artifacts = '{{}}'", Cancellation);
        }
        Assert.Null(await shop.Get<NewestVersion>().FindAsync(shop.Host.Instance, Orders, Cancellation));

        Assert.NotNull(await shop.Get<NewestVersion>().AskAsync(shop.Host.Instance, Orders, Cancellation));
    }

    [Fact]
    public async Task EnvironmentOfATemplate_WhereNothingHasPassed_FailsAndSaysWhatToDo()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        shop.Host.Pipeline = run => run with { Status = PipelineStatus.Failed, FinishedAt = DateTimeOffset.UnixEpoch };
        var input = new JsonObject { ["repository"] = Orders.ToString(), ["name"] = "more" };
        var proposal = new RunProposal(
            "More", RunSpec.Own("more", "More", "environment:create", input), input, EntityRef.Group("orders"));

        var run = await shop.Get<StartRun>().ExecuteAsync(proposal, Shop.Pat, Cancellation);
        await shop.Bench.ExecuteAsync(run.Value);

        Assert.StartsWith(
            "No pipeline of orders/orders has passed on its default branch and left an artifact named app.",
            (await shop.Bench.ReadAsync(run.Value)).Run.Failure,
            StringComparison.Ordinal);
        Assert.Empty(shop.Host.Created);
    }
}
