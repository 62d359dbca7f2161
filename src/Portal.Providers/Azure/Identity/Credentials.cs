using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;

namespace Portal.Providers.Azure.Identity;

/// <summary>Makes the credential that the options name.</summary>
/// <param name="isOffline">The authority is of a cloud that the public one does not know.</param>
internal sealed class Credentials(AzureCloud cloud, bool isOffline, HttpPipelineTransport transport)
{
    public TokenCredential Create(AzureIdentityOptions identity) => identity.Credential.ToUpperInvariant() switch
    {
        "ENVIRONMENT" => new EnvironmentCredential(Options(
            new EnvironmentCredentialOptions { DisableInstanceDiscovery = isOffline })),
        "WORKLOADIDENTITY" => new WorkloadIdentityCredential(Options(new WorkloadIdentityCredentialOptions
        {
            TenantId = OrNull(identity.TenantId), ClientId = OrNull(
                identity.ClientId), DisableInstanceDiscovery = isOffline,
        })),
        "MANAGEDIDENTITY" => new ManagedIdentityCredential(Options(new ManagedIdentityCredentialOptions(
            OrNull(identity.ClientId) is { } client
                ? ManagedIdentityId.FromUserAssignedClientId(client) : ManagedIdentityId.SystemAssigned))),
        "AZURECLI" => new AzureCliCredential(new AzureCliCredentialOptions { TenantId = OrNull(identity.TenantId) }),
        "AZUREDEVELOPERCLI" => new AzureDeveloperCliCredential(
            new AzureDeveloperCliCredentialOptions { TenantId = OrNull(identity.TenantId) }),
        "AZUREPOWERSHELL" => new AzurePowerShellCredential(
            new AzurePowerShellCredentialOptions { TenantId = OrNull(identity.TenantId) }),
        "CLIENTSECRET" => new ClientSecretCredential(
            identity.TenantId, identity.ClientId, identity.ClientSecret, Options(
                new ClientSecretCredentialOptions { DisableInstanceDiscovery = isOffline })),
        "CLIENTCERTIFICATE" => new ClientCertificateCredential(
            identity.TenantId, identity.ClientId, identity.CertificateFile, Options(
                new ClientCertificateCredentialOptions { DisableInstanceDiscovery = isOffline })),
        _ => new DefaultAzureCredential(Options(new DefaultAzureCredentialOptions
        {
            TenantId = OrNull(identity.TenantId), ManagedIdentityClientId = OrNull(identity.ClientId),
            WorkloadIdentityClientId = OrNull(identity.ClientId),
            DisableInstanceDiscovery = isOffline,
        })),
    };

    private T Options<T>(T options) where T : TokenCredentialOptions
    {
        options.AuthorityHost = cloud.Authority;
        options.Transport = transport;
        return options;
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
