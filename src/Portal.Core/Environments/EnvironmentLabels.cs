using System.Globalization;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

/// <summary>What hosts keep with each environment, see <see cref="Providers.CreateEnvironment"/>.</summary>
internal static class EnvironmentLabels
{
    /// <param name="end">When it is destroyed by itself; null = never.</param>
    public static Dictionary<string, string> Of(
        EntityRef component, string name, Guid run, EntityRef owner, DateTimeOffset? end)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["service.name"] = component.Name, ["deployment.environment.name"] = name, ["portal.run"] = run.ToString(),
            ["portal.owner"] = owner.ToString(),
        };
        if (end is { } at) labels["portal.expires"] = at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        return labels;
    }
}
