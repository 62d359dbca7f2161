using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit.Azure;

namespace Portal.Providers.Tests.Azure;

internal static class AzureThings
{
    public const string Score = """
        apiVersion: score.dev/v1b1
        metadata:
          name: orders
        containers:
          service:
            image: .
            command: [node]
            args: [src/main.js, --verbose]
            variables:
              GREETING: "[hello] from ${metadata.name}"
            resources:
              requests: { cpu: 50m, memory: 96Mi }
            livenessProbe:
              httpGet: { path: /livez, port: 8080 }
            readinessProbe:
              httpGet: { path: /readyz, port: 8080 }
        service:
          ports:
            http: { port: 80, targetPort: 8080 }
        """;

    public static RepositoryName NewRepository() => new("Shop", "Svc-" + Guid.NewGuid().ToString("N")[..8]);

    /// <summary>A version whose image is in the world.</summary>
    public static EnvironmentVersion Working(this AzureWorld world, RepositoryName repository, string answer)
    {
        var version = NewVersion();
        world.AddImage(ImageOf(repository, version), answer);
        return version;
    }

    public static EnvironmentVersion Dying(this AzureWorld world, RepositoryName repository)
    {
        var version = NewVersion();
        world.AddDyingImage(ImageOf(repository, version), "cannot find the settings");
        return version;
    }

    public static EnvironmentVersion NewVersion() =>
        new(Guid.NewGuid().ToString("N"), Convert.ToHexStringLower(Guid.NewGuid().ToByteArray()) + "01234567", Score);

    public static CreateEnvironment Request(
        RepositoryName repository, EnvironmentVersion? version, string? definition = null, string type = "dev",
        JsonObject? parameters = null, IProgress<string>? progress = null) => new(
        "env-" + Guid.NewGuid().ToString("N")[..8], "dev", type, repository, version, "small",
        "mark-" + Guid.NewGuid().ToString("N")[..8],
        new Dictionary<string, string>
        {
            ["portal.owner"] = "group:default/checkout", ["portal.run"] = "0199", ["service.name"] = "orders",
            ["portal.expires"] = "2026-12-01T00:00:00Z"
        },
        definition, parameters)
    { Progress = progress };

    private static string ImageOf(RepositoryName repository, EnvironmentVersion version) =>
        $"ghcr.io/{repository.Organisation}/{repository.Name}:{version.Commit}".ToLowerInvariant();
}
