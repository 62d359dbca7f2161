using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.GoldenPaths;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Runs.Execution;
using Portal.Core.Shared;
using Portal.TestKit;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Runs.Execution;

/// <summary>Going on from the step that failed, with what was wrong put right.</summary>
public sealed class RetryTests(PostgresFixture postgres) : IDisposable
{
    private readonly TemplateOnDisk template = new("""
          parameters:
            - title: It
              required: [first, second, password]
              properties:
                first: { type: string }
                second: { type: string }
                password: { type: string, ui:field: Secret }
          steps:
            - { id: one, name: One, action: 'test:make', input: { name: '${{ parameters.first }}' } }
            - { id: two, name: Two, action: 'test:check', input: { name: '${{ parameters.second }}', secret: '${{ secrets.password }}' } }
        """);

    public void Dispose() => template.Dispose();

    [Fact]
    public async Task Retry_CorrectsWhatNoDoneStepUsed_AndGoesOnWithIt()
    {
        await using var bench = await BenchAsync();
        var run = await FailedAsync(bench);

        Assert.True((await RetryAsync(bench, run, new JsonObject { ["second"] = "good" })).IsOk);
        await bench.ExecuteAsync(run);

        var view = await bench.ReadAsync(run);
        Assert.Equal(RunStatus.Completed, view.Run.Status);
        Assert.Equal("good", (string?)JsonNode.Parse(view.Run.Values)!["second"]);
        Assert.Single(bench.World.Made);
        Assert.Equal(1, bench.World.Calls);
        Assert.Contains(
            await bench.EventsAsync(run), e => e.Message == "Ada asked to retry the run with corrected values.");
    }

    [Fact]
    public async Task Retry_CorrectingWhatADoneStepUsed_IsRefusedAndChangesNothing()
    {
        await using var bench = await BenchAsync();
        var run = await FailedAsync(bench);

        var refused = await RetryAsync(bench, run, new JsonObject { ["first"] = "other", ["second"] = "good" });

        Assert.Equal(("parameter-used", ErrorKind.Conflict), (refused.Error!.Code, refused.Error.Kind));
        Assert.Contains("first", refused.Error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("second", refused.Error.Message, StringComparison.Ordinal);
        var view = await bench.ReadAsync(run);
        Assert.Equal((RunStatus.Failed, "bad"), (view.Run.Status, (string?)JsonNode.Parse(view.Run.Values)!["second"]));
        // Saying the same again is no correction.
        Assert.True((await RetryAsync(bench, run, new JsonObject { ["first"] = "orders", ["second"] = "good" })).IsOk);
    }

    [Fact]
    public async Task Retry_WithAValueThatTheFormRefuses_NamesTheField()
    {
        await using var bench = await BenchAsync();
        var run = await FailedAsync(bench);

        var refused = await RetryAsync(bench, run, new JsonObject { ["second"] = 5 });

        Assert.Equal("/second", Assert.Single(refused.Error!.Fields).Path);
    }

    [Fact]
    public async Task Retry_AfterTheSecretsAreErased_WantsThemAgain()
    {
        await using var bench = await BenchAsync();
        var run = await FailedAsync(bench);
        await using (var db = bench.Database.CreateDbContext())
        {
            await db.Set<Run>().ExecuteUpdateAsync(s => s.SetProperty(r => r.Secrets, (byte[]?)null));
        }

        var refused = await RetryAsync(bench, run, new JsonObject { ["second"] = "good" });
        Assert.Equal("secrets-missing", refused.Error?.Code);
        Assert.Contains("password", refused.Error!.Message, StringComparison.Ordinal);

        Assert.True((await RetryAsync(
            bench, run, new JsonObject { ["second"] = "good" },
            new JsonObject { ["password"] = "new password" })).IsOk);
        await bench.ExecuteAsync(run);
        Assert.Equal(RunStatus.Completed, (await bench.ReadAsync(run)).Run.Status);
        Assert.Equal("new password", CheckAction.Seen);
        Assert.DoesNotContain("new password", await bench.DumpAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_OverASecretThatNoRetryNeeds_ErasesIt()
    {
        var clock = new QuickTimeProvider(20);
        await using var bench = await BenchAsync(clock);
        var run = await FailedAsync(bench);
        await SweepAsync();
        Assert.NotNull((await bench.ReadAsync(run)).Run.Secrets);

        clock.Advance(TimeSpan.FromHours(25));
        await SweepAsync();

        Assert.Null((await bench.ReadAsync(run)).Run.Secrets);

        Task SweepAsync() => ActivatorUtilities.CreateInstance<RunSweepJob>(bench.Get<IServiceProvider>())
            .SweepAsync(CancellationToken.None);
    }

    private Task<RunBench> BenchAsync(TimeProvider? clock = null) => RunBench.CreateAsync(postgres, new BenchSetup
    {
        Time = clock ?? TimeProvider.System,
        Settings = new Dictionary<string, string?> { ["Portal:Templates:Sources:0"] = template.Path },
        More = s => s.AddSingleton<IAction, CheckAction>(),
    });

    private static async Task<Guid> FailedAsync(RunBench bench)
    {
        var values = new JsonObject { ["first"] = "orders", ["second"] = "bad" };
        var started = await bench.Get<CreateFromTemplate>().ExecuteAsync(
            new CreateRequest(
                EntityRef.Parse("template:default/example"), values,
                new JsonObject { ["password"] = "correct horse" }), RunBench.Ada, CancellationToken.None);
        Assert.True(started.IsOk, started.Error?.Message);
        await bench.ExecuteAsync(started.Value);
        Assert.Equal("bad is bad.", (await bench.ReadAsync(started.Value)).Run.Failure);
        return started.Value;
    }

    private static Task<Result<Done>> RetryAsync(
        RunBench bench, Guid run, JsonObject values, JsonObject? secrets = null) =>
        bench.Get<RetryRun>().ExecuteAsync(
            run, new RetryRunRequest(values, secrets), RunBench.Ada, CancellationToken.None);

    /// <summary>Fails on what is called bad.</summary>
    private sealed class CheckAction : IAction
    {
        public static string? Seen { get; private set; }

        public ActionDescription Description { get; } = new(
            "test:check", "Checks.", new JsonObject { ["type"] = "object" }, new JsonObject { ["type"] = "object" },
            []);

        public Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
        {
            if (context.IsPlan) return Task.CompletedTask;
            Seen = context.Input["secret"]?.ToString();
            return context.Input["name"]!.ToString() is "bad"
                ? throw new ActionFailedException("bad is bad.")
                : Task.CompletedTask;
        }
    }
}
