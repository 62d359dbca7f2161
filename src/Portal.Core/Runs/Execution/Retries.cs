using Polly;
using Polly.Retry;
using Portal.Core.Providers;

namespace Portal.Core.Runs.Execution;

/// <summary>When a call to a provider is made again by itself: where nothing is wrong with what was asked.</summary>
internal static class Retries
{
    private const int AtMost = 3;
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    /// <summary>Three times, after about 1, 2 and 4 seconds.</summary>
    /// <param name="unknown">Called when the call may have taken effect although it failed.</param>
    public static RetryStrategyOptions Of(Action<string> log, string what, Action unknown) => new()
    {
        ShouldHandle = new PredicateBuilder().Handle<ProviderException>(e => e.IsTransient),
        MaxRetryAttempts = AtMost, BackoffType = DelayBackoffType.Exponential, UseJitter = true, Delay = First,
        OnRetry = retry =>
        {
            var problem = (ProviderException)retry.Outcome.Exception!;
            if (problem.MayHaveHappened) unknown();
            log($"{what}: {problem.Message} Trying again in {Math.Max(1, retry.RetryDelay.TotalSeconds):0} s.");
            return default;
        },
    };
}
