using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Portal.TestKit.Hosting;

namespace Portal.Benchmarks;

/// <summary>Everything that is measured, in order. Each figure is a median unless its label says otherwise.</summary>
internal sealed class Suite(Report report)
{
    private const string Person = "bench";
    private const int Repeats = 5;
    private const int Clients = 8;
    private static readonly int[] Sizes = [20, 200, 1_000];
    private static readonly TimeSpan LoadTime = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    /// <summary>How long nobody asks anything before the memory of an idle portal is read.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(8);

    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var folder = new BenchFolder();
        foreach (var size in Sizes) new SampleTemplate(size).WriteTo(folder.Templates);
        await MeasureStartsAsync(folder, cancellation);
        await using var portal = await StartAsync(folder, cancellation);
        await Task.Delay(Idle, cancellation);
        report.Add("rss_mib", "Memory idle, MiB", portal.ResidentMib());
        var token = await PortalProgram.Portal.RunAsync(["token", Person, "--data", folder.Data], null, cancellation);
        using var client = new PortalClient(portal.Address, token);
        await MeasureTasksAsync(client, cancellation);
        await MeasureDryRunsAsync(client, cancellation);
        await MeasureManyTasksAsync(client, cancellation);
        await MeasureReadsAsync(portal.Address, token, cancellation);
        report.Add("rss_loaded_mib", "Memory after that load, MiB", portal.ResidentMib());
        await MeasureGoldenPathAsync(client, cancellation);
    }

    private async Task MeasureStartsAsync(BenchFolder folder, CancellationToken cancellation)
    {
        await using (var fresh = await StartAsync(folder, cancellation)) report.Add(
            "ready_fresh_s", "Start to ready, first, database made, s", fresh.Ready.TotalSeconds);
        await CatalogRows.LoadAsync(folder.Data, cancellation);
        report.Add("ready_s", "Start to ready, existing data, s", await MedianAsync(Repeats, async () =>
        {
            await using var again = await StartAsync(folder, cancellation);
            return again.Ready;
        }));
    }

    private async Task MeasureTasksAsync(PortalClient client, CancellationToken cancellation)
    {
        foreach (var size in Sizes)
        {
            var template = new SampleTemplate(size);
            Task<TimeSpan> Run() => client.RunAsync(template.Name, template.Values, cancellation);
            await Run();
            report.Add($"task_{size}_s", $"Task of {size:N0} files, s", await MedianAsync(Repeats, Run));
        }
    }

    private async Task MeasureDryRunsAsync(PortalClient client, CancellationToken cancellation)
    {
        foreach (var size in Sizes)
        {
            var body = Encoding.UTF8.GetBytes(new SampleTemplate(size).DryRun().ToJsonString());
            async Task<TimeSpan> Run()
            {
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                return await client.DryRunAsync(content, size, cancellation);
            }
            await Run();
            report.Add($"dryrun_{size}_s", $"Dry run of {size:N0} files, s", await MedianAsync(Repeats, Run));
        }
    }

    private async Task MeasureManyTasksAsync(PortalClient client, CancellationToken cancellation)
    {
        const int tasks = 50;
        var template = new SampleTemplate(Sizes[0]);
        async Task<TimeSpan> Run()
        {
            var started = Stopwatch.GetTimestamp();
            await Task.WhenAll(
                Enumerable.Range(0, tasks).Select(_ => client.RunAsync(template.Name, template.Values, cancellation)));
            return Stopwatch.GetElapsedTime(started);
        }
        await Run();
        report.Add("tasks_50_s", "50 tasks of 20 files at once, s", await MedianAsync(Repeats, Run));
    }

    private async Task MeasureReadsAsync(Uri address, string token, CancellationToken cancellation)
    {
        await MeasureAsync("list", "List of 20 by name of 5,000",
            ["/api/catalog/entities/by-query?filter=kind=component&limit=20&orderField=metadata.name,asc"]);
        await MeasureAsync("by_name", "One entity by name of 5,000",
            [.. Enumerable.Range(1, CatalogRows.Components)
                .Select(i => $"/api/catalog/entities/by-name/component/default/{CatalogRows.NameOf(i)}")]);

        async Task MeasureAsync(string key, string label, IReadOnlyList<string> paths)
        {
            var load = new LoadRun(address, token, paths);
            await load.RunAsync(Clients, WarmUp, cancellation);
            var (perSecond, p50, p99) = await load.RunAsync(Clients, LoadTime, cancellation);
            report.Add($"{key}_rps", $"{label}, {Clients} clients, per second", perSecond);
            report.Add($"{key}_p50_ms", $"{label}, p50, ms", p50);
            report.Add($"{key}_p99_ms", $"{label}, p99, ms", p99);
        }
    }

    private async Task MeasureGoldenPathAsync(PortalClient client, CancellationToken cancellation)
    {
        var values = new JsonObject { ["name"] = "bench-site", ["owner"] = $"user:default/{Person}" };
        report.Add(
            "static_site_run_s", "static-site, form sent to environment running, once, s",
            (await client.RunAsync("static-site", values, cancellation)).TotalSeconds);
    }

    private static Task<PortalProcess> StartAsync(BenchFolder folder, CancellationToken cancellation) =>
        PortalProcess.StartAsync(
            PortalProgram.Portal, folder.Data,
            [
                $"--Portal:Templates:Sources:0={folder.Templates}",
                "--Portal:Templates:Sources:1=templates/golden-paths",
                // One person asks for what many would: what is measured is the portal, not its limits.
                "--Portal:Plans:PerMinutePerPerson=10000", "--Portal:Plans:AtOncePerPerson=100",
            ],
            cancellation);

    private static async Task<double> MedianAsync(int times, Func<Task<TimeSpan>> measure)
    {
        var seconds = new List<double>();
        for (var i = 0; i < times; i++) seconds.Add((await measure()).TotalSeconds);
        return seconds.Order().ElementAt(times / 2);
    }
}
