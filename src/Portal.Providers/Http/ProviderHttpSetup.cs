using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Portal.Providers.Http;

/// <summary>Registration of the pipeline that an adapter calls its provider through.</summary>
internal static class ProviderHttpSetup
{
    /// <summary>
    /// Registers <see cref="ProviderHttp"/> under the key <paramref name="instance"/>. Handlers that the adapter adds
    /// to the result (a token, an API version) come inside: they see every attempt.
    /// </summary>
    /// <param name="instance">Name of the provider instance; its limits and figures are its own.</param>
    /// <param name="baseAddress">Of all calls; ends with a slash when it has a path.</param>
    /// <param name="configure">The adapter's own defaults; what is configured wins.</param>
    public static IHttpClientBuilder AddProviderHttp(
        this IServiceCollection services, string instance, Uri baseAddress, Action<ProviderHttpOptions>? configure =
            null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<ProviderHttpOptions>>(new ProviderHttpOptionsValidator(instance));
        services.AddOptions<ProviderHttpOptions>(instance).Configure(options => configure?.Invoke(options))
            .BindConfiguration(ProviderHttpOptions.SectionOf(instance)).ValidateOnStart();
        // Handlers come and go with their connections; what the provider said about its limits stays.
        services.AddKeyedSingleton(instance, (provider, _) => new RateGates(
            provider.GetRequiredService<TimeProvider>(), TimeSpan.FromSeconds(
                Options(provider).MaxRateLimitWaitSeconds)));
        services.AddKeyedSingleton(
            instance, (provider, _) => new AnswerCache(Options(provider).CacheMiB * 1024L * 1024));
        services.AddKeyedSingleton(instance, (provider, _) => new ProviderHttp(
            instance, () => provider.GetRequiredService<IHttpClientFactory>()
                .CreateClient(ClientName(instance)), provider.GetRequiredService<TimeProvider>()));
        return services.AddHttpClient(ClientName(instance), client =>
            {
                client.BaseAddress = baseAddress;
                // Each attempt has its own time-out.
                client.Timeout = Timeout.InfiniteTimeSpan;
            })
            // The framework's log lines of each request hold addresses with their query.
            .RemoveAllLoggers()
            // Inside everything that an adapter adds: what was read is kept by the credential that it was read with.
            .ConfigurePrimaryHttpMessageHandler(provider => new ConditionalHandler(
                provider.GetRequiredKeyedService<AnswerCache>(instance), Options(provider).MaxAnswerMiB * 1024L * 1024,
                Connections()))
            .AddHttpMessageHandler(provider => new ProviderHttpHandler(
                instance, Options(provider),
                provider.GetRequiredKeyedService<RateGates>(instance), provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILoggerFactory>().CreateLogger($"Portal.Providers.{instance}")))
            .AddHttpMessageHandler(() => new RedirectHandler(Elsewhere));

        ProviderHttpOptions Options(IServiceProvider provider) =>
            provider.GetRequiredService<IOptionsMonitor<ProviderHttpOptions>>().Get(instance);
    }

    /// <summary>For downloads from other hosts: it has no credentials to give away.</summary>
    private static readonly HttpMessageInvoker Elsewhere = new(Connections());

    /// <summary>The framework would follow redirects without the credentials, and turn a POST into a GET.</summary>
    private static SocketsHttpHandler Connections() => new()
    {
        UseCookies = false, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    internal static string ClientName(string instance) => $"provider:{instance}";
}
