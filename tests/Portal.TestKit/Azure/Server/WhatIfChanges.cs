using System.Text.Json.Nodes;
using Portal.TestKit.Azure.Templates;

namespace Portal.TestKit.Azure.Server;

/// <summary>
/// What a template would change. Parts that refer to what is not there yet stay out of the comparison.
/// </summary>
internal sealed class WhatIfChanges(WorldState state)
{
    public JsonArray Of(TemplatePlan plan) => [.. Changes(plan)];

    private IEnumerable<JsonNode> Changes(TemplatePlan plan)
    {
        foreach (var resource in plan.Resources)
        {
            if (resource.Type.Equals("Microsoft.Resources/resourceGroups", StringComparison.OrdinalIgnoreCase))
            {
                yield return new JsonObject { ["resourceId"] = resource.Id, ["changeType"] = state.Groups.ContainsKey(
                    WorldState.KeyOf(plan.Target.Subscription, resource.Name)) ? "Modify" : "Create" };
                continue;
            }
            if (DeploymentRunner.Nested(plan, resource, Look) is { } nested)
            {
                foreach (var inner in Changes(nested)) yield return inner;
                continue;
            }
            yield return Change(plan, resource);
        }
    }

    private JsonObject Change(TemplatePlan plan, TemplateResource resource)
    {
        var change = new JsonObject { ["resourceId"] = resource.Id };
        if (state.Resource(resource.Id) is not { } found)
        {
            change["changeType"] = "Create";
            return change;
        }
        var delta = new JsonArray();
        try
        {
            Compare(found.Raw, plan.Evaluate(resource, Look), "", delta);
        }
        catch (TemplateException e)
        {
            change["unsupportedReason"] = e.Message;
            change["changeType"] = "Unsupported";
            return change;
        }
        change["changeType"] = delta.Count == 0 ? "NoChange" : "Modify";
        change["delta"] = delta;
        return change;
    }

    /// <summary>Only what the template says counts; what the server added stays.</summary>
    private static void Compare(JsonNode? before, JsonNode? after, string path, JsonArray delta)
    {
        if (after is JsonObject values)
        {
            foreach (var (key, value) in values) Compare(
                (before as JsonObject)?[key], value, path.Length == 0 ? key : $"{path}.{key}", delta);
            return;
        }
        if (after is JsonArray items && before is JsonArray earlier && items.Count == earlier.Count)
        {
            for (var i = 0; i < items.Count; i++) Compare(earlier[i], items[i], $"{path}.{i}", delta);
            return;
        }
        if (!JsonNode.DeepEquals(before, after))
        {
            delta.Add(new JsonObject { ["path"] = path, ["propertyChangeType"] = before is null
                ? "Create"
                : "Modify", ["before"] = before?.DeepClone(), ["after"] = after?.DeepClone() });
        }
    }

    private JsonObject? Look(string id) => state.Resource(id)?.Properties.DeepClone() as JsonObject;
}
