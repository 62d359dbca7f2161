using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Local;
using Portal.Providers.Local.Environments;
using Portal.Providers.Local.Processes;
using Portal.Providers.Local.Repositories;
using Portal.TestKit;
using Portal.TestKit.Conformance;

namespace Portal.Providers.Tests.Local;

public sealed class LocalEnvironmentsTests(LocalPortal portal) : EnvironmentHostConformance, IClassFixture<LocalPortal>
{
    private const string Dying = "console.log('starting'); console.error('cannot find the settings'); process.exit(1);";

    protected override IEnvironmentHost Host => portal.Services.GetRequiredService<IEnvironmentHost>();

    protected override Task<EnvironmentVersion> WorkingRunAsync(RepositoryName repository, string answer) =>
        RunAsync(repository, FakeArtifacts.Service(answer));

    protected override Task<EnvironmentVersion> DyingRunAsync(RepositoryName repository) => RunAsync(repository, Dying);

    /// <summary>Files and processes of this machine are neither down nor silent, and the portal's own.</summary>
    protected override bool Fail(HostFailure failure) => false;

    protected override void Mend()
    {
    }

    private Task<EnvironmentVersion> RunAsync(RepositoryName repository, string service) =>
        VersionAsync(portal.Artifacts.AddAsync(portal.Repositories, repository, service));

    [Fact]
    public async Task Create_Environment_SeesWhatItNeedsAndNothingOfThePortal()
    {
        await WithAsync(async made =>
        {
            var seen = JsonSerializer.Deserialize<Dictionary<string, string>>(await GetAsync(made, "/env"))!;
            Assert.Equal("8080", seen["PORT"]);
            Assert.Equal(made.Commit, seen["GIT_COMMIT"]);
            Assert.Equal("from orders, costs $5", seen["GREETING"]);
            Assert.Equal("orders", seen["OTEL_SERVICE_NAME"]);
            Assert.Equal(
                $"deployment.environment.name=dev,portal.owner=group%3Adefault%2Fcheckout,service.version={made.Commit}",
                seen["OTEL_RESOURCE_ATTRIBUTES"]);
            Assert.Equal("0xc000000", seen["DOTNET_GCHeapHardLimit"]);
            Assert.Equal("--max-old-space-size=192", seen["NODE_OPTIONS"]);
            Assert.StartsWith(portal.Data, seen["HOME"], StringComparison.Ordinal);
            Assert.DoesNotContain(seen.Keys, k => k.StartsWith("Portal", StringComparison.Ordinal)
                || k.StartsWith("ConnectionStrings", StringComparison.Ordinal));
            var user = JobUser.Get();
            if (user.IsSeparate) Assert.Equal(user.Uid.ToString(), await GetAsync(made, "/user"));
        });
    }

    [Fact]
    public async Task Tick_ProcessThatDied_IsStartedAgainWithLongerAndLongerPauses()
    {
        var time = new FakeTimeProvider();
        var (host, supervisor) = Another(time);
        await WithAsync(host, async made =>
        {
            var environment = host.Supervised.Single(e => e.State.Id == made.Id);
            foreach (var pause in (int[])[1, 2, 4, 8])
            {
                await KillAsync(environment);
                await supervisor.TickAsync(Cancellation);
                time.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromMilliseconds(1));
                await supervisor.TickAsync(Cancellation);
                Assert.False(environment.Process!.IsRunning);
                time.Advance(TimeSpan.FromMilliseconds(1));
                await supervisor.TickAsync(Cancellation);
                Assert.True(environment.Process!.IsRunning);
            }
            var info = await host.FindAsync(made.Id, Cancellation);
            Assert.Equal((4, EnvironmentStatus.Unhealthy), (info!.Restarts, info.Status));
            Assert.Contains("4 times in a row", info.Message, StringComparison.Ordinal);
            await AnswersAsync(made);
            time.Advance(Supervision.Steady);
            await supervisor.TickAsync(Cancellation);
            info = await host.FindAsync(made.Id, Cancellation);
            Assert.Equal((EnvironmentStatus.Running, null), (info!.Status, info.Message));
            Assert.Contains(
                portal.Events.Environments, e => e.Id == made.Id && e.Status == EnvironmentStatus.Unhealthy);
        });
    }

    [Fact]
    public async Task Tick_CheckThatFails_IsUnhealthyThenEndedAndStartedAgain()
    {
        var time = new FakeTimeProvider();
        var (host, supervisor) = Another(time);
        await WithAsync(host, async made =>
        {
            await supervisor.TickAsync(Cancellation);
            await GetAsync(made, "/sick");
            for (var i = 0; i < 6; i++)
            {
                time.Advance(Supervision.ProbeEvery);
                await supervisor.TickAsync(Cancellation);
                var now = await host.FindAsync(made.Id, Cancellation);
                Assert.Equal(i < 2 ? EnvironmentStatus.Running : EnvironmentStatus.Unhealthy, now!.Status);
            }
            Assert.Contains(
                "/livez answers 503", (await host.FindAsync(made.Id, Cancellation))!.Message, StringComparison.Ordinal);
            await supervisor.TickAsync(Cancellation);
            time.Advance(TimeSpan.FromSeconds(1));
            await supervisor.TickAsync(Cancellation);
            await AnswersAsync(made);
            await supervisor.TickAsync(Cancellation);
            Assert.Equal(EnvironmentStatus.Running, (await host.FindAsync(made.Id, Cancellation))!.Status);
        });
    }

    [Fact]
    public async Task Tick_MoreMemoryThanItsSize_IsEndedAndSaysSo()
    {
        var (host, supervisor) = Another(new FakeTimeProvider());
        await WithAsync(host, async made =>
        {
            await GetAsync(made, "/hoard");
            await supervisor.TickAsync(Cancellation);
            var info = await host.FindAsync(made.Id, Cancellation);
            Assert.Equal(EnvironmentStatus.Unhealthy, info!.Status);
            Assert.Matches("It used [0-9]+ MiB of 256 MiB", info.Message);
        });
    }

    [Fact]
    public async Task Load_AfterARestart_FindsTheSameProcessAgain()
    {
        var (first, _) = Another(TimeProvider.System);
        await WithAsync(first, async made =>
        {
            var before = first.Supervised.Single(e => e.State.Id == made.Id).Process!.Id;
            var (second, _) = Another(TimeProvider.System);
            var found = await second.FindAsync(made.Id, Cancellation);
            Assert.Equal(made, found);
            Assert.Equal(before, second.Supervised.Single(e => e.State.Id == made.Id).Process!.Id);
            Assert.Equal("one", await AskAsync(made));
        });
    }

    [Fact]
    public async Task Load_ProcessDiedMeanwhile_IsStartedAgain()
    {
        var (first, _) = Another(TimeProvider.System);
        await WithAsync(first, async made =>
        {
            await KillAsync(first.Supervised.Single(e => e.State.Id == made.Id));
            var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
            var (second, supervisor) = Another(time);
            await second.LoadedAsync();
            await supervisor.TickAsync(Cancellation);
            time.Advance(TimeSpan.FromSeconds(1));
            await supervisor.TickAsync(Cancellation);
            await AnswersAsync(made);
            await second.DestroyAsync(made.Id, Cancellation);
        });
    }

    [Fact]
    public async Task Load_HalfMadeEnvironment_IsRemovedWithItsProcesses()
    {
        var (first, _) = Another(TimeProvider.System);
        await WithAsync(first, async made =>
        {
            var environment = first.Supervised.Single(e => e.State.Id == made.Id);
            environment.Folder.WriteState(
                environment.State with { Status = EnvironmentStatus.Creating, Version = null });
            var (second, _) = Another(TimeProvider.System);
            Assert.Null(await second.FindByMarkAsync(made.Mark!, Cancellation));
            Assert.False(environment.Process!.IsRunning);
            Assert.False(Directory.Exists(environment.Folder.Root));
        });
    }

    [Fact]
    public async Task Destroy_ChildInASessionOfItsOwn_DiesToo()
    {
        var (host, _) = Another(TimeProvider.System);
        await WithAsync(host, async made =>
        {
            await GetAsync(made, "/child");
            var tag = host.Supervised.Single(e => e.State.Id == made.Id).Process!.RunTag;
            await Eventually.TrueAsync(
                () => Task.FromResult(RunningCommands.With("sleep\0600.25").Count == 1), "the child");
            await host.DestroyAsync(made.Id, Cancellation);
            Assert.Empty(RunningCommands.With("sleep\0600.25"));
            Assert.Empty(ProcessTable.FindByTag(tag));
        });
    }

    [Fact]
    public async Task Deploy_OldVersionStillAnswering_EndsItsAnswerBesideTheNewOne()
    {
        // Closes its door when it is asked to end, but first gives the answer that it has begun.
        const string slow = """
            let answer;
            const server = require('node:http').createServer((request, response) => {
              if (request.url === '/slow') { response.writeHead(200); response.write('begun '); answer = response; } else response.end('old');
            }).listen(process.env.PORT, '127.0.0.1');
            process.on('SIGTERM', () => { server.close(); setTimeout(() => { answer.end('ended'); }, 1500); });
            """;
        var repository = NewRepository();
        var made = await Host.CreateAsync(Request(repository, await RunAsync(repository, slow)), Cancellation);
        try
        {
            using var client = new HttpClient();
            using var response = await client.GetAsync(
                new Uri(made.Url + "/slow"), HttpCompletionOption.ResponseHeadersRead, Cancellation);
            var deploying = Host.DeployAsync(made.Id, await WorkingRunAsync(repository, "new"), Cancellation);
            await Eventually.TrueAsync(async () => await TryAskAsync(made) == "new", "the new version");
            var body = response.Content.ReadAsStringAsync(Cancellation);
            Assert.False(body.IsCompleted, "The new version did not come before the old one had ended.");
            Assert.Equal("begun ended", await body);
            Assert.Equal(EnvironmentStatus.Running, (await deploying).Status);
        }
        finally
        {
            await Host.DestroyAsync(made.Id, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Create_WithoutScore_SaysWhatToAdd()
    {
        var repository = NewRepository();
        var run = await VersionAsync(portal.Artifacts.AddAsync(portal.Repositories, repository, "", score: null));
        var error =
            await Assert.ThrowsAsync<ProviderException>(() => Host.CreateAsync(Request(repository, run), Cancellation));
        Assert.Contains($"{repository} has no score.yaml", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_ArtifactOfAnotherRepository_IsRefused()
    {
        var run = await WorkingRunAsync(NewRepository(), "one");
        var error = await Assert.ThrowsAsync<ProviderException>(
            () => Host.CreateAsync(Request(NewRepository(), run), Cancellation));
        Assert.Equal("artifact-foreign", error.Error.Code);
    }

    private (LocalEnvironments Host, EnvironmentSupervisor Supervisor) Another(TimeProvider time)
    {
        var services = portal.Services;
        var options = new LocalOptions { Data = Path.Combine(
            portal.Data, "another"), StopGraceSeconds = 1, StartTimeoutSeconds = 20 };
        var host = new LocalEnvironments(new LocalFolders(
            options.Data), portal.Artifacts, services.GetRequiredService<LocalRepositories>(), portal.Events,
            Options.Create(options), time, NullLogger<LocalEnvironments>.Instance);
        return (host, new EnvironmentSupervisor(host, NullLogger<EnvironmentSupervisor>.Instance));
    }

    private Task WithAsync(Func<EnvironmentInfo, Task> use) => WithAsync(Host, use);

    private async Task WithAsync(IEnvironmentHost host, Func<EnvironmentInfo, Task> use)
    {
        var repository = NewRepository();
        var made = await host.CreateAsync(Request(repository, await WorkingRunAsync(repository, "one")), Cancellation);
        try
        {
            await use(made);
        }
        finally
        {
            await host.DestroyAsync(made.Id, CancellationToken.None);
        }
    }

    private static Task KillAsync(SupervisedEnvironment environment) =>
        ProcessKiller.EndAsync(environment.Process!.RunTag, TimeSpan.Zero);

    private static async Task<string> GetAsync(EnvironmentInfo environment, string path)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri(environment.Url + path), Cancellation);
    }

    private async Task<string?> TryAskAsync(EnvironmentInfo environment)
    {
        try
        {
            return await AskAsync(environment);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task AnswersAsync(EnvironmentInfo environment)
    {
        using var client = new HttpClient();
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                return (await client.GetAsync(new Uri(environment.Url + "/readyz"), Cancellation)).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, "an answer");
    }
}
