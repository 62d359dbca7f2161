using Portal.Core.Providers;
using Portal.Core.Providers.Checks;

namespace Portal.Core.Following;

/// <summary>Takes over what providers tell, whoever tells it and however often: rows follow, the record says what happened.</summary>
public sealed class FollowProviders(
    FollowPushes pushes, FollowPipelines pipelines, FollowEnvironments environments, FollowRepositories repositories, FollowNews news, ProviderChecks checks) : IProviderEvents
{
    public Task PushedAsync(string instance, RepositoryPush push, CancellationToken cancellation) => pushes.FollowAsync(instance, push, cancellation);

    public Task PipelineRunChangedAsync(string instance, PipelineRunInfo run, CancellationToken cancellation) => pipelines.FollowAsync(instance, run, cancellation);

    public Task EnvironmentChangedAsync(string instance, EnvironmentInfo environment, CancellationToken cancellation) =>
        environments.FollowAsync(instance, environment, cancellation);

    public Task RepositoryChangedAsync(string instance, RepositoryChange change, CancellationToken cancellation) => repositories.FollowAsync(instance, change, cancellation);

    public Task PullRequestChangedAsync(string instance, PullRequestChange change, CancellationToken cancellation) => news.TellAsync(instance, change, cancellation);

    public Task DeploymentChangedAsync(string instance, HostDeployment deployment, CancellationToken cancellation) => news.TellAsync(instance, deployment, cancellation);

    public Task MembershipChangedAsync(string instance, MembershipChange change, CancellationToken cancellation) => news.TellAsync(instance, change, cancellation);

    public Task AccessChangedAsync(string instance, CancellationToken cancellation)
    {
        checks.Ask(instance);
        return Task.CompletedTask;
    }
}
