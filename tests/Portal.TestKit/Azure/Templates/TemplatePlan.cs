using System.Text.Json.Nodes;
using Portal.TestKit.Azure.Server;

namespace Portal.TestKit.Azure.Templates;

/// <param name="Raw">Not worked out yet.</param>
internal sealed record TemplateResource(
    string Id, string Type, string Name, string ApiVersion, IReadOnlyList<string> DependsOn, JsonObject Raw);

/// <summary>
/// A template that was found good with its parameters: its resources in the order in which they are made.
/// </summary>
internal sealed class TemplatePlan
{
    private static readonly string[] Known =
    [
        "$schema", "languageVersion", "contentVersion", "apiProfile", "parameters", "functions", "variables",
        "resources", "outputs", "metadata", "definitions"
    ];

    private TemplatePlan(
        JsonObject template, JsonObject values, TemplateTarget target, List<TemplateResource> resources) =>
        (Template, Values, Target, Resources) = (template, values, target, resources);

    public JsonObject Template { get; }

    /// <summary>Of its parameters, by name.</summary>
    public JsonObject Values { get; }

    public TemplateTarget Target { get; }

    public IReadOnlyList<TemplateResource> Resources { get; }

    /// <param name="given">As in a deployment: <c>{ name: { value } }</c>.</param>
    /// <exception cref="ArmRefusal">InvalidTemplate and its like.</exception>
    public static TemplatePlan Read(JsonObject template, JsonObject given, TemplateTarget target)
    {
        try
        {
            foreach (var (key, _) in template)
            {
                if (!Known.Contains(key))
                {
                    throw new TemplateException($"Could not find member '{key}' on object of type 'Template'.");
                }
            }
            if (template["$schema"] is null || template["contentVersion"] is null
                || template["resources"] is not JsonArray resources)
            {
                throw new TemplateException(
                    "Required property '$schema', 'contentVersion' or 'resources' not found in JSON.");
            }
            var values = TemplateParameters.Read(template["parameters"] as JsonObject ?? [], given);
            var scope = new TemplateScope(template, values, target with { Reference = null });
            var read = resources.OfType<JsonObject>()
                .Where(r => r["condition"] is not { } condition || TemplateFunctions.Flag(scope.Evaluate(condition)))
                .Select(r => Resource(r, scope)).ToList();
            foreach (var dependency in read.SelectMany(r => r.DependsOn)
                .Where(d => !read.Any(r => Same(r, d)) && !IsDeclared(resources, scope, d)))
            {
                throw new TemplateException(
                    $"The resource '{dependency}' is not defined in the template. Please see https://aka.ms/arm-syntax for usage details.");
            }
            return new TemplatePlan(template, values, target, Ordered(read));
        }
        catch (TemplateException wrong)
        {
            throw new ArmRefusal(400, "InvalidTemplate", $"Deployment template validation failed: '{wrong.Message}'.");
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or FormatException or IndexOutOfRangeException
            or System.Text.Json.JsonException)
        {
            throw new ArmRefusal(
                400, "InvalidTemplate",
                $"Deployment template validation failed: 'The template is not valid ({wrong.Message}).'");
        }
    }

    /// <summary>A resource with all its expressions worked out.</summary>
    /// <param name="reference">Null: what refers to a resource stays as it is written (what-if).</param>
    public JsonObject Evaluate(TemplateResource resource, Func<string, JsonObject?> reference) =>
        (JsonObject)new TemplateScope(Template, Values, Target with { Reference = reference }).Evaluate(
            Body(resource))!;

    public JsonObject Outputs(Func<string, JsonObject?> reference)
    {
        var scope = new TemplateScope(Template, Values, Target with { Reference = reference });
        var outputs = new JsonObject();
        foreach (var (name, node) in Template["outputs"] as JsonObject ?? [])
        {
            outputs[name] = new JsonObject { ["type"] = node!["type"]!.ToString() == "string"
                ? "String"
                : node["type"]!.ToString(), ["value"] = scope.Evaluate(node["value"]) };
        }
        return outputs;
    }

    private static JsonObject Body(TemplateResource resource)
    {
        var body = (JsonObject)resource.Raw.DeepClone();
        foreach (var key in (string[])
        [
            "type", "apiVersion", "name", "dependsOn", "condition", "scope", "comments", "metadata"
        ]) body.Remove(key);
        // A template inside is worked out by itself, with its own parameters.
        if (resource.Type.Equals("Microsoft.Resources/deployments", StringComparison.OrdinalIgnoreCase)
            && body["properties"] is JsonObject nested)
        {
            nested["template"] = new JsonObject { ["kept"] = "separately" };
        }
        return body;
    }

    private static TemplateResource Resource(JsonObject raw, TemplateScope scope)
    {
        foreach (var key in (string[])["type", "apiVersion", "name"])
        {
            if (raw[key] is not JsonValue)
            {
                throw new TemplateException($"The template resource is missing the property '{key}'.");
            }
        }
        var (type, name) = (raw["type"]!.ToString(), scope.Evaluate(raw["name"])!.ToString());
        var id = IdOf(
            type, name, scope.Evaluate(raw["scope"])?.ToString(), scope.Evaluate(raw["resourceGroup"])?.ToString(),
            scope.Target);
        var dependsOn = (raw["dependsOn"] as JsonArray ?? []).Select(d => scope.Evaluate(d)!.ToString()).ToList();
        return new TemplateResource(id, type, name, raw["apiVersion"]!.ToString(), dependsOn, raw);
    }

    private static string IdOf(string type, string name, string? scope, string? group, TemplateTarget target)
    {
        if (type.Equals("Microsoft.Resources/resourceGroups", StringComparison.OrdinalIgnoreCase))
        {
            return $"{target.SubscriptionId}/resourceGroups/{name}";
        }
        var (types, names) = (type.Split('/'), name.Split('/'));
        if (types.Length - 1 != names.Length)
        {
            throw new TemplateException(
                $"The template resource '{name}' of type '{type}' has incorrect segment lengths. A nested resource type must have identical number of segments as its resource name.");
        }
        var under = scope ?? (group is not null
            ? $"{target.SubscriptionId}/resourceGroups/{group}"
            : target.Group is null ? target.SubscriptionId : target.GroupId);
        return $"{under}/providers/{types[0]}/{string.Join('/', types.Skip(1).Zip(names, (t, n) => $"{t}/{n}"))}";
    }

    private static bool Same(TemplateResource resource, string dependency) =>
        resource.Id.Equals(dependency, StringComparison.OrdinalIgnoreCase) || resource.Name == dependency;

    /// <summary>Declared, but left out by its condition: that is fine.</summary>
    private static bool IsDeclared(JsonArray resources, TemplateScope scope, string dependency) =>
        resources.OfType<JsonObject>().Any(r => Same(Resource(r, scope), dependency));

    private static List<TemplateResource> Ordered(List<TemplateResource> resources)
    {
        var (ordered, left) = (new List<TemplateResource>(), new List<TemplateResource>(resources));
        while (left.Count > 0)
        {
            var next = left.FirstOrDefault(r => r.DependsOn.All(d => !left.Any(l => Same(l, d))))
                ?? throw new TemplateException($"Circular dependency detected on resource: '{left[0].Id}'.");
            ordered.Add(next);
            left.Remove(next);
        }
        return ordered;
    }
}
