using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Local.Repositories;

/// <summary>Told after a push that one repository is worth a look.</summary>
internal interface IPushCheck
{
    /// <param name="name">The repository.</param>
    /// <param name="by">Who has just pushed, when that is known.</param>
    /// <param name="cancellation">What was not told yet is told by the next look.</param>
    Task CheckAsync(RepositoryName name, string? by, CancellationToken cancellation);
}

/// <summary>
/// Finds pushes by comparing branches and tags with those last seen: after each push, at start-up, and now and then.
/// They are noted as seen only after everybody was told, so that a crash in between tells twice rather than never.
/// </summary>
internal sealed partial class LocalPushWatch(
    LocalFolders folders, IProviderEvents events,
    IEnumerable<ILocalPushes> followers, ILogger<LocalPushWatch> logger) : BackgroundService, IPushCheck
{
    /// <summary>What could not be told is tried again so often.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<RepositoryName, SemaphoreSlim> gates = new();

    /// <summary>Looks at every repository.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        foreach (var name in folders.RepositoryNames().ToList())
        {
            try
            {
                await CheckAsync(name, null, cancellation);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // One broken repository must not hide the pushes of the others.
                LogFailure(logger, name, e);
            }
        }
    }

    /// <inheritdoc/>
    public async Task CheckAsync(RepositoryName name, string? by, CancellationToken cancellation)
    {
        var gate = gates.GetOrAdd(name, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellation);
        try
        {
            var folder = folders.Repository(name);
            if (!Directory.Exists(folder)) return;
            var seen = SeenReferences.Read(folder);
            var now = SeenReferences.Now(folder, seen.Sequence + 1);
            var changes = seen.Changes(now).ToList();
            if (changes.Count == 0 && seen.Tags is not null) return;
            foreach (var (reference, isTag, before, after) in changes)
            {
                var push = new RepositoryPush(name, reference, before, after, by);
                var id = $"{seen.Sequence}-{(isTag ? "tags/" : "")}{reference}-{after ?? "deleted"}";
                foreach (var follower in followers)
                {
                    await follower.PushedAsync(new LocalPush(id, push, isTag), cancellation);
                }
                // The portal follows branches; a tag only starts pipelines.
                if (!isTag) await events.PushedAsync(LocalSetup.Instance, push, cancellation);
            }
            SeenReferences.Write(folder, now);
        }
        finally
        {
            gate.Release();
        }
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        PushRules.Write(folders);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        ClearAside();
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        do await SweepQuietlyAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SweepQuietlyAsync(CancellationToken cancellation)
    {
        try
        {
            await SweepAsync(cancellation);
        }
        catch (IOException e)
        {
            // A folder went while it was listed. An exception here would end the whole portal.
            LogLeft(logger, folders.Repositories, e);
        }
    }

    private void ClearAside()
    {
        foreach (var folder in AsideFolder.Abandoned(folders))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It only takes space; the next start tries again.
                LogLeft(logger, folder, e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Folder} could not be listed or removed")]
    private static partial void LogLeft(ILogger logger, string folder, Exception e);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The pushes to {Repository} could not be told; they are tried again within a minute")]
    private static partial void LogFailure(ILogger logger, RepositoryName repository, Exception e);
}
