namespace Portal.Providers.Azure.Arm;

/// <summary>
/// The versions of Azure's interfaces that the adapter was written against; the SDK's own types bring theirs.
/// </summary>
internal static class ArmVersions
{
    public const string Deployments = "2022-09-01";
    public const string Resources = "2021-04-01";
    public const string ContainerApps = "2024-03-01";
    public const string WebApps = "2023-12-01";
    public const string Permissions = "2022-04-01";
    public const string Costs = "2023-11-01";
    public const string Identities = "2023-01-31";
}
