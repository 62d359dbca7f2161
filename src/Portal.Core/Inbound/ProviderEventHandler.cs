using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Inbound;

/// <summary>
/// What a feature does about what providers tell. A handler is called for each telling, however often the same comes:
/// it takes over what is new and leaves the rest. Handlers are called one after the other, in the order in which
/// features are registered.
/// </summary>
public abstract class ProviderEventHandler
{
    public virtual Task PushedAsync(string instance, RepositoryPush push, CancellationToken cancellation) =>
        Task.CompletedTask;

    public virtual Task PipelineRunChangedAsync(string instance, PipelineRunInfo run, CancellationToken cancellation) =>
        Task.CompletedTask;

    public virtual Task EnvironmentChangedAsync(
        string instance, EnvironmentInfo environment, CancellationToken cancellation) => Task.CompletedTask;

    public virtual Task RepositoryChangedAsync(
        string instance, RepositoryChange change, CancellationToken cancellation) => Task.CompletedTask;

    public virtual Task RepositorySeenAsync(
        string instance, Repository repository, bool isThere, CancellationToken cancellation) =>
        Task.CompletedTask;

    public virtual Task PullRequestChangedAsync(
        string instance, PullRequestChange change, CancellationToken cancellation) => Task.CompletedTask;

    public virtual Task DeploymentChangedAsync(
        string instance, HostDeployment deployment, CancellationToken cancellation) => Task.CompletedTask;

    public virtual Task MembershipChangedAsync(
        string instance, MembershipChange change, CancellationToken cancellation) => Task.CompletedTask;

    public virtual Task AccessChangedAsync(string instance, CancellationToken cancellation) => Task.CompletedTask;
}
