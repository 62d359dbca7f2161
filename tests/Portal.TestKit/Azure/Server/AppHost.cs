using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Portal.TestKit.Azure.Server;

/// <summary>The apps of this world: what comes of a new image, and what answers at their names.</summary>
internal static class AppHost
{
    public static bool IsApp(string type) => IsContainerApp(type) || IsSite(type);

    public static bool IsContainerApp(string type) =>
        type.Equals("Microsoft.App/containerApps", StringComparison.OrdinalIgnoreCase);

    public static bool IsSite(string type) => type.Equals("Microsoft.Web/sites", StringComparison.OrdinalIgnoreCase);

    /// <summary>The image runs, or the old revision goes on.</summary>
    /// <exception cref="ArmRefusal">The image does not exist, or ends at once.</exception>
    public static void Provision(WorldState state, StoredResource app, JsonObject body)
    {
        var name = ImageOf(app.Type, body);
        if (!state.Images.TryGetValue(name, out var image) && state.Registry(name) is { } answer)
        {
            image = new Image(answer, null);
        }
        if (image is null)
        {
            const string field = "template.containers.service.image";
            if (IsContainerApp(app.Type))
            {
                throw new ArmRefusal(400, "InvalidParameterValueInContainerTemplate",
                    $"The following field(s) are either invalid or missing. Field '{field}' is invalid with details: 'Invalid value: \"{name}\": GET https://{name.Split('/')[0]}/v2/: MANIFEST_UNKNOWN: manifest unknown; unknown manifest';.");
            }
        }
        if (IsSite(app.Type))
        {
            // A web app is made whatever its image does; it only does not answer then.
            app.Serves = image is { Answer: not null } ? image : null;
            return;
        }
        var environment = state.Resource(ResourceKinds.Walk(body, "properties.environmentId")?.ToString() ?? "")
            ?? throw new ArmRefusal(
                400, "InvalidRequestParameterWithDetails",
                "EnvironmentId of the container app is invalid: the environment does not exist.");
        var revision = new Revision(
            $"{app.Name}--{ResourceKinds.Hash(Guid.NewGuid().ToString())[..7]}", name, image!.Answer is not null,
            image.LastWords);
        app.Revisions.Add(revision);
        var properties = (JsonObject)body["properties"]!;
        properties["latestRevisionName"] = revision.Name;
        properties["runningStatus"] = "Running";
        if (ResourceKinds.Walk(properties, "configuration.ingress") is JsonObject ingress)
        {
            ingress["fqdn"] = $"{app.Name}.{environment.Properties["defaultDomain"]}:{state.Port}";
        }
        if (!revision.Healthy)
        {
            throw new ArmRefusal(
                400, "ContainerAppOperationError",
                $"Failed to provision revision for container app '{app.Name}'. Error details: The following field(s) are either invalid or missing. Container 'service' was terminated with exit code '1': {image.LastWords}");
        }
        app.Serves = image;
        properties["latestReadyRevisionName"] = revision.Name;
    }

    public static JsonObject? DescribeRevision(StoredResource app, string name)
    {
        if (app.Revisions.FirstOrDefault(r => r.Name == name) is not { } revision) return null;
        var properties = new JsonObject
        {
            ["active"] = true, ["replicas"] = revision.Healthy && !app.IsStopped ? 1 : 0, ["trafficWeight"] = 100,
            ["healthState"] = revision.Healthy ? "Healthy" : "Unhealthy",
            ["provisioningState"] = revision.Healthy ? "Provisioned" : "Failed",
            ["runningState"] = revision.Healthy ? "Running" : "Failed",
        };
        if (revision.Error is not null) properties["provisioningError"] = revision.Error;
        return new JsonObject
        {
            ["id"] = $"{app.Id}/revisions/{name}", ["name"] = name, ["type"] = "Microsoft.App/containerApps/revisions",
            ["properties"] = properties
        };
    }

    /// <summary>What the name of an app answers; null when it is no name of an app.</summary>
    public static async Task AnswerAsync(WorldState state, HttpContext context)
    {
        Image? image;
        lock (state.Access)
        {
            var app = state.Groups.Values.SelectMany(g => g.Resources.Values)
                .FirstOrDefault(r => IsApp(r.Type) && NameOf(r) == context.Request.Host.Value);
            image = app is { IsStopped: false } ? app.Serves : null;
            if (app is { IsStopped: false, Serves: null } && IsSite(app.Type))
            {
                context.Response.StatusCode = 503;
                return;
            }
        }
        if (image is null)
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync("Error 404 - This Container App is stopped or does not exist.");
            return;
        }
        await context.Response.WriteAsync(image.Answer!);
    }

    private static string? NameOf(StoredResource app) => IsSite(app.Type)
        ? app.Properties["defaultHostName"]?.ToString()
        : ResourceKinds.Walk(app.Properties, "configuration.ingress.fqdn")?.ToString();

    private static string ImageOf(string type, JsonObject body) => IsSite(type)
        ? ResourceKinds.Walk(body, "properties.siteConfig.linuxFxVersion")?.ToString().Replace(
            "DOCKER|", "", StringComparison.Ordinal) ?? ""
        : (ResourceKinds.Walk(body, "properties.template.containers") as JsonArray)?[0]?["image"]?.ToString() ?? "";
}
