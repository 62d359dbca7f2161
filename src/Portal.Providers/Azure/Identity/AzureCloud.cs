using Azure.Identity;
using Azure.ResourceManager;

namespace Portal.Providers.Azure.Identity;

/// <summary>Where to sign in and where Resource Manager answers.</summary>
internal sealed record AzureCloud(Uri Authority, ArmEnvironment Arm, string PortalAddress)
{
    private const string PublicAudience = "https://management.azure.com/";

    public static AzureCloud Of(AzureOptions options) => options.Cloud.ToUpperInvariant() switch
    {
        "CHINA" => new(AzureAuthorityHosts.AzureChina, ArmEnvironment.AzureChina, "https://portal.azure.cn"),
        "USGOVERNMENT" =>
            new(AzureAuthorityHosts.AzureGovernment, ArmEnvironment.AzureGovernment, "https://portal.azure.us"),
        "CUSTOM" => new(
            new Uri(options.Authority),
            new ArmEnvironment(
                new Uri(options.ArmEndpoint),
                options.ArmAudience is { Length: > 0 } audience ? audience : PublicAudience),
            ""),
        _ => new(AzureAuthorityHosts.AzurePublicCloud, ArmEnvironment.AzurePublicCloud, "https://portal.azure.com"),
    };
}
