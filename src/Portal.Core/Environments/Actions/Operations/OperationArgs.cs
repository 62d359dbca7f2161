using Portal.Core.Shared;

namespace Portal.Core.Environments.Actions.Operations;

/// <param name="Environment">Its id.</param>
/// <param name="Title">"dev of orders".</param>
/// <param name="Owner">Key; null when it has none.</param>
/// <param name="MadeBy">The run that made it.</param>
/// <param name="Repository"><c>organisation/name</c>, at <paramref name="RepositoryProvider"/>.</param>
/// <param name="AdoptedFrom">The host's id of what was there before the portal.</param>
/// <param name="Monthly">What it costs while it runs; null where the provider bills it.</param>
/// <param name="Runs">Whether it costs that now.</param>
/// <param name="Lifetime">Of an extension: from when it is done; null = no end.</param>
/// <param name="Sooner">Of an extension: also where the end comes sooner by it.</param>
/// <param name="PipelineRun">Of a deployment: whose artifact it is to run.</param>
public sealed record OperationArgs(
    string Provider, string Environment, string Title, string? Owner, Guid MadeBy, string Repository,
    string RepositoryProvider,
    string? AdoptedFrom, Money? Monthly, bool Runs, TimeSpan? Lifetime = null, string? PipelineRun = null,
    bool Sooner = false)
{
    public static OperationArgs Of(PortalEnvironment e) => new(
        e.Provider, e.Id, e.Title, e.Owner, e.RunId, e.Repository, e.RepositoryProvider, e.AdoptedFrom,
        e.AdoptedFrom is null ? e.MonthlyPrice : null, e.Runs);
}
