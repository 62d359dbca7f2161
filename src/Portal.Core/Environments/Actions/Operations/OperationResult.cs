namespace Portal.Core.Environments.Actions.Operations;

/// <param name="Url">Where it answers; null where it does not any more.</param>
public sealed record OperationResult(string Environment, string EnvironmentUrl, string? Url, string? Commit)
{
    public static OperationResult Of(PortalEnvironment e) => new(e.Id, PageOf(e.Id), e.Url, e.Commit);

    public static string PageOf(string environment) => $"/environments/{environment}";
}
