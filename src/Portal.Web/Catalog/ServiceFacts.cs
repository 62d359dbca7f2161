using Portal.Core.Activities;
using Portal.Core.Costs;
using Portal.Core.Costs.Billing;
using Portal.Core.Delivery;
using Portal.Core.Entities;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Web.Catalog;

/// <summary>What the portal knows of a service beyond its descriptor.</summary>
/// <param name="Changes">Of the last 24 hours, newest first.</param>
public sealed record ServiceFacts(
    IReadOnlyList<PortalEnvironment> Environments, IReadOnlyList<PipelineRun> Pipelines, IReadOnlyList<CostRow> Costs,
    IReadOnlyList<ActivityEntry> Changes, string? CloneUrl, BilledReport Billed)
{
    /// <summary>Of the last 30 days.</summary>
    public IReadOnlyList<DailyCost> DailyCosts { get; init; } = [];

    /// <summary>How the newest runs of the default branch went, the oldest first.</summary>
    public IReadOnlyList<PipelineStatus> Lately { get; init; } = [];

    public ServiceHealth Health => ServiceHealth.Of(Environments, Pipelines);
}

/// <summary>Asks every feature for its part of a service. What the person may not see is left out.</summary>
public sealed class ReadService(
    ReadEnvironments environments, ReadPipelines pipelines, NewestVersion versions, ReadCosts costs,
    DailyCosts dailyCosts, ReadActivity activity,
    ProviderRegistry providers, TimeProvider time)
{
    private const int NewestPipelines = 10;
    private const int MostLately = 20;
    private static readonly TimeSpan Lately = TimeSpan.FromHours(24);

    public async Task<ServiceFacts> ReadAsync(CatalogEntity entity, Actor actor, CancellationToken cancellation)
    {
        var environmentsTask = environments.ListAsync(
            new EnvironmentFilter { Component = entity.Key }, actor, cancellation);
        var costsTask = costs.MonthAsync(
            new CostFilter { Month = time.GetUtcNow(), Component = entity.Key }, actor, cancellation);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var dailyTask = dailyCosts.ListAsync(
            new DailyCostFilter { From = today.AddDays(-29), To = today.AddDays(1), Component = entity.Key }, actor,
            cancellation);
        var runs = await RunsAsync(entity, actor, cancellation);
        var living = await environmentsTask is { IsOk: true } found ? found.Value.Items : [];
        var changes = await activity.GroupedAsync(
            new ActivityFilter { Subjects = Subjects(
                entity, living,
                runs), Since = time.GetUtcNow() - Lately, Limit = 20 }, actor, cancellation);
        var report = await costsTask is { IsOk: true } read ? read.Value : null;
        return new ServiceFacts(
            living, runs, report?.ByComponent ?? [], changes.IsOk ? changes.Value.Items : [], CloneUrl(entity),
            report?.Billed ?? BilledReport.None)
        {
            DailyCosts = await dailyTask is { IsOk: true } days ? days.Value : [],
            Lately = runs.Count > 0 ? await LatelyAsync(entity.RepositoryId!.Value, cancellation) : [],
        };
    }

    private async Task<IReadOnlyList<PipelineRun>> RunsAsync(
        CatalogEntity entity, Actor actor, CancellationToken cancellation)
    {
        if (entity.RepositoryId is not { } repository) return [];
        var runs = await pipelines.OfRepositoryAsync(repository, 0, NewestPipelines, actor, cancellation);
        return runs.IsOk ? runs.Value.Items : [];
    }

    private async Task<IReadOnlyList<PipelineStatus>> LatelyAsync(Guid repository, CancellationToken cancellation) =>
        (await versions.LatelyAsync([repository], MostLately, cancellation)).GetValueOrDefault(repository, []);

    /// <summary>
    /// Under which names events about the entity, its repository, environments and pipelines are recorded.
    /// </summary>
    private static List<string> Subjects(
        CatalogEntity entity, IReadOnlyList<PortalEnvironment> environments, IReadOnlyList<PipelineRun> runs) =>
    [
        entity.Ref.ToString(),
        .. entity.RunId is { } run ? [$"run:{run}"] : Array.Empty<string>(),
        .. entity is { Provider: { } provider, Repository: { } repository }
            ? [RepositoryOwners.Subject(provider, repository)]
            : Array.Empty<string>(),
        .. environments.SelectMany(e => new[] { $"environment:{e.Id}", $"run:{e.RunId}" }),
        .. runs.Select(r => $"pipeline:{r.Id}"),
    ];

    private string? CloneUrl(CatalogEntity entity) =>
        entity.Provider is { } provider && RepositoryName.TryParse(entity.Repository, out var name)
            ? providers.Find<IRepositoryHost>(provider)?.CloneUrl(name.Value)
            : null;
}
