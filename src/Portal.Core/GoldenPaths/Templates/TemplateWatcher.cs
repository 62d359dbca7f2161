using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Portal.Core.GoldenPaths.Templates;

/// <summary>
/// Shows what changes on disk within two seconds: the file system tells at once where it can, and a sweep that reads no
/// contents sees what it does not tell (network drives, containers, exhausted watches).
/// </summary>
internal sealed class TemplateWatcher(
    TemplateCatalogue catalogue, IOptions<TemplateOptions> options, TimeProvider time,
    ILogger<TemplateWatcher> log) : BackgroundService
{
    /// <summary>An editor saves in several steps; a checkout writes many files.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1.5);

    private readonly SemaphoreSlim told = new(0, 1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Watch) return;
        // The host starts everything in turn; reading folders is no reason to keep it waiting.
        await Task.Yield();
        var watchers = options.Value.EffectiveSources.Select(s => Path.GetFullPath(s, options.Value.RootFolder))
            .Select(Watch).OfType<FileSystemWatcher>().ToList();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var started = time.GetTimestamp();
                Look();
                // However many templates there are, looking takes no more than a tenth of one core.
                var pause = time.GetElapsedTime(started) * 10;
                if (await WaitAsync(pause > Sweep ? pause : Sweep, stoppingToken))
                {
                    await Task.Delay(Settle, time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The portal stops.
        }
        finally
        {
            watchers.ForEach(w => w.Dispose());
        }
    }

    private void Look()
    {
        try
        {
            catalogue.Refresh();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError(e, "Looking for changed templates failed; it is tried again");
        }
    }

    /// <summary>True when the file system told of a change.</summary>
    private async Task<bool> WaitAsync(TimeSpan pause, CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var timer = Task.Delay(pause, time, limit.Token);
        var change = told.WaitAsync(limit.Token);
        var first = await Task.WhenAny(timer, change);
        await limit.CancelAsync();
        stopping.ThrowIfCancellationRequested();
        return first == change;
    }

    private FileSystemWatcher? Watch(string folder)
    {
        if (!Directory.Exists(folder)) return null;
        try
        {
            var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true };
            watcher.Changed += (_, _) => Tell();
            watcher.Created += (_, _) => Tell();
            watcher.Deleted += (_, _) => Tell();
            watcher.Renamed += (_, _) => Tell();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (IOException e)
        {
            log.LogInformation("Changes of {Folder} are found by looking only: {Reason}", folder, e.Message);
            return null;
        }
    }

    private void Tell()
    {
        try
        {
            if (told.CurrentCount == 0) told.Release();
        }
        catch (SemaphoreFullException)
        {
            // Two told at once; one is enough.
        }
    }

    public override void Dispose()
    {
        told.Dispose();
        base.Dispose();
    }
}
