using System.Diagnostics;
using Portal.TestKit.Hosting;

namespace Portal.Benchmarks;

/// <summary>
/// What executing a run costs: its time, how many go at once on one and on two replicas, and its statements.
/// </summary>
internal sealed class RunsSuite(Report report)
{
    private const int Samples = 200;
    private const int WarmUp = 60;

    /// <summary>One person has a limit of runs at once.</summary>
    private static readonly string[] People = ["ada", "brian", "carol", "dennis"];

    /// <summary>How long nobody asks anything, to know what a portal asks the database by itself.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var folder = new BenchFolder();
        FiveSteps.WriteTo(folder.Templates);
        // Beside the portals' own data: it belongs to both.
        await using var database = await StatementCount.StartAsync(folder.Database, cancellation);
        await using var first = await StartAsync(folder, database, "one", cancellation);
        var clients = new List<PortalClient>();
        try
        {
            var tokens = await TokensAsync(first, cancellation);
            clients.AddRange(tokens.Select(token => new PortalClient(first.Address, token)));
            await MeasureOneAtATimeAsync(clients[0], database, cancellation);
            await MeasureManyAsync("runs_per_s_1", "200 runs at once, one replica, per second", clients, cancellation);
            await using var second = await StartAsync(folder, database, "two", cancellation);
            clients.AddRange(tokens.Select(token => new PortalClient(second.Address, token)));
            await MeasureManyAsync("runs_per_s_2", "200 runs at once, two replicas, per second", clients, cancellation);
        }
        finally
        {
            clients.ForEach(c => c.Dispose());
        }
    }

    private async Task MeasureOneAtATimeAsync(
        PortalClient client, StatementCount database, CancellationToken cancellation)
    {
        for (var i = 0; i < WarmUp; i++) await client.RunAsync(FiveSteps.Name, FiveSteps.Values, cancellation);
        await database.ResetAsync(cancellation);
        await Task.Delay(Idle, cancellation);
        var (idleOwn, idleScheduler) = (await PerSecondAsync(false), await PerSecondAsync(true));
        await database.ResetAsync(cancellation);
        var started = Stopwatch.GetTimestamp();
        var times = new List<double>();
        for (var i = 0; i < Samples; i++) times.Add(
            (await client.RunAsync(FiveSteps.Name, FiveSteps.Values, cancellation)).TotalMilliseconds);
        var taken = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var own = (await database.ReadAsync(scheduler: false, cancellation) - idleOwn * taken) / Samples;
        var scheduler = (await database.ReadAsync(scheduler: true, cancellation) - idleScheduler * taken) / Samples;
        foreach (var line in await database.MostAsync(10, cancellation)) report.Tell(line);
        times.Sort();
        report.Add("five_step_p50_ms", "Run of five steps, three changes, p50, ms", times[Samples / 2]);
        report.Add("five_step_p99_ms", "Run of five steps, three changes, p99, ms", times[(int)(Samples * 0.99)]);
        report.Add("queries_per_run", "Statements per run", own + scheduler);
        report.Add("scheduler_queries_per_run", "of which the scheduler's", scheduler);

        async Task<double> PerSecondAsync(bool ofScheduler) =>
            await database.ReadAsync(ofScheduler, cancellation) / Idle.TotalSeconds;
    }

    private async Task MeasureManyAsync(
        string key, string label, List<PortalClient> clients, CancellationToken cancellation)
    {
        // A replica that has just started has compiled nothing yet.
        await RunManyAsync(clients, cancellation);
        var rates = new List<double>();
        for (var i = 0; i < 3; i++) rates.Add(Samples / (await RunManyAsync(clients, cancellation)).TotalSeconds);
        report.Add(key, label, rates.Order().ElementAt(1));
    }

    private static async Task<TimeSpan> RunManyAsync(List<PortalClient> clients, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Samples)
            .Select(i => clients[i % clients.Count].RunAsync(FiveSteps.Name, FiveSteps.Values, cancellation)));
        return Stopwatch.GetElapsedTime(started);
    }

    private static async Task<List<string>> TokensAsync(PortalProcess portal, CancellationToken cancellation)
    {
        var tokens = new List<string>();
        foreach (var person in People) tokens.Add(await portal.CommandAsync(cancellation, "token", person));
        return tokens;
    }

    private static Task<PortalProcess> StartAsync(
        BenchFolder folder, StatementCount database, string replica,
        CancellationToken cancellation) => PortalProcess.StartAsync(
        PortalProgram.TestHost, folder.Data,
        [
            $"--ConnectionStrings:Portal={database.ConnectionString}",
            $"--Portal:Templates:Sources:0={folder.Templates}", $"--Portal:Replica:Name={replica}",
            "--Test:FreeEffect=true",
            "--Portal:Providers:local:Enabled=false", "--Logging:LogLevel:Default=Warning",
            "--Portal:Plans:AtOncePerPerson=100", "--Portal:Plans:PerMinutePerPerson=10000",
        ], cancellation);
}
