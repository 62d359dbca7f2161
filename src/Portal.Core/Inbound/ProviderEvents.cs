using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;

namespace Portal.Core.Inbound;

/// <summary>Hands what providers tell to each feature that cares.</summary>
/// <param name="services">Handlers ask providers, and providers tell handlers: so they are looked up when the first has
/// something to tell.</param>
internal sealed class ProviderEvents(IServiceProvider services) : IProviderEvents
{
    private readonly Lazy<IReadOnlyList<ProviderEventHandler>> handlers =
        new(() => [.. services.GetServices<ProviderEventHandler>()]);

    public Task PushedAsync(string instance, RepositoryPush push, CancellationToken cancellation) =>
        EachAsync(h => h.PushedAsync(instance, push, cancellation));

    public Task PipelineRunChangedAsync(string instance, PipelineRunInfo run, CancellationToken cancellation) =>
        EachAsync(h => h.PipelineRunChangedAsync(instance, run, cancellation));

    public Task EnvironmentChangedAsync(string instance, EnvironmentInfo environment, CancellationToken cancellation) =>
        EachAsync(h => h.EnvironmentChangedAsync(instance, environment, cancellation));

    public Task RepositoryChangedAsync(string instance, RepositoryChange change, CancellationToken cancellation) =>
        EachAsync(h => h.RepositoryChangedAsync(instance, change, cancellation));

    public Task RepositorySeenAsync(
        string instance, Repository repository, bool isThere, CancellationToken cancellation) =>
        EachAsync(h => h.RepositorySeenAsync(instance, repository, isThere, cancellation));

    public Task PullRequestChangedAsync(string instance, PullRequestChange change, CancellationToken cancellation) =>
        EachAsync(h => h.PullRequestChangedAsync(instance, change, cancellation));

    public Task DeploymentChangedAsync(string instance, HostDeployment deployment, CancellationToken cancellation) =>
        EachAsync(h => h.DeploymentChangedAsync(instance, deployment, cancellation));

    public Task MembershipChangedAsync(string instance, MembershipChange change, CancellationToken cancellation) =>
        EachAsync(h => h.MembershipChangedAsync(instance, change, cancellation));

    public Task AccessChangedAsync(string instance, CancellationToken cancellation) =>
        EachAsync(h => h.AccessChangedAsync(instance, cancellation));

    private async Task EachAsync(Func<ProviderEventHandler, Task> tell)
    {
        foreach (var handler in handlers.Value) await tell(handler);
    }
}
