using System.Globalization;
using System.Text.Json.Nodes;
using Azure.Core;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Azure.Arm;

namespace Portal.Providers.Azure.Environments;

/// <summary>A deployment as Resource Manager keeps it.</summary>
internal sealed record Deployment(string Name, string State, DateTimeOffset At, JsonObject Raw)
{
    public const string Prefix = "portal-";

    /// <summary>Ours are numbered from 1; 0 for another's.</summary>
    public int Number =>
        Name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        && int.TryParse(Name[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number : 0;

    public bool IsActive => State is "Accepted" or "Running" or "Ready" or "Creating" or "Updating";

    public bool Succeeded => State == "Succeeded";

    public string? Tag(string name) => Raw.Object("tags").Text(name);

    public string? Output(string name) => Raw.Object("properties").Object("outputs").Object(name).Text("value");

    public IEnumerable<string> Resources => (Raw.Object("properties")?["outputResources"] as JsonArray ?? [])
        .OfType<JsonObject>().Select(r => r.Text("id")).OfType<string>();

    public JsonObject Parameters => Raw.Object("properties").Object("parameters") ?? [];

    public static Deployment Of(JsonObject raw) => new(
        raw.Text("name") ?? "", raw.ProvisioningState() ?? "",
        DateTimeOffset.TryParse(
            raw.Object("properties").Text("timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out var at) ? at : default, raw);
}

/// <summary>One thing that a deployment did.</summary>
/// <param name="Resource"><c>containerApps/orders</c>.</param>
internal sealed record DeploymentOperation(
    string Id, string Resource, string State, DateTimeOffset At, JsonObject? Error)
{
    public bool IsOver => State is "Succeeded" or "Failed" or "Canceled";
}

/// <summary>
/// The deployments of one resource group. The SDK's generic resource always sends a location, which a deployment in a
/// group must not have; so they go as JSON through its pipeline.
/// </summary>
internal sealed class Deployments(ResourceGroup group, ArmPoller poller)
{
    private ArmApi Arm => group.At.Arm;

    public string PathOf(string name) => $"{group.Path}/providers/Microsoft.Resources/deployments/{name}";

    public async Task<Deployment?> FindAsync(string name, CancellationToken cancellation) =>
        await Arm.FindAsync(PathOf(name), ArmVersions.Deployments, cancellation) is { } raw ? Deployment.Of(raw) : null;

    /// <summary>Those of the portal, oldest first.</summary>
    public async Task<List<Deployment>> ListAsync(CancellationToken cancellation)
    {
        var all = new List<Deployment>();
        var path = $"{group.Path}/providers/Microsoft.Resources/deployments";
        await foreach (var raw in Arm.ListAsync(path, ArmVersions.Deployments, cancellation))
        {
            all.Add(Deployment.Of(raw));
        }
        return [.. all.Where(d => d.Number > 0).OrderBy(d => d.Number)];
    }

    /// <summary>Those operations that name a resource, by the time they came to their state.</summary>
    public async Task<List<DeploymentOperation>> OperationsAsync(string name, CancellationToken cancellation)
    {
        var all = new List<DeploymentOperation>();
        await foreach (var raw in Arm.ListAsync($"{PathOf(name)}/operations", ArmVersions.Deployments, cancellation))
        {
            var properties = raw.Object("properties");
            if (properties.Object("targetResource") is not { } target) continue;
            var at = DateTimeOffset.TryParse(
                properties.Text("timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
                out var moment) ? moment : default;
            all.Add(new DeploymentOperation(
                raw.Text("operationId") ?? "", Short(target), properties.ProvisioningStateHere(), at,
                properties.Object("statusMessage").Object("error")));
        }
        return [.. all.OrderBy(o => o.At).ThenBy(o => o.Id, StringComparer.Ordinal)];
    }

    /// <summary>Begins the deployment and follows it to its end.</summary>
    /// <exception cref="ProviderException">It failed: with the own errors of what failed in it.</exception>
    public async Task<Deployment> RunAsync(
        string name, JsonObject template, JsonObject parameters,
        IReadOnlyDictionary<string, string> tags, IProgress<string>? progress, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["tags"] = new JsonObject(tags.Select(t => KeyValuePair.Create<string, JsonNode?>(t.Key, t.Value))),
            ["properties"] = new JsonObject
            {
                ["mode"] = "Incremental", ["template"] = template.DeepClone(), ["parameters"] = parameters.DeepClone(),
            },
        };
        ArmAnswer begun;
        try
        {
            begun = await Arm.SendAsync(RequestMethod.Put, PathOf(name), ArmVersions.Deployments, body, cancellation);
        }
        catch (ProviderException active) when (active.Error.Code == "azure-deployment-active")
        {
            // Ours, of a call whose answer was lost: an attempt of this very one, or of a portal that died.
            begun = await Arm.GetAsync(PathOf(name), ArmVersions.Deployments, cancellation);
            if (tags.GetValueOrDefault(PortalTags.PipelineRun) != begun.Body.Object("tags")
                .Text(PortalTags.PipelineRun))
            {
                throw;
            }
        }
        return await FollowAsync(name, begun, progress, cancellation);
    }

    /// <summary>One that is under way already.</summary>
    public async Task<Deployment> FollowAsync(
        string name, IProgress<string>? progress, CancellationToken cancellation) =>
        await FollowAsync(
            name, await Arm.GetAsync(PathOf(name), ArmVersions.Deployments, cancellation), progress, cancellation);

    /// <summary>The template as that deployment had it.</summary>
    public async Task<JsonObject?> TemplateAsync(string name, CancellationToken cancellation) =>
        (await Arm.SendAsync(
            RequestMethod.Post, $"{PathOf(name)}/exportTemplate", ArmVersions.Deployments, null,
            cancellation)).Body.Object("template");

    private async Task<Deployment> FollowAsync(
        string name, ArmAnswer begun, IProgress<string>? progress, CancellationToken cancellation)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            await poller.WaitAsync(
                begun, (PathOf(name), ArmVersions.Deployments), progress is null ? null : TellAsync, cancellation);
        }
        catch (ProviderException failed) when (
            !failed.IsTransient || failed.Error.Code is not (
                "provider-rate-limited" or "provider-failed" or "provider-unreachable"
                    or "provider-timeout" or "provider-connection-lost"))
        {
            if (progress is not null) await TellAsync();
            throw await FailureAsync(name, failed, cancellation);
        }
        if (progress is not null) await TellAsync();
        return await FindAsync(name, cancellation)
            ?? throw ProviderException.NotFound("azure-not-found", $"The deployment {name} of {group.Name} is gone.");

        async Task TellAsync()
        {
            foreach (var operation in await OperationsAsync(name, cancellation))
            {
                if (told.Add($"{operation.Id} {operation.State}"))
                {
                    progress.Report($"{operation.Resource}: {operation.State.ToLowerInvariant()}");
                }
            }
        }
    }

    private async Task<ProviderException> FailureAsync(
        string name, ProviderException failed, CancellationToken cancellation)
    {
        var operations = (await OperationsAsync(name, cancellation))
            .Where(o => o.State == "Failed" && o.Error is not null).Take(3).ToList();
        if (operations.Count == 0) return failed;
        var own = operations.Select(o => (o.Resource, Failure: Arm.Failures.Of(o.Error, "It failed."))).ToList();
        var error = own[0].Failure.Error;
        return new ProviderException(
            error with { Message = string.Join(" ", own.Select(o => $"{o.Resource}: {o.Failure.Error.Message}")) },
            failed) { IsTransient = own[0].Failure.IsTransient, MayHaveHappened = true };
    }

    private static string Short(JsonObject target)
    {
        var type = target.Text("resourceType") ?? "";
        return $"{type[(type.IndexOf('/') + 1)..]}/{target.Text("resourceName")}";
    }
}

internal static class OperationJson
{
    public static string ProvisioningStateHere(this JsonObject? properties) =>
        properties.Text("provisioningState") ?? "";
}
