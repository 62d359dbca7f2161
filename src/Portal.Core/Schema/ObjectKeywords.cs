using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portal.Core.Schema;

internal sealed class PropertiesKeyword(
    string name, string schemaPath, IReadOnlyDictionary<string, SchemaNode> schemas, string[] required)
    : Keyword(name, schemaPath)
{
    public static Keyword Read(KeywordSource source)
    {
        if (source.Value is not JsonObject properties)
        {
            return source.Problem("must be an object of schemas, by property name");
        }

        var required = properties.Where(property => property.Value is JsonObject schema
            && JsonKinds.IsTrue(schema["required"])).Select(property => property.Key);
        return new PropertiesKeyword(
            source.Name,
            source.Path,
            properties.ToDictionary(
                property => property.Key, property => source.SchemaAt(property.Key), StringComparer.Ordinal),
            [.. required]);
    }

    public IReadOnlyDictionary<string, SchemaNode> Schemas => schemas;

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        if (value is not JsonObject members) return;

        foreach (var (name, schema) in schemas)
        {
            if (members.TryGetPropertyValue(name, out var member)) schema.Validate(member, at.Child(name), run);
            else if (required.Contains(name)) run.Add(this, at, "is required", name);

            if (run.IsSettled) return;
        }
    }
}

internal sealed class PatternPropertiesKeyword(
    string name, string schemaPath, (Regex Name, SchemaNode Schema)[] schemas) : Keyword(name, schemaPath)
{
    public static Keyword Read(KeywordSource source)
    {
        if (source.Value is not JsonObject properties)
        {
            return source.Problem("must be an object of schemas, by regular expression");
        }

        var schemas = new List<(Regex, SchemaNode)>();
        foreach (var (pattern, _) in properties)
        {
            if (!EcmaRegex.TryParse(pattern, out var regex, out var error))
            {
                return source.Problem(
                    $"has the name '{pattern}', which is not a regular expression of JavaScript: {error}");
            }

            schemas.Add((regex, source.SchemaAt(pattern)));
        }

        return new PatternPropertiesKeyword(source.Name, source.Path, [.. schemas]);
    }

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        if (value is not JsonObject members) return;

        foreach (var (name, member) in members)
        {
            foreach (var (pattern, schema) in schemas)
            {
                if (run.Matches(pattern, pattern.ToString(), name, this, at) is true && !run.IsSettled)
                {
                    schema.Validate(member, at.Child(name), run);
                }
            }
        }
    }
}

internal sealed class AdditionalPropertiesKeyword(
    string name, string schemaPath, SchemaNode rest, HashSet<string> declared, Regex[] patterns)
    : Keyword(name, schemaPath)
{
    private readonly bool none = rest.Keywords is [NothingPasses { Name: "false" }];

    public static Keyword Read(KeywordSource source)
    {
        var declared = (source.Owner["properties"] as JsonObject)?.Select(property => property.Key) ?? [];
        var patterns = (source.Owner["patternProperties"] as JsonObject)?.Select(property => property.Key) ?? [];
        return new AdditionalPropertiesKeyword(
            source.Name,
            source.Path,
            source.Schema(),
            new HashSet<string>(declared, StringComparer.Ordinal),
            [.. patterns.Select(pattern => EcmaRegex.TryParse(pattern, out var regex, out _) ? regex : null)
                .OfType<Regex>()]);
    }

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        if (value is not JsonObject members) return;

        foreach (var (name, member) in members)
        {
            if (declared.Contains(name)
                || patterns.Any(pattern => run.Matches(pattern, pattern.ToString(), name, this, at) is true)
                || run.IsSettled)
            {
                continue;
            }

            if (none) run.Add(this, at, "is not a known property", name);
            else rest.Validate(member, at.Child(name), run);
        }
    }
}

internal sealed class PropertyNamesKeyword(string name, string schemaPath, SchemaNode names) : Keyword(name, schemaPath)
{
    public static Keyword Read(KeywordSource source) =>
        new PropertyNamesKeyword(source.Name, source.Path, source.Schema());

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        foreach (var (name, _) in value as JsonObject ?? [])
        {
            if (run.IsProbing ? !run.Passes(names, name, at) : run.Collect(names, name, at) is { Count: > 0 })
            {
                var why = run.IsProbing ? null : run.Collect(names, name, at)[0].Message;
                run.Add(this, at, $"has a name that is not allowed: it {why}", name);
            }
        }
    }
}

internal sealed class RequiredKeyword(string name, string schemaPath, string[] names) : Keyword(name, schemaPath)
{
    public static Keyword? Read(KeywordSource source)
    {
        if (source.TryTexts(out var names)) return new RequiredKeyword(source.Name, source.Path, names);

        if (JsonKinds.Of(source.Value) != JsonKind.Boolean) return source.Problem("must be a list of property names");

        // Draft-03's spelling, which Backstage's server still honours; the parent's `properties` applies it.
        source.Compiler.Warnings.Add(new SchemaNote(
            source.Path, source.Name, "is true or false here; list the name in the object's own `required` instead"));
        return null;
    }

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        if (value is not JsonObject members) return;

        foreach (var name in names)
        {
            if (!members.ContainsKey(name)) run.Add(this, at, "is required", name);
        }
    }
}

internal sealed class PropertyCountKeyword(string name, string schemaPath, int bound) : Keyword(name, schemaPath)
{
    public static Keyword Read(KeywordSource source)
        => source.TryCount(out var bound)
            ? new PropertyCountKeyword(source.Name, source.Path, bound)
            : source.Problem("must be a whole number, 0 or more");

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        if (value is JsonObject members && (Name == "minProperties" ? members.Count < bound : members.Count > bound))
        {
            run.Add(
                this, at,
                $"must have {(Name == "minProperties" ? "at least" : "at most")} {ValueWords.Count(bound, "property", "properties")}");
        }
    }
}

/// <summary><c>dependencies</c> and its two successors: what else holds when a property is there.</summary>
internal sealed class DependenciesKeyword(
    string name, string schemaPath, (string Property, string[] Names)[] names,
    (string Property, SchemaNode Schema)[] schemas) : Keyword(name, schemaPath)
{
    public static Keyword Read(KeywordSource source)
    {
        if (source.Value is not JsonObject entries) return source.Problem("must be an object, by property name");

        var names = new List<(string, string[])>();
        var schemas = new List<(string, SchemaNode)>();
        foreach (var (property, entry) in entries)
        {
            if (source.Name != "dependentSchemas" && (source with { Value = entry }).TryTexts(out var list))
            {
                names.Add((property, list));
            }
            else if (source.Name != "dependentRequired")
            {
                schemas.Add((property, source.SchemaAt(property)));
            }
            else
            {
                return source.Problem($"must list property names for '{property}'");
            }
        }

        return new DependenciesKeyword(source.Name, source.Path, [.. names], [.. schemas]);
    }

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        if (value is not JsonObject members) return;

        foreach (var (property, needed) in names)
        {
            foreach (var missing in needed.Where(other => members.ContainsKey(property) && !members.ContainsKey(other)))
            {
                run.Add(this, at, $"is required when '{property}' is filled in", missing);
            }
        }

        foreach (var (property, schema) in schemas)
        {
            if (members.ContainsKey(property) && !run.IsSettled) schema.Validate(value, at, run);
        }
    }
}
