using Microsoft.EntityFrameworkCore;
using Portal.Core.Catalog;
using Portal.Core.Costs;
using Portal.Core.Data;
using Portal.Core.Environments;
using Portal.Core.Environments.Comparing;
using Portal.Core.GoldenPaths.Runs;
using Portal.Core.Governance.Access;
using Portal.Core.Governance.Audit;
using Portal.Core.Governance.Clocks;
using Portal.Core.Pipelines;
using Portal.Core.Providers;

namespace Portal.Web.Home;

/// <summary>What a person finds on the first page.</summary>
/// <param name="Services">Of the person's teams, by name.</param>
/// <param name="Pipelines">The newest run of the default branch's pipelines, per repository of those services.</param>
/// <param name="Runs">Mine: those that go on, and those that failed lately.</param>
/// <param name="Approvals">Runs of others that wait for my yes or no.</param>
/// <param name="Costs">This month's, per team of the person.</param>
public sealed record HomeView(
    IReadOnlyList<CatalogEntity> Services, IReadOnlyList<PortalEnvironment> Environments, IReadOnlyList<PipelineRun> Pipelines,
    IReadOnlyList<Run> Runs, IReadOnlyList<PendingApproval> Approvals, IReadOnlyList<AuditEvent> Activity, IReadOnlyList<CostRow> Costs)
{
    /// <summary>Why nothing is destroyed by time; null for who does not administer the portal, and when all is well.</summary>
    public string? ClockProblem { get; init; }

    /// <summary>Things that hosts have and the portal does not know, or the other way round; 0 for who does not administer the portal.</summary>
    public int Differences { get; init; }

    public bool IsEmpty => Environments.Count == 0 && Runs.Count == 0 && Approvals.Count == 0 && Services.All(s => s.IsSample);
}

/// <summary>Gathers it from the features; what the person may not see is left out.</summary>
public sealed class ReadHome(
    IDbContextFactory<PortalDbContext> database, ReadCatalog catalog, ReadEnvironments environments, ReadRuns runs, ReadCosts costs, ReadActivity activity,
    ConfirmClock clock, ReadDifferences differences, TimeProvider time)
{
    private const int MostServices = 100;
    private static readonly TimeSpan Lately = TimeSpan.FromDays(3);

    public async Task<HomeView> ReadAsync(Actor me, IReadOnlyList<string> mine, CancellationToken cancellation)
    {
        var servicesTask = catalog.ListAsync(new CatalogFilter { Kinds = ["Component"], Owners = mine, Limit = MostServices }, me, cancellation);
        var environmentsTask = environments.ListAsync(new EnvironmentFilter { Owners = mine, Limit = 200 }, me, cancellation);
        var runsTask = runs.ListAsync(
            new RunFilter { CreatedBy = me.Ref.ToString(), Status = [RunStatus.Queued, RunStatus.Running, RunStatus.Waiting, RunStatus.Failed, RunStatus.Undoing, RunStatus.UndoFailed], Limit = 20 }, me, cancellation);
        var approvalsTask = runs.ApprovalsForAsync(me, cancellation);
        var activityTask = activity.ListAsync(new ActivityFilter { Owners = mine, Limit = 10, EachChangeOnce = true }, me, cancellation);
        var costsTask = costs.MonthAsync(time.GetUtcNow(), null, me, cancellation);
        var services = await servicesTask is { IsOk: true } s ? s.Value.Items : [];
        var since = time.GetUtcNow() - Lately;
        return new HomeView(
            services,
            await environmentsTask is { IsOk: true } e ? e.Value.Items : [],
            await NewestPipelinesAsync([.. services.Select(x => x.Repository).OfType<string>()], cancellation),
            await runsTask is { IsOk: true } r ? [.. r.Value.Items.Where(x => !x.IsOver || x.FinishedAt > since)] : [],
            await approvalsTask is { IsOk: true } p ? p.Value : [],
            await activityTask is { IsOk: true } a ? a.Value.Items : [],
            await costsTask is { IsOk: true } c ? [.. c.Value.ByOwner.Where(x => mine.Contains(x.Key))] : [])
        {
            ClockProblem = await clock.ReadAsync(me, cancellation) is { IsOk: true, Value: { Settles: false } judged } ? judged.Problem : null,
            Differences = await differences.ListAsync(me, cancellation) is { IsOk: true } d ? d.Value.Count : 0,
        };
    }

    /// <summary>The repositories are those of services that the person may see.</summary>
    private async Task<IReadOnlyList<PipelineRun>> NewestPipelinesAsync(List<string> repositories, CancellationToken cancellation)
    {
        if (repositories.Count == 0) return [];
        await using var db = await database.CreateDbContextAsync(cancellation);
        return await db.Set<PipelineRun>().AsNoTracking().Where(p => repositories.Contains(p.Repository))
            .Where(p => !db.Set<PipelineRun>().Any(q => q.Repository == p.Repository && q.CreatedAt > p.CreatedAt))
            .OrderByDescending(p => p.CreatedAt).ToListAsync(cancellation);
    }
}
