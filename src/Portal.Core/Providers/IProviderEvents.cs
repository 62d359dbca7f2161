namespace Portal.Core.Providers;

/// <summary>
/// Where providers tell what happened at their side without having been asked: the portal's counterpart of a webhook. Calls are
/// cheap, may come twice and late, and never throw back at the provider.
/// </summary>
public interface IProviderEvents
{
    Task PushedAsync(string instance, RepositoryPush push, CancellationToken cancellation);

    Task PipelineRunChangedAsync(string instance, PipelineRunInfo run, CancellationToken cancellation);

    Task EnvironmentChangedAsync(string instance, EnvironmentInfo environment, CancellationToken cancellation);
}

/// <param name="Before">Null for a new branch.</param>
/// <param name="After">Null for a deleted branch.</param>
/// <param name="By">The pusher as an entity reference, when known.</param>
public sealed record RepositoryPush(RepositoryName Repository, string Branch, string? Before, string? After, string? By);
