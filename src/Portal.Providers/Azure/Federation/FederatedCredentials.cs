using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Azure.Core;
using Portal.Core.Providers;
using Portal.Providers.Azure.Arm;
using Portal.Providers.Azure.Environments;

namespace Portal.Providers.Azure.Federation;

/// <param name="ClientId">Of the managed identity that the repository's pipelines sign in as.</param>
internal sealed record FederatedIdentity(string ClientId, string TenantId, string SubscriptionId);

/// <summary>
/// Lets pipelines of a repository sign in to Azure without a secret: the managed identity of the environment type
/// (<see cref="AzureIdentityOptions.PipelineIdentity"/>) trusts the tokens that GitHub gives to them.
/// </summary>
internal sealed partial class FederatedCredentials(AzureTools tools) : IProvider
{
    public const string Issuer = "https://token.actions.githubusercontent.com";

    /// <summary>Whose repositories get tokens of that issuer.</summary>
    public const string IssuingHost = "github.com";
    public const string Audience = "api://AzureADTokenExchange";

    public string Instance => tools.Instance;

    public string Type => AzureOptions.TypeName;

    /// <summary>Of what a job that names a GitHub environment presents.</summary>
    public static string SubjectOf(string repository, string environmentType) =>
        $"repo:{repository}:environment:{environmentType}";

    /// <summary>3 to 120 letters, digits, dashes and underscores, the same for the same subject.</summary>
    public static string NameOf(string subject)
    {
        var slug = NotInName().Replace(subject, "-").Trim('-');
        return $"portal-{(slug.Length > 90 ? slug[..90] : slug)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)))[..8]}";
    }

    /// <summary>The one that trusts the subject, as it is; null when there is none.</summary>
    public async Task<JsonObject?> FindAsync(string environmentType, string subject, CancellationToken cancellation)
    {
        var (at, identity) = IdentityOf(environmentType);
        await foreach (var credential
            in at.Arm.ListAsync($"{identity}/federatedIdentityCredentials", ArmVersions.Identities, cancellation))
        {
            if (credential.Object("properties").Text("subject") == subject
                && credential.Object("properties").Text("issuer") == Issuer) return credential;
        }
        return null;
    }

    /// <summary>There afterwards, whoever made it.</summary>
    public async Task<FederatedIdentity> PutAsync(
        string environmentType, string subject, CancellationToken cancellation)
    {
        var (at, identity) = IdentityOf(environmentType);
        // Azure takes an issuer and subject once for an identity, under whatever name.
        if (await FindAsync(environmentType, subject, cancellation) is null)
        {
            var body = new JsonObject
            {
                ["properties"] = new JsonObject
                {
                    ["issuer"] = Issuer, ["subject"] = subject, ["audiences"] = new JsonArray(Audience),
                },
            };
            await at.Arm.SendAsync(
                RequestMethod.Put, PathOf(identity, subject), ArmVersions.Identities, body, cancellation);
        }
        return await IdentityAsync(environmentType, cancellation);
    }

    /// <summary>Only the portal's own; gone already is fine.</summary>
    public async Task DeleteAsync(string environmentType, string subject, CancellationToken cancellation)
    {
        var (at, identity) = IdentityOf(environmentType);
        try
        {
            await at.Arm.SendAsync(
                RequestMethod.Delete, PathOf(identity, subject), ArmVersions.Identities, null, cancellation);
        }
        catch (ProviderException gone) when (gone.Error.Kind == Core.Shared.ErrorKind.NotFound)
        {
        }
    }

    public async Task<FederatedIdentity> IdentityAsync(string environmentType, CancellationToken cancellation)
    {
        var (at, identity) = IdentityOf(environmentType);
        var properties = (await at.Arm.GetAsync(identity, ArmVersions.Identities, cancellation)).Body.Object(
            "properties");
        return new FederatedIdentity(
            properties.Text("clientId") ?? "", properties.Text("tenantId") ?? at.TenantId, at.Arm.Subscription);
    }

    private static string PathOf(string identity, string subject) =>
        $"{identity}/federatedIdentityCredentials/{NameOf(subject)}";

    private (AzureSubscription At, string Identity) IdentityOf(string environmentType)
    {
        var own = tools.Options.Identities.GetValueOrDefault(environmentType);
        var (identity, key) = own is null
            ? (tools.Options.PipelineIdentity, "PipelineIdentity")
            : (own.PipelineIdentity, $"Identities:{environmentType}:PipelineIdentity");
        return identity.Length > 0 ? (tools.Clients.Of(environmentType), identity) : throw ProviderException.Invalid(
            "pipeline-identity-missing",
            $"No managed identity is named for pipelines that deploy to {environmentType}: set "
            + $"{AzureOptions.SectionOf(Instance)}:{key} to the resource id of one (az identity create).");
    }

    [GeneratedRegex("[^A-Za-z0-9_-]+")]
    private static partial Regex NotInName();
}
