using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Providers.Azure.Definitions;

/// <summary>
/// Reads one environment definition in the format of Azure Deployment Environments: <c>environment.yaml</c> and its ARM
/// template, with a <c>prices.yaml</c> of our own beside them.
/// </summary>
internal static class DefinitionReader
{
    public const string FileName = "environment.yaml";

    /// <summary>Type in the manifest → types in the template.</summary>
    private static readonly Dictionary<string, string[]> Types = new(StringComparer.Ordinal)
    {
        ["string"] = ["string", "securestring"], ["integer"] = ["int"], ["number"] = ["int"], ["boolean"] = ["bool"],
        ["object"] = ["object", "secureobject"], ["array"] = ["array"],
    };

    /// <exception cref="DefinitionException">With file and line.</exception>
    public static DefinitionFile Read(string folder)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        var yaml = YamlNodes.Read(Path.Combine(folder, FileName), $"{name}/{FileName}");
        yaml.OnlyKnows(
            yaml.Root, "", "name", "version", "summary", "description", "runner", "templatePath", "parameters");
        var title = yaml.Required(yaml.Root, "", "name");
        if (yaml.Text(yaml.Root, "", "runner") is { } runner
            && !runner.Equals("ARM", StringComparison.OrdinalIgnoreCase))
        {
            throw yaml.Wrong(
                "/runner",
                $"the runner {runner} is not there: only ARM is (a Bicep file is built to JSON with az bicep build).");
        }
        var template = Template(folder, name, yaml, out var templateFile);
        var schema = Schema(yaml, template);
        Complete(template, templateFile, schema);
        return new DefinitionFile(
            name, title, yaml.Text(yaml.Root, "", "description") ?? yaml.Text(yaml.Root, "", "summary")
                ?? "", yaml.Text(yaml.Root, "", "version"),
            PriceSheet.Read(folder, name), schema, template);
    }

    private static JsonObject Template(string folder, string name, YamlNodes yaml, out string file)
    {
        var path = yaml.Required(yaml.Root, "", "templatePath");
        var full = Path.GetFullPath(path, Path.GetFullPath(folder));
        if (!full.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            || !File.Exists(full))
        {
            throw yaml.Wrong("/templatePath", $"there is no {path} in this folder.");
        }
        file = $"{name}/{path}";
        try
        {
            var root = JsonNode.Parse(
                File.ReadAllText(full),
                documentOptions: new JsonDocumentOptions
                {
                    CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
                });
            return root is JsonObject template && template["resources"] is JsonArray or JsonObject
                && template["$schema"] is not null
                ? template : throw new DefinitionException(
                    file, 1, "$schema and resources are missing: this is no ARM template.");
        }
        catch (JsonException e)
        {
            throw new DefinitionException(file, (int)(e.LineNumber ?? 0) + 1, "that is no JSON.");
        }
    }

    private static JsonObject Schema(YamlNodes yaml, JsonObject template)
    {
        var (properties, required) = (new JsonObject(), new JsonArray());
        foreach (var (node, at) in yaml.Objects("parameters"))
        {
            yaml.OnlyKnows(node, at, "id", "name", "description", "type", "default", "required", "allowed", "readOnly");
            var id = yaml.Required(node, at, "id");
            if (properties.ContainsKey(id)) throw yaml.Wrong($"{at}/id", $"the parameter {id} is there twice.");
            if (id.StartsWith(PortalParameters.Prefix, StringComparison.Ordinal))
            {
                throw yaml.Wrong($"{at}/id", $"{id} is the portal's to fill: leave it out here.");
            }
            properties[id] = Parameter(yaml, node, at, id, template);
            if (yaml.Flag(node, at, "required")) required.Add(id);
        }
        var schema = new JsonObject
        {
            ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties,
        };
        if (required.Count > 0) schema["required"] = required;
        return schema;
    }

    private static JsonObject Parameter(YamlNodes yaml, JsonObject node, string at, string id, JsonObject template)
    {
        var type = yaml.Required(node, at, "type");
        if (!Types.TryGetValue(type, out var fitting))
        {
            throw yaml.Wrong($"{at}/type", $"'{type}' is no type: choose {string.Join(", ", Types.Keys)}.");
        }
        var declared = (
            (template["parameters"] as JsonObject)?.FirstOrDefault(
                p => p.Key.Equals(id, StringComparison.OrdinalIgnoreCase)).Value as JsonObject)
            ?? throw yaml.Wrong($"{at}/id", $"the template has no parameter {id}.");
        if (!fitting.Contains(declared["type"]?.ToString(), StringComparer.OrdinalIgnoreCase))
        {
            throw yaml.Wrong($"{at}/type", $"{id} is {type} here and {declared["type"]} in the template.");
        }
        var schema = new JsonObject
        {
            ["type"] = type == "number" ? "integer" : type, ["title"] = yaml.Text(node, at, "name") ?? id,
        };
        if (yaml.Text(node, at, "description") is { Length: > 0 } description) schema["description"] = description;
        if (node["allowed"] is { } allowed)
        {
            if (allowed is not JsonArray { Count: > 0 } values)
            {
                throw yaml.Wrong($"{at}/allowed", "allowed must be a list of values.");
            }
            for (var i = 0; i < values.Count; i++) Fits(yaml, values[i], type, $"{at}/allowed/{i}");
            schema["enum"] = values.DeepClone();
        }
        if (node["default"] is { } value)
        {
            Fits(yaml, value, type, $"{at}/default");
            if (schema["enum"] is JsonArray all && !all.Any(v => JsonNode.DeepEquals(v, value)))
            {
                throw yaml.Wrong($"{at}/default", $"the default of {id} is none of the allowed values.");
            }
            schema["default"] = value.DeepClone();
        }
        if (yaml.Flag(node, at, "readOnly")) schema["readOnly"] = true;
        return schema;
    }

    private static void Fits(YamlNodes yaml, JsonNode? value, string type, string at)
    {
        var kind = value?.GetValueKind();
        var fits = type switch
        {
            "string" => kind == JsonValueKind.String,
            "integer" or "number" => kind == JsonValueKind.Number && long.TryParse(value!.ToString(), out _),
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            "object" => kind == JsonValueKind.Object,
            _ => kind == JsonValueKind.Array,
        };
        if (!fits)
        {
            throw yaml.Wrong(
                at,
                $"{value?.ToJsonString()} is no "
                + $"{(type == "number" ? "whole number" : type)}{(type == "string" ? ": put it into quotes" : "")}.");
        }
    }

    /// <summary>
    /// Each parameter of the template has somebody who fills it, and what runs a version says where it answers.
    /// </summary>
    private static void Complete(JsonObject template, string file, JsonObject schema)
    {
        var asked = (JsonObject)schema["properties"]!;
        if (template["parameters"]?[PortalParameters.Image] is not null && template["outputs"]?["url"] is null)
        {
            throw new DefinitionException(
                file, 1, $"it declares {PortalParameters.Image} and has no output url: say where the service answers.");
        }
        foreach (var (name, node) in template["parameters"] as JsonObject ?? [])
        {
            if (name.StartsWith(PortalParameters.Prefix, StringComparison.Ordinal))
            {
                if (!PortalParameters.All.Contains(name, StringComparer.Ordinal))
                {
                    throw new DefinitionException(
                        file, 1,
                        $"the portal fills no parameter {name}. It fills: {string.Join(", ", PortalParameters.All)}.");
                }
            }
            else if ((node as JsonObject)?.ContainsKey("defaultValue") != true
                && !asked.Any(p => p.Key.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                throw new DefinitionException(
                    file, 1,
                    $"nobody fills the parameter {name}: give it a defaultValue, or name it under parameters of "
                    + $"{FileName}.");
            }
        }
    }
}
