namespace Portal.Providers.Azure;

/// <summary>How to sign in, and where to: of the instance, or of one environment type.</summary>
public class AzureIdentityOptions
{
    /// <summary>
    /// The subscription in which environments are made: a GUID. Of an environment type: empty = that of the instance.
    /// </summary>
    public string SubscriptionId { get; set; } = "";

    /// <summary>The Entra tenant: a GUID or a domain. Needed by ClientSecret and ClientCertificate.</summary>
    public string TenantId { get; set; } = "";

    /// <summary>
    /// Default, Environment, WorkloadIdentity, ManagedIdentity, AzureCli, AzureDeveloperCli, AzurePowerShell,
    /// ClientSecret or ClientCertificate. Of an environment type: empty = all of the instance's.
    /// </summary>
    public string Credential { get; set; } = "";

    /// <summary>Of the app or of a user-assigned managed identity.</summary>
    public string ClientId { get; set; } = "";

    public string ClientSecret { get; set; } = "";

    /// <summary>PEM (certificate and key) or PFX without a password.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>
    /// Resource id of the user-assigned managed identity that pipelines deploy with; <c>azure:federated-credential</c>
    /// lets a repository sign in as it. Of an environment type: empty = none, never that of the instance.
    /// </summary>
    public string PipelineIdentity { get; set; } = "";
}

/// <summary>
/// One instance of the Azure provider: section <c>Portal:Providers:&lt;name&gt;</c> with <c>Type=Azure</c>.
/// </summary>
public sealed class AzureOptions : AzureIdentityOptions
{
    public const string TypeName = "Azure";

    public const string CostCentreTag = "portal-cost-centre";

    public string Type { get; set; } = TypeName;

    /// <summary>The region of everything that is made, e.g. <c>westeurope</c>.</summary>
    public string Location { get; set; } = "";

    /// <summary>Public, China, UsGovernment or Custom.</summary>
    public string Cloud { get; set; } = "Public";

    /// <summary>Of a Custom cloud: the address of Resource Manager, https.</summary>
    public string ArmEndpoint { get; set; } = "";

    /// <summary>Of a Custom cloud: what tokens are asked for. Empty: <c>https://management.azure.com/</c>.</summary>
    public string ArmAudience { get; set; } = "";

    /// <summary>Of a Custom cloud: where to sign in, https.</summary>
    public string Authority { get; set; } = "";

    /// <summary>
    /// Of a Custom cloud that the public one does not know (disconnected, stack hub): do not ask whether the authority
    /// is genuine.
    /// </summary>
    public bool DisableInstanceDiscovery { get; set; }

    /// <summary>Another identity and subscription per environment type: dev, test, prod …</summary>
    public Dictionary<string, AzureIdentityOptions> Identities { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Of the name of each resource group: the environment's id follows. 1 to 26 letters, digits, dashes, dots and
    /// underscores.
    /// </summary>
    public string ResourceGroupPrefix { get; set; } = "portal-";

    /// <summary>
    /// The image that a version runs; <c>{organisation}</c>, <c>{name}</c> and <c>{commit}</c> are filled in, in lower
    /// case.
    /// </summary>
    public string Image { get; set; } = "ghcr.io/{organisation}/{name}:{commit}";

    public AzureRegistryOptions Registry { get; set; } = new();

    /// <summary>Folder of the environment definitions, one folder each; relative to the portal's root.</summary>
    public string Definitions { get; set; } = "templates/environments";

    /// <summary>Name (folder) of the definition that is used when nobody chooses.</summary>
    public string DefaultDefinition { get; set; } = "container-app";

    /// <summary>Team → cost centre: the tag <c>portal-cost-centre</c> of what it owns.</summary>
    public Dictionary<string, string> CostCentres { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Environment types whose resource groups get a CanNotDelete lock; not set = prod. <c>none</c> locks nothing.
    /// </summary>
    public List<string>? LockedTypes { get; set; }

    /// <summary>The longest that one deployment may take, in minutes, 1 to 240.</summary>
    public int DeploymentTimeoutMinutes { get; set; } = 60;

    /// <summary>
    /// How long a version may take to become healthy after its deployment is done, in seconds, 1 to 3600.
    /// </summary>
    public int HealthTimeoutSeconds { get; set; } = 300;

    /// <summary>
    /// The pause between two looks at something under way, in milliseconds, 10 to 60000. Azure may ask for a longer
    /// one.
    /// </summary>
    public int PollMilliseconds { get; set; } = 2000;

    public bool Locks(string? environmentType) =>
        (LockedTypes ?? ["prod"]).Contains(environmentType ?? "", StringComparer.OrdinalIgnoreCase);

    public static string SectionOf(string instance) => $"Portal:Providers:{instance}";
}

/// <summary>
/// Where images are pulled from, when not everybody may: user name and password, or the resource id of a managed
/// identity.
/// </summary>
public sealed class AzureRegistryOptions
{
    /// <summary>E.g. <c>ghcr.io</c>, <c>shop.azurecr.io</c>; empty = images are public.</summary>
    public string Server { get; set; } = "";

    public string Username { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>Resource id of a user-assigned identity that may pull (AcrPull).</summary>
    public string Identity { get; set; } = "";
}
