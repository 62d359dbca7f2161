using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Providers.GitHub;

namespace Portal.Benchmarks;

/// <summary>
/// What a repository on GitHub costs: calls, time and this process's processor time. GitHub is a stand-in in a process
/// of its own, which checks and keeps everything in real Git objects: most of the time is its own.
/// </summary>
internal sealed class ProvidersSuite(Report report)
{
    /// <summary>Files of a repository, how many are made to warm up and how many are measured.</summary>
    private static readonly (int Files, int WarmUp, int Samples)[] Sizes = [(20, 40, 20), (200, 10, 10), (1000, 3, 5)];

    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var world = await WorldProcess.StartAsync(cancellation);
        await using var services = Services(world);
        var repositories = services.GetServices<IProvider>().OfType<IRepositoryHost>().Single();
        using var calls = new CallCount();
        // Accounts, connections, and above all the compiler, whose time would stand for that of the calls.
        foreach (var (files, warmUp, _) in Sizes)
        {
            for (var i = 0; i < warmUp; i++) await CreateAsync(repositories, $"warm-{files}-{i}", files, cancellation);
        }
        foreach (var (files, _, samples) in Sizes) await MeasureAsync(
            repositories, files, samples, calls, cancellation);
    }

    private async Task MeasureAsync(
        IRepositoryHost repositories, int files, int samples, CallCount calls, CancellationToken cancellation)
    {
        var (before, processor) = (calls.Count, Process.GetCurrentProcess().TotalProcessorTime);
        var times = new List<double>();
        for (var i = 0; i < samples; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await CreateAsync(repositories, $"files-{files}-{i}", files, cancellation);
            times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        times.Sort();
        var made = calls.Count - before;
        report.Add($"github_{files}_calls", $"Repository of {files} files on GitHub, calls", (double)made / samples);
        report.Add($"github_{files}_s", $"Repository of {files} files on GitHub, median, s", times[samples / 2]);
        report.Add($"github_{files}_cpu_ms", $"Repository of {files} files on GitHub, processor time per call, ms",
            (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalMilliseconds / made);
    }

    private static Task<Repository> CreateAsync(
        IRepositoryHost repositories, string name, int files, CancellationToken cancellation)
    {
        // One file in twenty is binary: it goes by a call of its own.
        var tree = new FileTree(Enumerable.Range(0, files).Select(i => new TreeFile(
            $"src/folder{i % 10}/file{i}.txt", i % 20 == 7
                ? [0, 1, 2, (byte)i, (byte)(i >> 8)]
                : Encoding.UTF8.GetBytes($"// {name} {i}\n" + new string('x', 1500)))));
        return repositories.CreateAsync(
            new CreateRepository(new RepositoryName("shop", name), "", "main", tree, "Create it", new CommitAuthor(
                "Ada", "ada@example.com", DateTimeOffset.UnixEpoch),
                Guid.CreateVersion7().ToString(), "group:default/orders"),
            cancellation);
    }

    private static ServiceProvider Services(WorldProcess world)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Portal:Providers:github:Type"] = "GitHub", ["Portal:Providers:github:Address"] = world.Address,
            ["Portal:Providers:github:Token"] = world.Token,
        }).Build();
        return new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddSingleton(TimeProvider.System)
            .AddLogging().AddGitHubProvider(configuration).BuildServiceProvider();
    }

    /// <summary>The portal's own count of its calls to providers.</summary>
    private sealed class CallCount : IDisposable
    {
        private readonly MeterListener listener = new();
        private long count;

        public CallCount()
        {
            listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "portal.provider.calls") self.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref count, value));
            listener.Start();
        }

        public long Count => Interlocked.Read(ref count);

        public void Dispose() => listener.Dispose();
    }
}
