using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.TestKit.Azure.Server;

namespace Portal.TestKit.Azure;

/// <summary>
/// A stand-in of Azure: Entra's token endpoint, Resource Manager and the apps that run there, in memory behind real
/// TLS. It refuses what Azure documents to refuse, counts what it makes, and fails as it is told.
/// </summary>
public sealed class AzureWorld : IAsyncDisposable
{
    public const string TenantId = "11111111-1111-1111-1111-111111111111";
    public const string SubscriptionId = "22222222-2222-2222-2222-222222222222";

    /// <summary>A second subscription, for another environment type.</summary>
    public const string OtherSubscriptionId = "33333333-3333-3333-3333-333333333333";
    public const string ClientId = "44444444-4444-4444-4444-444444444444";
    public const string ClientSecret = "aZure~Stand-in.Secret_0123456789";

    internal static readonly string[] Subscriptions = [SubscriptionId, OtherSubscriptionId];

    private readonly WebApplication app;
    private readonly WorldState state;
    private readonly WorldCertificates certificates;
    private readonly SignIn signIn;

    private AzureWorld(WebApplication app, WorldState state, WorldCertificates certificates, SignIn signIn) =>
        (this.app, this.state, this.certificates, this.signIn) = (app, state, certificates, signIn);

    /// <summary>Of Resource Manager and of the authority, https.</summary>
    public Uri Address => new($"https://127.0.0.1:{state.Port}");

    /// <summary>PEM file of the authority that signed the certificates: for SSL_CERT_FILE of a process.</summary>
    public string CertificateFile { get; } = Path.Combine(Path.GetTempPath(), $"azure-world-{Guid.NewGuid():N}.pem");

    public AzureFaults Faults { get; } = new();

    public AzureLedger Ledger => state.Ledger;

    public AzureRules Rules => state.Rules;

    /// <summary>What was sent that Azure would not take.</summary>
    public IReadOnlyList<string> Violations
    {
        get
        {
            lock (state.Violations) return [.. state.Violations];
        }
    }

    public bool SecretIsExpired
    {
        get => signIn.IsExpired;
        set => signIn.IsExpired = value;
    }

    /// <summary>What there is now, in a fixed order: equal before and after a run that was undone.</summary>
    public IReadOnlyList<AzureThing> Listing
    {
        get
        {
            lock (state.Access)
            {
                return
                [
                    .. state.Groups.Values.Select(g => g.Thing)
                    .Concat(state.Groups.Values.SelectMany(g => g.Resources.Values).Select(r => r.Thing))
                        .Concat(state.FederatedCredentials.Keys.Select(
                            k => new AzureThing(AzureThing.FederatedCredential, k, null)))
                        .OrderBy(t => t.Kind, StringComparer.Ordinal).ThenBy(t => t.Name, StringComparer.Ordinal),
                ];
            }
        }
    }

    public static async Task<AzureWorld> StartAsync(TimeProvider? time = null)
    {
        var certificates = new WorldCertificates();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseShutdownTimeout(TimeSpan.Zero);
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen =>
            listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificateSelector = (_, host) => certificates.For(host)
            })));
        builder.Logging.ClearProviders();
        var (state, signIn) = (new WorldState(time ?? TimeProvider.System), new SignIn());
        var world = new AzureWorld(builder.Build(), state, certificates, signIn);
        var server = new ArmServer(state, world.Faults, signIn, () => world.Address);
        world.app.Run(server.InvokeAsync);
        await world.app.StartAsync();
        state.Port = new Uri(world.app.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        await File.WriteAllTextAsync(world.CertificateFile, certificates.Pem);
        return world;
    }

    /// <summary>A handler that trusts this world and finds its names (*.localhost) on this machine.</summary>
    public SocketsHttpHandler TrustingHandler() => new()
    {
        UseCookies = false,
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = certificates.Policy() },
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    /// <summary>The configuration of a provider instance that signs in to this world.</summary>
    public Dictionary<string, string?> Settings(string instance)
    {
        var key = $"Portal:Providers:{instance}";
        return new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            [$"{key}:Type"] = "Azure", [$"{key}:Cloud"] = "Custom", [$"{key}:ArmEndpoint"] = Address.ToString(),
            [$"{key}:Authority"] = Address.ToString(),
            [$"{key}:DisableInstanceDiscovery"] = "true", [$"{key}:SubscriptionId"] = SubscriptionId,
            [$"{key}:TenantId"] = TenantId, [$"{key}:Location"] = "westeurope",
            [$"{key}:Credential"] = "ClientSecret", [$"{key}:ClientId"] = ClientId,
            [$"{key}:ClientSecret"] = ClientSecret, [$"{key}:PollMilliseconds"] = "10",
            [$"{key}:Http:RetryDelayMilliseconds"] = "20", [$"{key}:Http:AttemptTimeoutSeconds"] = "10",
        };
    }

    /// <summary>An image whose service answers so at <c>/</c>.</summary>
    public void AddImage(string image, string answer)
    {
        lock (state.Access) state.Images[image] = new Image(answer, null);
    }

    /// <summary>Asked what an image answers that nobody added; null = there is no such image.</summary>
    public Func<string, string?> Registry
    {
        get => state.Registry;
        set => state.Registry = value;
    }

    /// <summary>An image whose service writes that and ends.</summary>
    public void AddDyingImage(string image, string lastWords)
    {
        lock (state.Access) state.Images[image] = new Image(null, lastWords);
    }

    /// <summary>A resource group that somebody else has made.</summary>
    public string AddGroup(
        string name, IReadOnlyDictionary<string, string>? tags = null, string subscription = SubscriptionId)
    {
        lock (state.Access)
        {
            var group = new StoredGroup(subscription, name, "westeurope") { Tags = new JsonObject((tags
                ?? new Dictionary<string, string>()).Select(
                    t => KeyValuePair.Create<string, JsonNode?>(t.Key, t.Value))) };
            state.Groups[WorldState.KeyOf(subscription, name)] = group;
            return group.Id;
        }
    }

    /// <summary>A resource that somebody else has made.</summary>
    /// <returns>Its id.</returns>
    public string AddResource(string group, string type, string name, string subscription = SubscriptionId)
    {
        lock (state.Access)
        {
            var stored = state.Group(subscription, group);
            var resource = new StoredResource(
                $"{stored.Id}/providers/{type}/{name}", type, name, new JsonObject { ["location"] = stored.Location });
            ResourceKinds.Complete(resource, resource.Raw, stored, state.Port);
            if (AppHost.IsApp(type)) resource.Serves = new Image("it works", null);
            stored.Resources[resource.Id] = resource;
            return resource.Id;
        }
    }

    /// <summary>A deployment that somebody else has made there.</summary>
    public void AddDeployment(
        string group, string name, IReadOnlyDictionary<string, string> tags, string subscription = SubscriptionId)
    {
        lock (state.Access)
        {
            var stored = state.Group(subscription, group);
            stored.Deployments[name] = new StoredDeployment(
                $"{stored.Id}/providers/Microsoft.Resources/deployments/{name}", name,
                new JsonObject(tags.Select(t => KeyValuePair.Create<string, JsonNode?>(t.Key, t.Value))), [], [])
            {
                State = "Succeeded", Timestamp = state.NowText(),
            };
        }
    }

    /// <summary>Somebody sets a tag on a resource group.</summary>
    public void Tag(string group, string tag, string value, string subscription = SubscriptionId)
    {
        lock (state.Access) state.Group(subscription, group).Tags[tag] = value;
    }

    /// <summary>Somebody deletes a resource group with all in it.</summary>
    public void RemoveGroup(string group, string subscription = SubscriptionId)
    {
        lock (state.Access) state.Groups.Remove(WorldState.KeyOf(subscription, group));
    }

    /// <summary>The tags of a resource group; null when it is not there.</summary>
    public IReadOnlyDictionary<string, string>? TagsOf(string group, string subscription = SubscriptionId)
    {
        lock (state.Access)
        {
            return state.Groups.GetValueOrDefault(WorldState.KeyOf(subscription, group))?.Tags.ToDictionary(
                t => t.Key, t => t.Value!.ToString(), StringComparer.Ordinal);
        }
    }

    /// <summary>A resource as Resource Manager has it; null when it is not there.</summary>
    public JsonObject? ResourceOf(string group, string type, string subscription = SubscriptionId)
    {
        lock (state.Access)
        {
            return state.Groups.GetValueOrDefault(WorldState.KeyOf(
                subscription,
                group))?.Resources.Values.FirstOrDefault(r => r.Type == type)?.Raw.DeepClone() as JsonObject;
        }
    }

    public IReadOnlyList<string> LocksOf(string group, string subscription = SubscriptionId)
    {
        lock (state.Access) return [.. state.Groups.GetValueOrDefault(WorldState.KeyOf(subscription, group))?.Locks.Keys
            ?? Enumerable.Empty<string>()];
    }

    /// <summary>Subjects of the federated credentials.</summary>
    public IReadOnlyList<string> FederatedSubjects
    {
        get
        {
            lock (state.Access) return [.. state.FederatedCredentials.Values.Select(
                c => c["properties"]!["subject"]!.ToString())];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        certificates.Dispose();
        File.Delete(CertificateFile);
    }
}
