using Microsoft.Extensions.Logging;

namespace Portal.Core.Providers;

/// <summary>For sweeps: a provider that is down keeps no other from its turn.</summary>
internal static class EachProvider
{
    /// <param name="doing">For the log: "looking what is new".</param>
    public static async Task EachAsync<T>(this IEnumerable<T> providers, string doing, ILogger log, Func<T, Task> work)
        where T : class, IProvider
    {
        foreach (var provider in providers)
        {
            try
            {
                await work(provider);
            }
            catch (ProviderException e)
            {
                log.LogWarning(
                    "{Provider} was passed over when {Doing}: {Reason}", provider.Instance, doing, e.Message);
            }
        }
    }
}
