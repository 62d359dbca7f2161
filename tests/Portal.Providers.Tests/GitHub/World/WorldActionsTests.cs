using System.Text.Json.Nodes;
using Portal.TestKit;
using Portal.TestKit.GitHub;

namespace Portal.Providers.Tests.GitHub.World;

public sealed class WorldActionsTests : IAsyncLifetime
{
    private const string Build = """
        name: Build
        run-name: Build ${{ inputs.what || github.ref_name }}
        on:
          push:
            branches: [main]
          workflow_dispatch:
            inputs:
              what: { type: string }
              status: { type: string, default: '0' }
        jobs:
          build:
            runs-on: ubuntu-latest
            steps:
              - uses: actions/checkout@v4
              - name: Say
                run: for i in $(seq 3); do echo "line $i"; done
              - run: exit ${{ inputs.status || 0 }}
              - name: Keep
                if: always()
                uses: actions/upload-artifact@v4
                with: { name: site, path: out }
          publish:
            needs: build
            runs-on: ubuntu-latest
            steps:
              - run: echo done
        """;

    private const string Slow = """
        on: workflow_dispatch
        jobs:
          wait:
            runs-on: ubuntu-latest
            steps:
              - run: sleep 600
              - run: echo never
        """;

    private GitHubWorld world = null!;
    private GitHubCaller caller = null!;

    public async ValueTask InitializeAsync()
    {
        world = await GitHubWorld.StartAsync();
        caller = await GitHubCaller.OfInstallationAsync(world);
        await world.AddRepositoryAsync(
            "shop/orders", (".github/workflows/build.yml", Build), (".github/workflows/slow.yml", Slow));
    }

    public async ValueTask DisposeAsync()
    {
        caller.Dispose();
        await world.DisposeAsync();
    }

    [Fact]
    public async Task Push_WorkflowOnPush_RunsWithItsCommit()
    {
        var sha = await world.PushAsync("shop/orders", "a.txt", "one");

        var run = (await caller.GetAsync($"repos/shop/orders/actions/runs?head_sha={sha}"))["workflow_runs"]![0]!;

        Assert.Equal(
            ("push", "completed", "success", 2),
            ((string)run["event"]!, (string)run["status"]!, (string)run["conclusion"]!, (int)run["run_number"]!));
        Assert.Equal("Build main", (string)run["display_title"]!);
        Assert.Equal("Change a.txt", (string)run["head_commit"]!["message"]!);
        world.AssertNoViolations();
    }

    [Fact]
    public async Task Dispatch_ReturnsDetailsWhenAsked_AndTheLogHasTheLines()
    {
        var made = await caller.PostAsync("repos/shop/orders/actions/workflows/build.yml/dispatches", new JsonObject
        {
            ["ref"] = "main", ["inputs"] = new JsonObject { ["what"] = "all" }, ["return_run_details"] = true
        });

        var run = await caller.GetAsync($"repos/shop/orders/actions/runs/{made["workflow_run_id"]}");
        var jobs = (await caller.GetAsync($"repos/shop/orders/actions/runs/{run["id"]}/jobs"))["jobs"]!.AsArray();
        var moved = await caller.SendAsync("GET", $"repos/shop/orders/actions/jobs/{jobs[0]!["id"]}/logs");

        Assert.Equal("Build all", (string)run["display_title"]!);
        Assert.Equal(["build", "publish"], jobs.Select(j => (string)j!["name"]!));
        Assert.Equal(
        [
            "Set up job", "Run actions/checkout@v4", "Say", "Run exit ${{ inputs.status || 0 }}", "Keep",
            "Complete job"
        ], jobs[0]!["steps"]!.AsArray().Select(s => (string)s!["name"]!));
        Assert.Equal(302, moved.Status);
        using var plain = new HttpClient();
        var log = await plain.GetStringAsync(moved.Headers["Location"]);
        Assert.Matches(@"(?m)^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z line 3$", log);
        var artifact =
            (await caller.GetAsync($"repos/shop/orders/actions/runs/{run["id"]}/artifacts"))["artifacts"]![0]!;
        Assert.Equal("site", (string)artifact["name"]!);
        world.AssertNoViolations();
    }

    [Fact]
    public async Task Dispatch_StepFails_LaterStepsAreSkippedUnlessAlways_AndTheJobThatNeedsItToo()
    {
        var run = await DispatchAsync("build.yml", new JsonObject { ["status"] = "3" });

        var jobs = (await caller.GetAsync($"repos/shop/orders/actions/runs/{run["id"]}/jobs"))["jobs"]!.AsArray();

        Assert.Equal("failure", (string)run["conclusion"]!);
        Assert.Equal(
            ["success", "success", "success", "failure", "success", "success"],
            jobs[0]!["steps"]!.AsArray().Select(s => (string)s!["conclusion"]!));
        Assert.Equal("skipped", (string)jobs[1]!["conclusion"]!);
        Assert.Equal(
            201,
            (await caller.SendAsync("POST", $"repos/shop/orders/actions/runs/{run["id"]}/rerun-failed-jobs")).Status);
        Assert.Equal(2, (int)(await caller.GetAsync($"repos/shop/orders/actions/runs/{run["id"]}"))["run_attempt"]!);
        world.AssertNoViolations();
    }

    [Theory]
    [InlineData("build.yml", """{"nobody":"x"}""", """Unexpected inputs provided: ["nobody"]""")]
    [InlineData("nothing.yml", "{}", "Not Found")]
    public async Task Dispatch_Wrong_IsRefusedInGitHubsWords(string workflow, string inputs, string message)
    {
        var refused = await caller.SendAsync(
            "POST", $"repos/shop/orders/actions/workflows/{workflow}/dispatches",
            new JsonObject { ["ref"] = "main", ["inputs"] = JsonNode.Parse(inputs) });

        Assert.Equal(message, (string)refused.Json!["message"]!);
    }

    [Fact]
    public async Task Dispatch_RunsAppearLater_IsFoundByItsIdAndNotYetListed()
    {
        world.RunsAppearAfter = TimeSpan.FromHours(1);

        var run = await DispatchAsync("build.yml", []);

        Assert.Equal("completed", (string)run["status"]!);
        Assert.Equal(0, (int)(await caller.GetAsync("repos/shop/orders/actions/runs"))["total_count"]!);
        world.RunsAppearAfter = TimeSpan.Zero;
        Assert.Equal([(long)run["id"]!], (await caller.GetAsync(
            "repos/shop/orders/actions/runs?event=workflow_dispatch"))["workflow_runs"]!.AsArray()
                .Select(r => (long)r!["id"]!));
        world.AssertNoViolations();
    }

    [Fact]
    public async Task Cancel_SleepingRun_EndsAsCancelled()
    {
        var run = await DispatchAsync("slow.yml", []);
        Assert.NotEqual("completed", (string)run["status"]!);

        Assert.Equal(
            202, (await caller.SendAsync("POST", $"repos/shop/orders/actions/runs/{run["id"]}/cancel")).Status);

        await Eventually.TrueAsync(async () => (string?)(await caller.GetAsync(
            $"repos/shop/orders/actions/runs/{run["id"]}"))["conclusion"] == "cancelled", "the end of the run");
        Assert.Equal(
            409, (await caller.SendAsync("POST", $"repos/shop/orders/actions/runs/{run["id"]}/cancel")).Status);
        world.AssertNoViolations();
    }

    [Fact]
    public async Task RunsScripts_ScriptIsRun_AndItsOutputIsTheLog()
    {
        world.RunsScripts = true;
        await world.PushAsync(
            "shop/orders", ".github/workflows/real.yml",
            "on: workflow_dispatch\njobs:\n  one:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          echo $((6 * 7))\n          test -e nothing\n");

        var run = await DispatchAsync("real.yml", []);

        await Eventually.TrueAsync(async () => (string?)(await caller.GetAsync(
            $"repos/shop/orders/actions/runs/{run["id"]}"))["conclusion"] == "failure", "the end of the run");
        var job = (await caller.GetAsync($"repos/shop/orders/actions/runs/{run["id"]}/jobs"))["jobs"]![0]!;
        using var plain = new HttpClient();
        var log = await plain.GetStringAsync(
            (await caller.SendAsync("GET", $"repos/shop/orders/actions/jobs/{job["id"]}/logs")).Headers["Location"]);
        Assert.Contains("Z 42\n", log, StringComparison.Ordinal);
    }

    private async Task<JsonNode> DispatchAsync(string workflow, JsonObject inputs)
    {
        var made = await caller.PostAsync(
            $"repos/shop/orders/actions/workflows/{workflow}/dispatches",
            new JsonObject { ["ref"] = "main", ["inputs"] = inputs, ["return_run_details"] = true });
        return await caller.GetAsync($"repos/shop/orders/actions/runs/{made["workflow_run_id"]}");
    }
}
