using Portal.Core.Providers;

namespace Portal.Providers.Tests.GitHub.Webhooks;

/// <summary>Notes all that a provider tells.</summary>
internal sealed class HeardEvents : IProviderEvents
{
    public List<object> All { get; } = [];

    public Task PushedAsync(string instance, RepositoryPush push, CancellationToken cancellation) => Hear(push);

    public Task PipelineRunChangedAsync(string instance, PipelineRunInfo run, CancellationToken cancellation) => Hear(run);

    public Task EnvironmentChangedAsync(string instance, EnvironmentInfo environment, CancellationToken cancellation) => Hear(environment);

    public Task RepositoryChangedAsync(string instance, RepositoryChange change, CancellationToken cancellation) => Hear(change);

    public Task PullRequestChangedAsync(string instance, PullRequestChange change, CancellationToken cancellation) => Hear(change);

    public Task DeploymentChangedAsync(string instance, HostDeployment deployment, CancellationToken cancellation) => Hear(deployment);

    public Task MembershipChangedAsync(string instance, MembershipChange change, CancellationToken cancellation) => Hear(change);

    public Task AccessChangedAsync(string instance, CancellationToken cancellation) => Hear($"access of {instance}");

    private Task Hear(object what)
    {
        All.Add(what);
        return Task.CompletedTask;
    }
}
