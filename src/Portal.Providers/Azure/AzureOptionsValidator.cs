using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Portal.Providers.Azure;

/// <summary>Collects every failure, and names the key and what it allows.</summary>
/// <param name="instance">Options of other instances are not its matter.</param>
internal sealed partial class AzureOptionsValidator(string instance) : IValidateOptions<AzureOptions>
{
    public static readonly string[] Credentials =
    [
        "Default", "Environment", "WorkloadIdentity", "ManagedIdentity", "AzureCli", "AzureDeveloperCli",
        "AzurePowerShell", "ClientSecret", "ClientCertificate",
    ];

    private static readonly string[] Clouds = ["Public", "China", "UsGovernment", "Custom"];

    public ValidateOptionsResult Validate(string? name, AzureOptions options)
    {
        if (name != instance) return ValidateOptionsResult.Skip;
        var key = AzureOptions.SectionOf(instance);
        List<string> failures = [.. Identity(key, options, options.TenantId, isInstance: true)];
        foreach (var (type, identity) in options.Identities)
        {
            failures.AddRange(Identity($"{key}:Identities:{type}", identity, options.TenantId, isInstance: false));
        }
        failures.AddRange(Cloud(key, options));
        if (options.Location.Length == 0 || !LocationPattern().IsMatch(options.Location))
        {
            failures.Add(
                $"{key}:Location is '{options.Location}': give a region as az account list-locations names it, e.g. "
                + "westeurope");
        }
        if (!PrefixPattern().IsMatch(options.ResourceGroupPrefix))
        {
            failures.Add(
                $"{key}:ResourceGroupPrefix is '{options.ResourceGroupPrefix}': give 1 to 26 letters, digits, dashes, "
                + "dots and underscores");
        }
        if (!options.Image.Contains("{name}", StringComparison.Ordinal)
            || !options.Image.Contains("{commit}", StringComparison.Ordinal))
        {
            failures.Add(
                $"{key}:Image is '{options.Image}': {{name}} and {{commit}} must be in it, e.g. "
                + $"ghcr.io/{{organisation}}/{{name}}:{{commit}}");
        }
        failures.AddRange(Registry($"{key}:Registry", options.Registry));
        if (options.Definitions.Length == 0)
        {
            failures.Add($"{key}:Definitions is empty: give the folder of the environment definitions");
        }
        if (options.DefaultDefinition.Length == 0)
        {
            failures.Add($"{key}:DefaultDefinition is empty: give the folder name of one of the definitions");
        }
        Range("DeploymentTimeoutMinutes", options.DeploymentTimeoutMinutes, 1, 240);
        Range("HealthTimeoutSeconds", options.HealthTimeoutSeconds, 1, 3600);
        Range("PollMilliseconds", options.PollMilliseconds, 10, 60_000);
        foreach (var (team, centre) in options.CostCentres)
        {
            if (centre is not { Length: > 0 and <= 256 })
            {
                failures.Add($"{key}:CostCentres:{team} is '{centre}': give 1 to 256 characters");
            }
        }
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Range(string option, int value, int least, int most)
        {
            if (value < least || value > most) failures.Add($"{key}:{option} is {value}: give {least} to {most}");
        }
    }

    private static IEnumerable<string> Identity(
        string key, AzureIdentityOptions identity, string tenant, bool isInstance)
    {
        if (identity.SubscriptionId.Length == 0 ? isInstance : !Guid.TryParseExact(identity.SubscriptionId, "D", out _))
        {
            yield return $"{key}:SubscriptionId is '{identity.SubscriptionId}': give the subscription's id, a GUID (az "
                + "account show --query id)";
        }
        if (identity.Credential.Length > 0
            && !Credentials.Contains(identity.Credential, StringComparer.OrdinalIgnoreCase))
        {
            yield return $"{key}:Credential is '{identity.Credential}': give {string.Join(", ", Credentials)}";
        }
        var app = Is(identity, "ClientSecret") || Is(identity, "ClientCertificate");
        if (app && identity.TenantId.Length == 0 && tenant.Length == 0)
        {
            yield return $"{key}:TenantId is empty: {identity.Credential} needs the tenant (az account show --query "
                + "tenantId)";
        }
        if (app && identity.ClientId.Length == 0)
        {
            yield return $"{key}:ClientId is empty: {identity.Credential} needs the app's (client) id";
        }
        if (Is(identity, "ClientSecret") && identity.ClientSecret.Length == 0)
        {
            yield return $"{key}:ClientSecret is empty: give the secret's value";
        }
        if (Is(identity, "ClientCertificate") && !File.Exists(identity.CertificateFile))
        {
            yield return $"{key}:CertificateFile is '{identity.CertificateFile}': give a PEM or PFX file that exists";
        }
        if (identity.PipelineIdentity.Length > 0 && !IdentityPattern().IsMatch(identity.PipelineIdentity))
        {
            yield return $"{key}:PipelineIdentity is '{identity.PipelineIdentity}': give the resource id of a "
                + "user-assigned identity (az identity show --query id)";
        }
    }

    private static bool Is(AzureIdentityOptions identity, string credential) =>
        identity.Credential.Equals(credential, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Cloud(string key, AzureOptions options)
    {
        if (!Clouds.Contains(options.Cloud, StringComparer.OrdinalIgnoreCase))
        {
            yield return $"{key}:Cloud is '{options.Cloud}': give {string.Join(", ", Clouds)}";
        }
        var custom = options.Cloud.Equals("Custom", StringComparison.OrdinalIgnoreCase);
        foreach (var (option, value)
            in ((string, string)[])[("ArmEndpoint", options.ArmEndpoint), ("Authority", options.Authority)])
        {
            if (custom
                && !(Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps))
            {
                yield return $"{key}:{option} is '{value}': a Custom cloud needs an https address there";
            }
            if (!custom && value.Length > 0)
            {
                yield return $"{key}:{option} is '{value}': it is for Cloud=Custom only; leave it out";
            }
        }
        if (!custom && options.DisableInstanceDiscovery)
        {
            yield return $"{key}:DisableInstanceDiscovery is true: it is for Cloud=Custom only; leave it out";
        }
    }

    private static IEnumerable<string> Registry(string key, AzureRegistryOptions registry)
    {
        var (user, password) = (registry.Username.Length > 0, registry.Password.Length > 0);
        if (user != password) yield return $"{key}: give Username and Password, or neither";
        if (registry.Identity.Length > 0 && user)
        {
            yield return $"{key}: give Username and Password, or Identity, not both";
        }
        if ((user || registry.Identity.Length > 0) && registry.Server.Length == 0)
        {
            yield return $"{key}:Server is empty: say whose images they are for, e.g. shop.azurecr.io";
        }
        if (registry.Identity.Length > 0
            && !registry.Identity.Contains("/userAssignedIdentities/", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"{key}:Identity is '{registry.Identity}': give the resource id of a user-assigned identity "
                + "(/subscriptions/…/userAssignedIdentities/name)";
        }
    }

    [GeneratedRegex(
        @"^/subscriptions/[^/]+/resourcegroups/[^/]+/providers/Microsoft\.ManagedIdentity/userAssignedIdentities/[^/]+\z",
        RegexOptions.IgnoreCase)]
    private static partial Regex IdentityPattern();

    [GeneratedRegex(@"^[a-z0-9]{3,40}\z")]
    private static partial Regex LocationPattern();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,25}\z")]
    private static partial Regex PrefixPattern();
}
