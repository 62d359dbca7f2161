using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Core.Shared;

namespace Portal.Core.Providers.Checks;

/// <summary>
/// Checks each instance at start-up, every ten minutes, and when somebody asks; one that hangs or fails keeps nothing
/// else from going on.
/// </summary>
public sealed class CheckProviders(
    ProviderRegistry providers, ProviderChecks checks, TimeProvider time,
    ILogger<CheckProviders> log) : BackgroundService
{
    /// <summary>For one check.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>Never throws for what a provider does.</summary>
    public static async Task<ProviderCheck> CheckAsync(
        IProviderCheck provider, TimeProvider time, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            return await provider.CheckAsync(patience.Token).WaitAsync(Patience, time, cancellation);
        }
        catch (TimeoutException)
        {
            await patience.CancelAsync();
            return Failed(
                $"It did not answer within {Patience.TotalSeconds:0} seconds: see whether its address is right and can be reached from here.");
        }
        catch (ProviderException e)
        {
            return Failed(e.Message);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return Failed($"The check itself failed ({e.GetType().Name}).");
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var asked = checks.Asked.WaitToReadAsync(stoppingToken).AsTask();
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(providers.All<IProviderCheck>().Select(p => LookAsync(p, stoppingToken)));
            var later = Task.Delay(Interval, time, stoppingToken);
            while (await Task.WhenAny(later, asked) == asked)
            {
                stoppingToken.ThrowIfCancellationRequested();
                while (checks.Asked.TryRead(out var instance))
                {
                    if (providers.Find<IProviderCheck>(instance) is { } provider)
                    {
                        await LookAsync(provider, stoppingToken);
                    }
                }
                asked = checks.Asked.WaitToReadAsync(stoppingToken).AsTask();
            }
        }
    }

    private async Task LookAsync(IProviderCheck provider, CancellationToken cancellation)
    {
        var before = checks.Of(provider.Instance).Check;
        var found = await CheckAsync(provider, time, cancellation);
        checks.Found(provider.Instance, found, time.Now());
        if (before is null || !before.Problems.SequenceEqual(found.Problems, StringComparer.Ordinal))
        {
            foreach (var problem in found.Problems)
            {
                log.LogWarning("{Instance} cannot be used as it should: {Problem}", provider.Instance, problem);
            }
        }
    }

    private static ProviderCheck Failed(string problem) => new("Not reached", [problem]);
}
