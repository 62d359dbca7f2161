using Azure.Core;
using Azure.Core.Pipeline;
using Azure.ResourceManager;
using Microsoft.Extensions.Logging;
using Portal.Providers.Azure.Arm;
using Portal.Providers.Azure.Identity;
using Portal.Providers.Http;

namespace Portal.Providers.Azure;

/// <summary>One identity of the instance with its subscription.</summary>
/// <param name="Name">The environment type that it is for; empty = all others.</param>
/// <param name="Costs">
/// The same with a pipeline of its own: Cost Management allows few calls, and its pauses must not hold up the others.
/// </param>
internal sealed record AzureSubscription(
    string Name, ArmApi Arm, ArmApi Costs, NamedCredential Credential, string TenantId);

/// <summary>Resource Manager for each environment type: each may have its own identity and subscription.</summary>
internal sealed class AzureClients
{
    private readonly Dictionary<string, AzureSubscription> byType = new(StringComparer.OrdinalIgnoreCase);
    private readonly AzureSubscription main;

    public AzureClients(string instance, AzureOptions options, IHttpMessageHandlerFactory handlers, ILogger logger)
    {
        var cloud = AzureCloud.Of(options);
        var credentials = new Credentials(
            cloud, options.DisableInstanceDiscovery, Transport(handlers.CreateHandler(SignInClient(instance))));
        var transport = Transport(new ArmTransport(handlers, ProviderHttpSetup.ClientName(instance)));
        var costs = Transport(new ArmTransport(handlers, ProviderHttpSetup.ClientName(CostClient(instance))));
        IReadOnlyList<string> secrets = [
            .. options.Identities.Values.Select(i => i.ClientSecret).Append(options.ClientSecret)
            .Append(options.Registry.Password)];
        main = Make("", options);
        foreach (var (type, identity) in options.Identities) byType[type] = Make(type, WithDefaults(identity, options));

        AzureSubscription Make(string name, AzureIdentityOptions identity)
        {
            var credential = new NamedCredential(instance, identity.Credential, credentials.Create(identity), logger);
            return new AzureSubscription(name, Api(transport), Api(costs), credential, identity.TenantId);

            ArmApi Api(HttpPipelineTransport through) =>
                new(
                    instance, identity.SubscriptionId,
                    new ArmClient(credential, identity.SubscriptionId, ClientOptions(cloud, through)),
                    new ArmFailures(instance, secrets));
        }
    }

    /// <summary>Each once, the instance's own first.</summary>
    public IEnumerable<AzureSubscription> All => byType.Values.Prepend(main);

    /// <summary>Each subscription once.</summary>
    public IEnumerable<AzureSubscription> Subscriptions =>
        All.DistinctBy(s => s.Arm.Subscription, StringComparer.OrdinalIgnoreCase);

    public AzureSubscription Of(string type) => byType.GetValueOrDefault(type, main);

    public static string CostClient(string instance) => $"{instance}:costs";

    public static string SignInClient(string instance) => $"{ProviderHttpSetup.ClientName(instance)}:sign-in";

    private static HttpClientTransport Transport(HttpMessageHandler handler) =>
        new(new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan });

    private static ArmClientOptions ClientOptions(AzureCloud cloud, HttpPipelineTransport transport)
    {
        var options = new ArmClientOptions { Environment = cloud.Arm, Transport = transport };
        // The pipeline below repeats, and each of its attempts has its own time-out.
        options.Retry.MaxRetries = 0;
        options.Retry.NetworkTimeout = Timeout.InfiniteTimeSpan;
        options.Diagnostics.ApplicationId = "portal";
        return options;
    }

    /// <summary>
    /// A credential is taken over whole or not at all: a client id of one with the secret of another signs nobody in.
    /// </summary>
    private static AzureIdentityOptions WithDefaults(AzureIdentityOptions identity, AzureOptions options) => new()
    {
        SubscriptionId = identity.SubscriptionId.Length > 0 ? identity.SubscriptionId : options.SubscriptionId,
        TenantId = identity.TenantId.Length > 0 ? identity.TenantId : options.TenantId,
        Credential = identity.Credential.Length > 0 ? identity.Credential : options.Credential,
        ClientId = identity.Credential.Length > 0 ? identity.ClientId : options.ClientId,
        ClientSecret = identity.Credential.Length > 0 ? identity.ClientSecret : options.ClientSecret,
        CertificateFile = identity.Credential.Length > 0 ? identity.CertificateFile : options.CertificateFile,
    };
}
