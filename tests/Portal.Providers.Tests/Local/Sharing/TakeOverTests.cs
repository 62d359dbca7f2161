using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Local;
using Portal.Providers.Local.Environments;
using Portal.Providers.Local.Processes;
using Portal.TestKit;

namespace Portal.Providers.Tests.Local.Sharing;

/// <summary>The keeper is a process of its own, and is killed or stopped.</summary>
public sealed class TakeOverTests : IDisposable
{
    private const int Stop = 19;
    private const int Continue = 18;

    private static readonly RepositoryName Repository = new("shop", "orders");

    private readonly string data = SharedHost.NewData();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task Keeper_Killed_AnotherProcessGoesOnWithItsEnvironmentAndItsRun()
    {
        var (doomed, _) = await DoomedHost.StartAsync("keep", data);
        using var killed = doomed;
        await using var next = await SharedHost.StartAsync(data);
        Assert.False(next.IsKeeping);
        await next.Repositories.CreateAsync(SharedHost.Repository(Repository, Files()), Cancellation);
        var build = await PassAsync(next, await TriggerAsync(next, "works.yml"));
        var made = await next.Environments.CreateAsync(
            new CreateEnvironment(
                "env-shared", "dev", "dev", Repository, Version(build), "small", "mark",
                new Dictionary<string, string>()), Cancellation);
        try
        {
            var waits = await TriggerAsync(next, "waits.yml");
            await Eventually.TrueAsync(async () => (await next.Pipelines.ReadLogAsync(waits, 0, 100, Cancellation)).Any(
                l => l.Text == "waiting"), "the step to run");
            var silent = await PassAsync(next, await TriggerAsync(next, "silent.yml"));
            var deploy = next.Environments.DeployAsync(made.Id, Version(silent), Cancellation);
            await Eventually.TrueAsync(async () => (await next.Environments.ReadLogAsync(
                made.Id, 0, 1000, Cancellation)).Any(l => l.Text == "silent"), "the trial");

            Assert.Equal(2, SandboxesOf(made.Id).Count);
            doomed.Kill();
            var lost = await Assert.ThrowsAsync<ProviderException>(() => deploy);
            Assert.Equal("local-keeper-lost", lost.Error.Code);
            Directory.CreateDirectory(Path.Combine(data, "packages"));
            await File.WriteAllTextAsync(Path.Combine(data, "packages", "job.env"), "AGAIN=yes\n", Cancellation);

            var found = await next.Environments.FindAsync(made.Id, Cancellation);
            Assert.True(next.IsKeeping);
            Assert.Equal(
                (made.Url, build, EnvironmentStatus.Running, "mark", 0),
                (found!.Url, found.PipelineRunId, found.Status, found.Mark, found.Restarts));
            Assert.Single(SandboxesOf(made.Id));
            using var client = new HttpClient();
            Assert.Equal("works", await client.GetStringAsync(new Uri(made.Url!), Cancellation));
            await PassAsync(next, waits);
            Assert.Contains(
                await next.Pipelines.ReadLogAsync(waits, 0, 100, Cancellation),
                l => l.Text.Contains("attempt 2 starts from the beginning", StringComparison.Ordinal));
        }
        finally
        {
            await next.Environments.DestroyAsync(made.Id, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Keeper_Stopped_CallsEndByThemselvesAndGoOnWithIt()
    {
        var (doomed, _) = await DoomedHost.StartAsync("keep", data);
        using var stopped = doomed;
        await using var forwarder =
            await SharedHost.StartAsync(data, Probe.Register(new Probe("near"), patience: TimeSpan.FromSeconds(1)));
        Assert.Null(await forwarder.Environments.FindAsync("none", Cancellation));

        doomed.Signal(Stop);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => forwarder.Environments.FindAsync("none", deadline.Token));
        var missing =
            await Assert.ThrowsAsync<ProviderException>(() => forwarder.Environments.FindAsync("none", Cancellation));
        Assert.Equal(
            ("local-keeper-missing", true, false), (missing.Error.Code, missing.IsTransient, missing.MayHaveHappened));
        Assert.False(forwarder.IsKeeping);

        doomed.Signal(Continue);
        Assert.Null(await forwarder.Environments.FindAsync("none", Cancellation));
    }

    /// <summary>Each has processes of its own.</summary>
    private List<string?> SandboxesOf(string id)
    {
        var tag = new EnvironmentProcess(
            new ProcessSandbox(TimeProvider.System), new LocalFolders(Path.Combine(data, "local")),
            new Ports()).TagPrefix(id);
        return [.. ProcessTable.FindByTag(tag, prefix: true).Select(ProcessTable.Namespace)
            .Where(n => n != ProcessTable.Namespace(Environment.ProcessId)).Distinct()];
    }

    private (string Path, string Text)[] Files()
    {
        const string folder = ".github/workflows/";
        string Workflow(string step) =>
            $"on: workflow_dispatch\njobs: {{ build: {{ runs-on: ubuntu-latest, steps: [{step}] }} }}\n";
        string Upload(string path) => Workflow(
            $"{{ uses: actions/checkout@v4 }}, {{ uses: actions/upload-artifact@v4, with: {{ name: app, path: {path} }} }}");
        return
        [
            (folder + "works.yml", Upload("works")), (folder + "silent.yml", Upload("silent")),
            (folder + "waits.yml", Workflow($"{{ run: 'echo waiting; test -n \"$AGAIN\" || sleep 600' }}")),
            ("works/main.js", FakeArtifacts.Service("works")),
            ("silent/main.js", "console.log('silent'); setInterval(() => {}, 1000);"),
            ("score.yaml", FakeArtifacts.Score),
        ];
    }

    private static async Task<string> TriggerAsync(SharedHost host, string workflow) =>
        (await host.Pipelines.TriggerAsync(
            new TriggerPipeline(Repository, workflow, "main", Guid.NewGuid().ToString()), Cancellation)).Id;

    private static async Task<string> PassAsync(SharedHost host, string run)
    {
        var ended = await Eventually.GetAsync(
            async () => await host.Pipelines.FindAsync(run, Cancellation) is { IsFinished: true } found ? found : null,
            "the run");
        Assert.True(ended.Status == PipelineStatus.Passed, ended.Failure);
        return run;
    }

    private static EnvironmentVersion Version(string pipelineRun) => new(pipelineRun, new string('a', 40));
}
