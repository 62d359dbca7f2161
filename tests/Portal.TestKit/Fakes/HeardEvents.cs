using Portal.Core.Providers;

namespace Portal.TestKit.Fakes;

/// <summary>Notes all that a provider tells.</summary>
public sealed class HeardEvents : IProviderEvents
{
    public List<object> All { get; } = [];

    /// <summary>Whether who tells something with a cancellation that was asked for already is stopped.</summary>
    public bool Listens { get; set; }

    public Task PushedAsync(string instance, RepositoryPush push, CancellationToken cancellation) =>
        Hear(push, cancellation);

    public Task PipelineRunChangedAsync(string instance, PipelineRunInfo run, CancellationToken cancellation) =>
        Hear(run, cancellation);

    public Task EnvironmentChangedAsync(string instance, EnvironmentInfo environment, CancellationToken cancellation) =>
        Hear(environment, cancellation);

    public Task RepositoryChangedAsync(string instance, RepositoryChange change, CancellationToken cancellation) =>
        Hear(change, cancellation);

    public Task PullRequestChangedAsync(string instance, PullRequestChange change, CancellationToken cancellation) =>
        Hear(change, cancellation);

    public Task DeploymentChangedAsync(string instance, HostDeployment deployment, CancellationToken cancellation) =>
        Hear(deployment, cancellation);

    public Task MembershipChangedAsync(string instance, MembershipChange change, CancellationToken cancellation) =>
        Hear(change, cancellation);

    public Task AccessChangedAsync(string instance, CancellationToken cancellation) =>
        Hear($"access of {instance}", cancellation);

    private Task Hear(object what, CancellationToken cancellation)
    {
        if (Listens) cancellation.ThrowIfCancellationRequested();
        All.Add(what);
        return Task.CompletedTask;
    }
}
