using System.Text.Json.Nodes;
using Portal.Core.Schema;

namespace Portal.Core.GoldenPaths.Forms.Resolution;

/// <summary>
/// Decides, for the current values, which parts of a page's schema hold: follows $ref, takes allOf, and picks among
/// dependencies, if/then/else, oneOf and anyOf, as react-jsonschema-form does.
/// </summary>
internal sealed class SchemaResolver(JsonSchema page, IReadOnlyDictionary<string, int> choices)
{
    private const int MaxDepth = 50;
    private const int MaxSites = 2_000;

    public SchemaSite Root { get; } = new(page.Source as JsonObject ?? [], "");

    public EffectiveSchema Resolve(IEnumerable<SchemaSite> sites, JsonNode? value, string path)
    {
        var effective = new EffectiveSchema();
        foreach (var site in sites) Collect(site, value, path, effective, 0);

        return effective;
    }

    private void Collect(SchemaSite site, JsonNode? value, string path, EffectiveSchema into, int depth)
    {
        // A schema that brings itself in twice would double without end.
        if (depth > MaxDepth || into.Sites.Count > MaxSites) return;

        var schema = site.Schema;
        if (Follow(schema) is { } target)
        {
            Collect(
                target with { Without = site.Without, IsAlternative = site.IsAlternative }, value, path, into,
                depth + 1);
        }

        into.Sites.Add(site);
        Require(schema["required"], into);
        foreach (var keyword in (string[])["dependencies", "dependentRequired", "dependentSchemas"])
        {
            Depend(site, keyword, value, path, into, depth);
        }

        for (var i = 0; i < (schema["allOf"] as JsonArray)?.Count; i++)
        {
            CollectPart(site, $"allOf/{i}", value, path, into, depth);
        }

        if (schema.ContainsKey("if"))
        {
            CollectPart(site, page.IsValidAt(site.Pointer + "/if", value) ? "then" : "else", value, path, into, depth);
        }

        Choose(site, "oneOf", value, path, into, depth);
        Choose(site, "anyOf", value, path, into, depth);
    }

    private void CollectPart(
        SchemaSite site, string part, JsonNode? value, string path, EffectiveSchema into, int depth)
    {
        if (JsonPointer.TryGet(site.Schema, "/" + part, out var node) && node is JsonObject schema)
        {
            Collect(
                new SchemaSite(schema, $"{site.Pointer}/{part}", site.Without, site.IsAlternative), value, path, into,
                depth + 1);
        }
    }

    private SchemaSite? Follow(JsonObject schema)
    {
        if (JsonKinds.TextOrNull(schema["$ref"]) is not { } reference || !reference.StartsWith('#')) return null;

        var pointer = Uri.UnescapeDataString(reference[1..]);
        return JsonPointer.TryGet(Root.Schema, pointer, out var node)
            && node is JsonObject target ? new SchemaSite(target, pointer) : null;
    }

    private static void Require(JsonNode? names, EffectiveSchema into)
    {
        foreach (var name in (names as JsonArray)?.Select(JsonKinds.TextOrNull).OfType<string>() ?? [])
        {
            into.Required.Add(name);
        }
    }

    private void Depend(SchemaSite site, string keyword, JsonNode? value, string path, EffectiveSchema into, int depth)
    {
        foreach (var (name, entry) in site.Schema[keyword] as JsonObject ?? [])
        {
            if (value is not JsonObject members || !members.TryGetPropertyValue(name, out var member)) continue;

            if (entry is not JsonObject schema)
            {
                Require(entry, into);
                continue;
            }

            var pointer = JsonPointer.Append($"{site.Pointer}/{keyword}", name);
            if (schema["oneOf"] is not JsonArray branches)
            {
                Collect(
                    new SchemaSite(schema, pointer, site.Without, site.IsAlternative), value, path, into, depth + 1);
                continue;
            }

            // The branches are told apart by what they say about the property itself; all else in them is added.
            var matching = Enumerable.Range(0, branches.Count)
                .Where(i => (branches[i]?["properties"] as JsonObject)?.ContainsKey(name) == true
                    && page.IsValidAt(JsonPointer.Append($"{pointer}/oneOf/{i}/properties", name), member))
                .Take(2)
                .ToList();
            if (matching is [var only])
            {
                Collect(
                    new SchemaSite((JsonObject)branches[only]!, $"{pointer}/oneOf/{only}", name, site.IsAlternative),
                    value, path, into, depth + 1);
            }
        }
    }

    private void Choose(SchemaSite site, string keyword, JsonNode? value, string path, EffectiveSchema into, int depth)
    {
        if (site.Schema[keyword] is not JsonArray { Count: > 0 } branches || AreOptions(branches)
            || !branches.Any(BringsFields))
        {
            return;
        }

        var key = $"{path}#{site.Pointer}/{keyword}";
        var selected = choices.TryGetValue(key, out var chosen) && chosen >= 0
            && chosen < branches.Count ? chosen : BestMatch(branches, value);
        var titles =
            branches.Select((branch, i) => JsonKinds.TextOrNull(Described(branch)?["title"]) ?? $"Option {i + 1}");
        into.Choices.Add(new FormChoice(key, [.. titles], selected));
        if (branches[selected] is JsonObject schema)
        {
            Collect(
                new SchemaSite(schema, $"{site.Pointer}/{keyword}/{selected}", IsAlternative: true), value, path, into,
                depth + 1);
        }
    }

    /// <summary>True for alternatives that are single values with a title: a list to select from, not fields.</summary>
    public static bool AreOptions(JsonArray branches)
        => branches.All(branch => branch is JsonObject schema
            && (schema.ContainsKey("const") || schema["enum"] is JsonArray { Count: 1 }));

    // Alternatives that only forbid or require are rules for validation; there is nothing to show.
    private static bool BringsFields(JsonNode? branch)
        => branch is JsonObject schema && (schema.ContainsKey("title") || schema.ContainsKey("properties")
            || schema.ContainsKey("type") || schema.ContainsKey("$ref"));

    private JsonObject? Described(JsonNode? branch)
        => branch is JsonObject schema
            ? (schema.ContainsKey("title") ? schema : Follow(schema)?.Schema ?? schema)
            : null;

    private int BestMatch(JsonArray branches, JsonNode? value)
    {
        var (best, bestScore) = (0, int.MinValue);
        for (var i = 0; i < branches.Count; i++)
        {
            var score = value is null ? 0 : Score(branches[i] as JsonObject ?? [], value);
            if (score > bestScore) (best, bestScore) = (i, score);
        }

        return best;
    }

    /// <summary>
    /// How well a value suits an alternative: a contradicted constant or type rules it out, each known property speaks
    /// for it.
    /// </summary>
    private int Score(JsonObject branch, JsonNode value)
    {
        var schema = Follow(branch)?.Schema ?? branch;
        var probe = JsonSchema.Parse(new JsonObject { ["type"] = schema["type"]?.DeepClone() ?? new JsonArray(
            "object", "array", "string", "number", "boolean", "null") });
        if (!probe.IsValid(value)) return -1_000;

        var score = 0;
        foreach (var (name, property) in schema["properties"] as JsonObject ?? [])
        {
            if (value is not JsonObject members || !members.TryGetPropertyValue(name, out var member)) continue;

            var isTold = property is JsonObject told && (told.ContainsKey("const") || told.ContainsKey("enum"));
            var suits = property is not JsonObject rules || Allows(rules, member);
            score += suits ? (isTold ? 10 : 1) : -100;
        }

        return score;
    }

    private static bool Allows(JsonObject rules, JsonNode? member)
        => (!rules.TryGetPropertyValue("const", out var only) || JsonEquality.Instance.Equals(only, member))
            && (rules["enum"] is not JsonArray values || values.Contains(member, JsonEquality.Instance));
}
