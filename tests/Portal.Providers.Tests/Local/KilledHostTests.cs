using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Providers;
using Portal.Providers.Local.Environments;
using Portal.Providers.Local.Processes;
using Portal.Providers.Tests.Local.Pipelines;
using Portal.TestKit;

namespace Portal.Providers.Tests.Local;

/// <summary>A host is killed with SIGKILL in the middle of its work; another one on the same folder goes on.</summary>
public sealed class KilledHostTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("portal-killed-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public KilledHostTests() => File.SetUnixFileMode(data, (UnixFileMode)0b111_101_101);

    public void Dispose()
    {
        if (Directory.Exists(data)) Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task Pipeline_KilledWhileAStepRuns_IsRunOnceMoreToItsEnd()
    {
        await using var after = new PipelineTestHost(data: data);
        after.JobEnvironment["AGAIN"] = "yes";
        after.CommitWorkflow("""
            on: workflow_dispatch
            jobs: { build: { runs-on: ubuntu-latest, steps: [{ run: 'test -n "$AGAIN" || exec sleep 600.125' }] } }
            """);
        // Loaded before there is a run: the host that counts is the one started after the kill.
        var (doomed, id) = await DoomedHost.StartAsync("pipeline", data);
        using (doomed)
        {
            await Eventually.TrueAsync(
                () => Task.FromResult(RunningCommands.With("sleep\0600.125").Count > 0), "the step to run");
            doomed.Kill();
        }
        Assert.NotEmpty(ProcessTable.FindByTag(id, prefix: true));

        after.Start();
        var run = await after.EndAsync(id);

        Assert.True(run.Status == PipelineStatus.Passed, run.Failure);
        Assert.Equal((id, 1), (run.Id, run.Number));
        Assert.Contains(
            await after.LogAsync(id), l => l.Contains("attempt 2 starts from the beginning", StringComparison.Ordinal));
        Assert.Equal(id, Assert.Single(await after.Host.ListAsync(after.Repository, 10, Cancellation)).Id);
        Assert.Equal(id, (await after.Host.FindByCorrelationAsync(after.Repository, "the-one", Cancellation))?.Id);
        Assert.Empty(ProcessTable.FindByTag(id, prefix: true));
    }

    [Fact]
    public async Task Deploy_KilledWhileTheNewVersionStarts_TheOldVersionServesAllTheTime()
    {
        var (doomed, url) = await DoomedHost.StartAsync("deploy", data);
        using (doomed)
        {
            await Eventually.TrueAsync(
                () => Task.FromResult(File.Exists(Path.Combine(data, "environments", "env-doomed", "home", "started"))),
                "the new version to start");
            doomed.Kill();
        }

        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var environments = DoomedHost.Environments(
            data, new FakeArtifacts(Path.Combine(data, "artifacts")), time);
        using var supervisor = new EnvironmentSupervisor(environments, NullLogger<EnvironmentSupervisor>.Instance);
        await environments.LoadedAsync();
        try
        {
            using var client = new HttpClient();
            await Eventually.TrueAsync(async () =>
            {
                await supervisor.TickAsync(Cancellation);
                time.Advance(TimeSpan.FromSeconds(1));
                try
                {
                    return await client.GetStringAsync(new Uri(url), Cancellation) == "old";
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            }, "the old version");
            var info = await environments.FindAsync("env-doomed", Cancellation);
            Assert.Equal((url, EnvironmentStatus.Running), (info!.Url, info.Status));
            Assert.Equal(info, await environments.FindByMarkAsync("mark", Cancellation));
        }
        finally
        {
            await environments.DestroyAsync("env-doomed", CancellationToken.None);
        }
    }
}
