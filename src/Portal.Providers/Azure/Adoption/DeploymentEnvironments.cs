using Portal.Providers.Azure.Arm;
using Portal.Providers.Azure.Environments;

namespace Portal.Providers.Azure.Adoption;

/// <summary>
/// Recognises what Azure Deployment Environments has made: its deployments carry the tags <c>AdeDevCenterName</c>,
/// <c>AdeProjectName</c>,
/// <c>AdeEnvironmentTypeName</c> and <c>AdeEnvironmentName</c>, by which Azure's own developer CLI finds them too.
/// </summary>
internal static class DeploymentEnvironments
{
    private const string Project = "AdeProjectName";
    private const string EnvironmentName = "AdeEnvironmentName";

    /// <returns>Null when something else has made it.</returns>
    public static async Task<string?> SourceAsync(ResourceGroup group, CancellationToken cancellation)
    {
        if (Source(group.Tag) is { } tagged) return tagged;
        var path = $"{group.Path}/providers/Microsoft.Resources/deployments";
        await foreach (var deployment in group.At.Arm.ListAsync(path, ArmVersions.Deployments, cancellation))
        {
            if (Source(name => deployment.Object("tags").Text(name)) is { } source) return source;
        }
        return group.ManagedBy?.Contains("Microsoft.DevCenter", StringComparison.OrdinalIgnoreCase) == true
            ? "Azure Deployment Environments" : null;
    }

    private static string? Source(Func<string, string?> tag) => tag(Project) is { } project

            ? $"Azure Deployment Environments, project {project}{(tag(EnvironmentName) is { } name ? $", environment {name}" : "")}"
            : null;
}
