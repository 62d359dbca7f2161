using System.Text.Json.Nodes;
using Azure.Core;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Azure.Arm;
using Portal.Providers.Azure.Definitions;

namespace Portal.Providers.Azure.Environments;

/// <summary>
/// Asks Azure what a deployment would change. Of a group that is not there yet it asks in the subscription, with a
/// template around the real one.
/// </summary>
internal sealed class WhatIf(AzureTools tools)
{
    public async Task<EnvironmentPlan?> PlanAsync(CreateEnvironment request, CancellationToken cancellation)
    {
        // What is to run may not be built yet; Azure does not look at the image here.
        var run = new CreateInAzure(tools).Read(
            request with { Version = request.Version ?? new EnvironmentVersion("", "not-built-yet") });
        var at = tools.Clients.Of(request.Type);
        var tags = PortalTags.Of(request, run.Definition, run.Size, tools.Options, tools.Time.Now());
        var parameters = new TemplateValues(tools.Options).Of(run, tags, request.Parameters);
        // It is only looked at: the secret need not go along.
        if (parameters[PortalParameters.RegistryPassword] is JsonObject password
            && password["value"]?.ToString().Length > 0) password["value"] = "what-if";
        var name = tools.GroupName(request.Id);
        var exists = await tools.Groups(at).FindAsync(name, cancellation) is { IsBeingDeleted: false };
        var (path, body) = exists
            ? (
                $"{at.Arm.GroupPath(name)}/providers/Microsoft.Resources/deployments/portal-plan/whatIf",
                Body(run.Definition.Template, parameters))
            : (
                $"{at.Arm.SubscriptionPath}/providers/Microsoft.Resources/deployments/portal-plan-{TemplateValues.NameOf(request.Id, request.Repository)}/whatIf",
                Around(name, tags, run.Definition.Template, parameters));
        var begun = await at.Arm.SendAsync(RequestMethod.Post, path, ArmVersions.Deployments, body, cancellation);
        var result = await tools.Poller(at).WaitAsync(begun, null, null, cancellation);
        if (result.Object("error") is { } error)
        {
            throw at.Arm.Failures.Of(error, "Azure could not tell what would change.");
        }
        return Read(result.Object("properties") ?? result);
    }

    private static JsonObject Body(JsonObject template, JsonObject parameters) => new()
    {
        ["properties"] = new JsonObject
        {
            ["mode"] = "Incremental", ["template"] = template.DeepClone(), ["parameters"] = parameters.DeepClone(),
            ["whatIfSettings"] = new JsonObject { ["resultFormat"] = "FullResourcePayloads" },
        },
    };

    private JsonObject Around(string group, Dictionary<string, string> tags, JsonObject template, JsonObject parameters)
    {
        var outer = new JsonObject
        {
            ["$schema"] = "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#",
            ["contentVersion"] = "1.0.0.0",
            ["resources"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "Microsoft.Resources/resourceGroups", ["apiVersion"] = ArmVersions.Deployments,
                    ["name"] = group, ["location"] = tools.Options.Location,
                    ["tags"] = Literal(new JsonObject(
                        tags.Select(t => KeyValuePair.Create<string, JsonNode?>(t.Key, t.Value)))),
                },
                new JsonObject
                {
                    ["type"] = "Microsoft.Resources/deployments", ["apiVersion"] = ArmVersions.Deployments,
                    ["name"] = "environment", ["resourceGroup"] = group,
                    ["dependsOn"] = new JsonArray(
                        $"[subscriptionResourceId('Microsoft.Resources/resourceGroups', '{group}')]"),
                    ["properties"] = new JsonObject
                    {
                        ["mode"] = "Incremental",
                        ["expressionEvaluationOptions"] = new JsonObject { ["scope"] = "inner" },
                        ["parameters"] = Literal(parameters), ["template"] = template.DeepClone(),
                    },
                }),
        };
        var body = Body(outer, []);
        body["location"] = tools.Options.Location;
        return body;
    }

    /// <summary>Text of the portal that begins with a bracket is no expression of the template around it.</summary>
    private static JsonNode? Literal(JsonNode? node) => node switch
    {
        JsonObject values => new JsonObject(values.Select(v => KeyValuePair.Create(v.Key, Literal(v.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Literal)]),
        JsonValue value when value.TryGetValue<string>(out var text) && text.StartsWith('[') => "[" + text,
        _ => node?.DeepClone(),
    };

    private static EnvironmentPlan Read(JsonObject properties)
    {
        var changes = (properties["changes"] as JsonArray ?? [])
            .Concat(properties["potentialChanges"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        var notes = (properties["diagnostics"] as JsonArray ?? []).OfType<JsonObject>().Select(d => d.Text("message"))
            .OfType<string>().ToList();
        if (properties["potentialChanges"] is JsonArray { Count: > 0 })
        {
            notes.Add("Some of it depends on what Azure knows only while it deploys.");
        }
        return new EnvironmentPlan([.. changes.Select(Resource)], notes.Count == 0 ? null : string.Join(' ', notes));
    }

    private static PlannedResource Resource(JsonObject change)
    {
        var (type, name) = TypeAndName(change.Text("resourceId") ?? "");
        var details = (change["delta"] as JsonArray ?? []).OfType<JsonObject>().SelectMany(d => Details(d, "")).Take(50)
            .ToList();
        if (change.Text("unsupportedReason") is { } reason) details.Add(reason);
        return new PlannedResource(change.Text("changeType") switch
        {
            "Create" => PlannedChange.Create,
            "Modify" or "Deploy" => PlannedChange.Modify,
            "Delete" => PlannedChange.Delete,
            "NoChange" or "NoEffect" => PlannedChange.NoChange,
            "Ignore" => PlannedChange.Ignore,
            _ => PlannedChange.Unknown,
        }, type, name, details);
    }

    private static (string Type, string Name) TypeAndName(string id)
    {
        try
        {
            var parsed = new ResourceIdentifier(id);
            return (parsed.ResourceType.ToString(), parsed.Name);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            // Of something whose name Azure does not know yet.
            return ("", id);
        }
    }

    private static IEnumerable<string> Details(JsonObject delta, string above)
    {
        var path = above.Length == 0 ? delta.Text("path") ?? "" : $"{above}.{delta.Text("path")}";
        if (delta["children"] is JsonArray { Count: > 0 } children)
        {
            return children.OfType<JsonObject>().SelectMany(c => Details(c, path));
        }
        return [$"{path}: {Short(delta["before"])} → {Short(delta["after"])}"];
    }

    private static string Short(JsonNode? node)
    {
        var text = node is JsonValue value ? value.ToString() : node?.ToJsonString(Json.Options) ?? "nothing";
        return Words.Short(text, 80);
    }
}
