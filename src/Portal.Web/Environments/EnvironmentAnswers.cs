using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Web.Environments;

/// <param name="Component">Key of the component.</param>
/// <param name="Owner">Key of the owner.</param>
/// <param name="AdoptedFrom">The host's id of what was there before the portal took it over.</param>
/// <param name="RunId">The run that made it.</param>
/// <param name="ExpiresAt">When it is destroyed by itself; null = never.</param>
/// <param name="FollowsDefaultBranch">Gets every version of the default branch whose pipeline passed.</param>
internal sealed record EnvironmentSummary(
    string Id, string Name, string Component, string Owner, string Type, string? Definition, string Size,
    string Provider, string Repository, string? AdoptedFrom, bool IsReleased, EnvironmentStatus Status, string? Url,
    string? Commit, string? PipelineRunId, string? Message, int Restarts, string? Reason, string CreatedBy, Guid RunId,
    DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? DestroyedAt,
    Money MonthlyPrice, bool FollowsDefaultBranch)
{
    public static EnvironmentSummary Of(PortalEnvironment e) => new(
        e.Id, e.Name, e.Component, e.Owner, e.Type, e.Definition, e.Size, e.Provider, e.Repository, e.AdoptedFrom,
        e.IsReleased, e.Status, e.Url, e.Commit, e.PipelineRunId, e.Message, e.Restarts, e.Reason, e.CreatedBy, e.RunId,
        e.CreatedAt, e.ExpiresAt, e.DestroyedAt, e.MonthlyPrice, e.FollowsDefaultBranch);
}

/// <param name="Deployments">The newest 50, newest first.</param>
/// <param name="ProviderType">The kind of its provider; null when that is not set up any more.</param>
/// <param name="IsEstimate">Its provider bills, so its price is an estimate.</param>
internal sealed record EnvironmentDetails(
    EnvironmentSummary Environment, IReadOnlyList<DeploymentRecord> Deployments, string? ProviderType, bool IsEstimate)
{
    public static EnvironmentDetails Of(EnvironmentView view) => new(
        EnvironmentSummary.Of(view.Environment), [.. view.Deployments.Select(DeploymentRecord.Of)], view.ProviderType,
        view.IsBilled);
}

/// <summary>One version put into the environment, or the attempt.</summary>
internal sealed record DeploymentRecord(
    Guid Id, string EnvironmentId, string PipelineRunId, string Commit, DeploymentStatus Status, string? Message,
    string By, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt)
{
    public static DeploymentRecord Of(Deployment d) =>
        new(d.Id, d.EnvironmentId, d.PipelineRunId, d.Commit, d.Status, d.Message, d.By, d.StartedAt, d.FinishedAt);
}

/// <param name="Provider">The instance that offers them.</param>
/// <param name="Definitions">The default first.</param>
internal sealed record OfferedDefinitions(string Provider, IReadOnlyList<EnvironmentDefinition> Definitions);

/// <param name="Monthly">Of 730 hours.</param>
/// <param name="Working">How the price is worked out.</param>
internal sealed record EnvironmentPrice(Money Monthly, string Working);

/// <param name="Plan">Null where the host cannot tell.</param>
internal sealed record HostPlan(EnvironmentPlan? Plan);

internal sealed record AdoptionPlan(AdoptableEnvironment Found, EnvironmentPlan Plan);

/// <param name="Summary">"Stop environment dev of orders".</param>
/// <param name="Monthly">What it costs per month, below zero what it saves; null when nothing.</param>
/// <param name="Note">What goes with it, and whether it can be undone; null when there is nothing to say.</param>
internal sealed record OperationPlan(string Summary, Money? Monthly, string? Working, string? Note)
{
    public static OperationPlan Of(RunPlan plan)
    {
        var change = plan.Effects[0];
        return new OperationPlan(change.Summary, change.Monthly, change.Working, change.Note);
    }
}

/// <param name="Run">The run that does it.</param>
internal sealed record EnvironmentRun(Guid Run);
