using Portal.Core.Providers;

namespace Portal.Providers.Azure.Environments;

/// <summary>
/// The longest that a deployment may take. Azure goes on with it all the same, so the same call again follows it.
/// </summary>
internal sealed class DeploymentTime : IDisposable
{
    private readonly AzureTools tools;
    private readonly CancellationToken caller;
    private readonly CancellationTokenSource limit;
    private readonly CancellationTokenSource either;

    public DeploymentTime(AzureTools tools, CancellationToken caller)
    {
        (this.tools, this.caller) = (tools, caller);
        limit = new CancellationTokenSource(TimeSpan.FromMinutes(tools.Options.DeploymentTimeoutMinutes), tools.Time);
        either = CancellationTokenSource.CreateLinkedTokenSource(caller, limit.Token);
    }

    public CancellationToken Token => either.Token;

    public Task RunAsync(Func<Task> work) => RunAsync(async () =>
    {
        await work();
        return true;
    });

    public async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !caller.IsCancellationRequested)
        {
            throw ProviderException.Transient("azure-deployment-slow",
                $"The deployment is not done after {tools.Options.DeploymentTimeoutMinutes} min. Azure goes on with "
                    + "it; try again to follow it, or raise "
                        + $"{AzureOptions.SectionOf(tools.Instance)}:DeploymentTimeoutMinutes.",
                mayHaveHappened: true);
        }
    }

    public void Dispose()
    {
        either.Dispose();
        limit.Dispose();
    }
}
