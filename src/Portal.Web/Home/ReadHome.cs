using Portal.Core.Access.Clocks;
using Portal.Core.Activities;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Costs;
using Portal.Core.Delivery;
using Portal.Core.Entities;
using Portal.Core.Environments;
using Portal.Core.Environments.Comparing;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Web.Home;

/// <summary>What a person finds on the first page.</summary>
/// <param name="Services">Of the person's teams, by name.</param>
/// <param name="Pipelines">The newest run of the default branch's pipelines, per repository of those services.</param>
/// <param name="Runs">Mine: those that go on, and those that failed lately.</param>
/// <param name="Approvals">Runs of others that wait for my yes or no.</param>
/// <param name="Costs">This month's, per team of the person.</param>
public sealed record HomeView(
    IReadOnlyList<CatalogEntity> Services, IReadOnlyList<PortalEnvironment> Environments,
    IReadOnlyList<PipelineRun> Pipelines,
    IReadOnlyList<Run> Runs, IReadOnlyList<PendingApproval> Approvals, IReadOnlyList<ActivityEntry> Activity,
    IReadOnlyList<CostRow> Costs)
{
    public const int ServicesShown = 8;

    /// <summary>How many services and environments of the person's teams there are: the lists may hold fewer.</summary>
    public int ServicesTotal { get; init; }

    public int EnvironmentsTotal { get; init; }

    /// <summary>How their newest pipeline runs went, by repository, the oldest first.</summary>
    public IReadOnlyDictionary<Guid, IReadOnlyList<PipelineStatus>> Lately { get; init; } =
        new Dictionary<Guid, IReadOnlyList<PipelineStatus>>();

    /// <summary>Of the last 30 days, per team.</summary>
    public IReadOnlyList<DailyCost> DailyCosts { get; init; } = [];

    /// <summary>
    /// Why nothing is destroyed by time; null for who does not administer the portal, and when all is well.
    /// </summary>
    public string? ClockProblem { get; init; }

    /// <summary>Descriptors of my repositories that were not taken over.</summary>
    public IReadOnlyList<RejectedDescriptor> Rejected { get; init; } = [];

    /// <summary>
    /// Things that hosts have and the portal does not know, or the other way round; 0 for who does not administer the
    /// portal.
    /// </summary>
    public int Differences { get; init; }

    public bool IsEmpty =>
        Environments.All(e => e.IsSample) && Runs.Count == 0 && Approvals.Count == 0 && Services.All(s => s.IsSample);
}

/// <summary>Gathers it from the features; what the person may not see is left out.</summary>
public sealed class ReadHome(
    ReadCatalog catalog, NewestVersion versions, ReadEnvironments environments, ReadRuns runs, ReadCosts costs,
    DailyCosts dailyCosts, ReadActivity activity,
    ConfirmClock clock, ReadDifferences differences, ReadDiscovery discovery, TimeProvider time)
{
    private const int MostServices = 100;

    /// <summary>Pipeline runs per service.</summary>
    private const int MostLately = 12;
    private static readonly TimeSpan Lately = TimeSpan.FromDays(3);

    public async Task<HomeView> ReadAsync(Actor me, IReadOnlyList<string> mine, CancellationToken cancellation)
    {
        var servicesTask = catalog.ListAsync(
            new CatalogFilter { Kinds = ["Component"], Owners = mine, Limit = MostServices }, me, cancellation);
        var environmentsTask = environments.ListAsync(
            new EnvironmentFilter { Owners = mine, Limit = 200 }, me, cancellation);
        var runsTask = runs.ListAsync(
            new RunFilter { CreatedBy = me.Ref.ToString(), Status =
            [
                RunStatus.Queued, RunStatus.Running, RunStatus.Waiting, RunStatus.Failed, RunStatus.Undoing,
                RunStatus.UndoFailed
            ], Limit = 20 }, me, cancellation);
        var approvalsTask = runs.ApprovalsForAsync(me, cancellation);
        var activityTask = activity.GroupedAsync(
            new ActivityFilter { Owners = mine, Limit = 10 }, me, cancellation);
        var rejectedTask = discovery.RejectedAsync(mine, me, cancellation);
        var costsTask = costs.OfOwnersAsync(mine, me, cancellation);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var dailyTask = dailyCosts.ListAsync(
            new DailyCostFilter
            {
                From = today.AddDays(-29), To = today.AddDays(1), Owners = mine, By = DailyCostsBy.Owner, Apart = mine,
            }, me, cancellation);
        var (services, servicesTotal) = await servicesTask is { IsOk: true } s ? s.Value : new([], 0);
        var (living, livingTotal) = await environmentsTask is { IsOk: true } e ? e.Value : new([], 0);
        var since = time.GetUtcNow() - Lately;
        return new HomeView(
            services,
            living,
            await versions.StateOfAsync([.. services.Select(x => x.RepositoryId).OfType<Guid>()], cancellation),
            // An operation that failed is told at what it was to change.
            await runsTask is { IsOk: true } r
                ? [.. r.Value.Items.Where(x => !x.IsOver || (x.FinishedAt > since && x.Subject is null))]
                : [],
            await approvalsTask is { IsOk: true } p ? p.Value : [],
            await activityTask is { IsOk: true } a ? a.Value.Items : [],
            await costsTask is { IsOk: true } c ? c.Value : [])
        {
            Lately = await versions.LatelyAsync(
                [.. services.Take(HomeView.ServicesShown).Select(x => x.RepositoryId).OfType<Guid>()], MostLately,
                cancellation),
            DailyCosts = await dailyTask is { IsOk: true } days ? days.Value : [],
            ServicesTotal = servicesTotal, EnvironmentsTotal = livingTotal,
            ClockProblem = await clock.ReadAsync(me, cancellation) is { IsOk: true, Value: { Settles: false } judged }
                ? judged.Problem
                : null,
            Rejected = await rejectedTask is { IsOk: true } rejected ? rejected.Value : [],
            Differences = await differences.CountAsync(me, cancellation) is { IsOk: true } d ? d.Value : 0,
        };
    }
}
