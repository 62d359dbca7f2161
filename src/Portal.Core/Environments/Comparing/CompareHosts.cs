using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;
using Portal.Core.Data.Clocks;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Quartz;

namespace Portal.Core.Environments.Comparing;

/// <summary>
/// Compares what hosts have with what the portal knows, and keeps what differs for people to see. It destroys nothing.
/// What is under way is between both for a moment: a difference counts when a second look still sees it.
/// </summary>
public sealed class CompareHosts(
    IDbContextFactory<PortalDbContext> database, ProviderRegistry providers, IClocks clocks, ILogger<CompareHosts> log)
{
    private const string Comparing = "comparing what it has";
    private const string Environments = "environment";
    private const string Repositories = "repository";

    private const string NotMade =
        "It was not made: its run has ended. Retry or undo that run, or destroy this to have the name free.";

    public async Task ExecuteAsync(CancellationToken cancellation)
    {
        await providers.All<IEnvironmentHost>()
            .EachAsync(Comparing, log, host => EnvironmentsAsync(host, cancellation));
        await providers.All<IRepositoryHost>().EachAsync(Comparing, log, host => RepositoriesAsync(host, cancellation));
    }

    private async Task EnvironmentsAsync(IEnvironmentHost host, CancellationToken cancellation)
    {
        // The host first: what it has was reserved before it was made.
        var there = await host.ListAsync(cancellation);
        await using var db = await database.CreateDbContextAsync(cancellation);
        var rows = await db.Set<PortalEnvironment>().Where(e => e.Provider == host.Instance && e.DestroyedAt == null)
            .ToListAsync(cancellation);
        var unknown = there.Where(e => e.Status != EnvironmentStatus.Destroyed && !rows.Exists(r => r.Id == e.Id));
        var found = unknown.ToDictionary(
            e => e.Id,
            e =>
                $"{host.Instance} runs {e.Name} of {e.Repository}, and the portal has no record of it: nobody is shown "
                    + "it or its cost. Destroy it there if nobody needs it.",
            StringComparer.Ordinal);
        foreach (var row in rows.Where(r => there.All(e => e.Id != r.Id)))
        {
            if (!row.IsReserved)
            {
                found[row.Id] =
                    $"The portal has a record of {row.Name} of {row.Component}, and {host.Instance} does not "
                        + "have it any more. Destroy it in the portal to close its record.";
                continue;
            }
            var making = db.Set<Run>().Where(r => r.Id == row.RunId && UnderWay.Statuses.Contains(r.Status));
            if (!await making.AnyAsync(cancellation)) row.Fail(NotMade);
        }
        await db.SaveChangesAsync(cancellation);
        await KeepAsync(db, host.Instance, Environments, found, cancellation);
    }

    private async Task RepositoriesAsync(IRepositoryHost host, CancellationToken cancellation)
    {
        var marked = (await host.ListAsync(cancellation)).Where(r => Guid.TryParse(r.Mark, out _)).ToList();
        var runs = marked.Select(r => Guid.Parse(r.Mark!)).Distinct().ToList();
        await using var db = await database.CreateDbContextAsync(cancellation);
        var known = await db.Set<JournalEntry>().Where(j => runs.Contains(j.RunId) && j.State != JournalState.Undone)
            .Select(j => j.RunId).Distinct().ToListAsync(cancellation);
        var found = marked.Where(r => !known.Contains(Guid.Parse(r.Mark!))).ToDictionary(
            r => r.Name.ToString(),
            r => $"{host.Instance} has {r.Name}, made by the run {r.Mark} of which this portal knows nothing more: "
                + "another portal's, or left behind. Delete it there if nobody needs it.",
            StringComparer.Ordinal);
        await KeepAsync(db, host.Instance, Repositories, found, cancellation);
    }

    private async Task KeepAsync(
        PortalDbContext db, string instance, string kind, Dictionary<string, string> found,
        CancellationToken cancellation)
    {
        var now = await clocks.DatabaseAsync(cancellation);
        var before = await db.Set<HostDifference>().Where(d => d.Provider == instance && d.Kind == kind)
            .ToListAsync(cancellation);
        foreach (var row in before)
        {
            if (!found.Remove(row.Name, out var message)) db.Remove(row);
            else
            {
                if (row.SeenAt == row.FoundAt) log.LogWarning("{Message}", message);
                (row.SeenAt, row.Message) = (now, message);
            }
        }
        foreach (var (name, message) in found)
        {
            db.Add(new HostDifference
            {
                Provider = instance, Kind = kind, Name = name, Message = message, FoundAt = now, SeenAt = now,
            });
        }
        await db.SaveChangesAsync(cancellation);
    }
}

[DisallowConcurrentExecution]
internal sealed class CompareHostsJob(CompareHosts compare, ILogger<CompareHostsJob> log) : IJob
{
    internal static readonly JobKey Key = new("compare-hosts");

    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await compare.ExecuteAsync(cancellationToken);
        }
        catch (Exception e) when (DatabaseTrouble.Is(e))
        {
            log.LogWarning("Hosts are compared when the database is back: {Message}", e.Message);
        }
    }
}
