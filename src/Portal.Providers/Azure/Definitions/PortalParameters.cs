namespace Portal.Providers.Azure.Definitions;

/// <summary>
/// The parameters of a template that the portal fills, those that the template declares. Nobody is asked for them.
/// </summary>
internal static class PortalParameters
{
    /// <summary>string: what resources are named after; 2 to 24 lower-case letters, digits and dashes.</summary>
    public const string Name = "portalName";

    /// <summary>object: the tags for each resource.</summary>
    public const string Tags = "portalTags";

    /// <summary>string: the environment's type, e.g. dev.</summary>
    public const string EnvironmentType = "portalEnvironmentType";

    /// <summary>string: the image that it runs. A template that declares it runs versions.</summary>
    public const string Image = "portalImage";

    /// <summary>array: <c>command</c> of score.yaml; empty = the image's.</summary>
    public const string Command = "portalCommand";

    /// <summary>array: <c>args</c> of score.yaml.</summary>
    public const string Args = "portalArgs";

    /// <summary>string: both as one line for a shell.</summary>
    public const string CommandLine = "portalCommandLine";

    /// <summary>
    /// array of <c>{name, value}</c>: <c>variables</c> of score.yaml, PORT and OTEL_RESOURCE_ATTRIBUTES.
    /// </summary>
    public const string Variables = "portalVariables";

    /// <summary>
    /// int: the port that the service listens at: <c>service.ports</c> of score.yaml, else that of its checks, else
    /// 8080.
    /// </summary>
    public const string Port = "portalPort";

    /// <summary>array: the checks as Container Apps write them.</summary>
    public const string Probes = "portalProbes";

    /// <summary>string: path of the readiness check, else of the liveness check, else empty.</summary>
    public const string HealthPath = "portalHealthPath";

    /// <summary>string: name of the size.</summary>
    public const string Size = "portalSize";

    /// <summary>string: cores, e.g. 0.25 (ARM knows no decimals).</summary>
    public const string Cpu = "portalCpu";

    /// <summary>string: e.g. 0.5Gi.</summary>
    public const string Memory = "portalMemory";

    /// <summary>string: <c>Registry:Server</c>.</summary>
    public const string RegistryServer = "portalRegistryServer";

    public const string RegistryUsername = "portalRegistryUsername";

    /// <summary>secureString.</summary>
    public const string RegistryPassword = "portalRegistryPassword";

    /// <summary>string: resource id of the identity that pulls.</summary>
    public const string RegistryIdentity = "portalRegistryIdentity";

    public const string Prefix = "portal";

    public static readonly IReadOnlyList<string> All =
    [
        Name, Tags, EnvironmentType, Image, Command, Args, CommandLine, Variables, Port, Probes, HealthPath, Size, Cpu,
        Memory,
        RegistryServer, RegistryUsername, RegistryPassword, RegistryIdentity,
    ];
}
