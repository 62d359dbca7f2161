using System.Text.Json.Nodes;

namespace Portal.Core.Schema;

/// <summary>
/// <c>items</c>: one schema for every item (after <c>prefixItems</c>), or, before 2020-12, one for each position.
/// </summary>
internal sealed class ItemsKeyword(
    string name, string schemaPath, SchemaNode each, int start) : Keyword(name, schemaPath)
{
    public static Keyword Read(KeywordSource source)
        => source.Value is JsonArray
            ? new PrefixItemsKeyword(source.Name, source.Path, source.SchemaList())
            : new ItemsKeyword(
                source.Name, source.Path, source.Schema(), (source.Owner["prefixItems"] as JsonArray)?.Count ?? 0);

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        if (value is not JsonArray items) return;

        for (var i = start; i < items.Count && !run.IsSettled; i++) each.Validate(items[i], at.Child(i), run);
    }
}

internal sealed class PrefixItemsKeyword(
    string name, string schemaPath, SchemaNode[] positions) : Keyword(name, schemaPath)
{
    public static Keyword Read(KeywordSource source)
        => source.Value is JsonArray
            ? new PrefixItemsKeyword(source.Name, source.Path, source.SchemaList())
            : source.Problem("must be a list of schemas");

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        if (value is not JsonArray items) return;

        for (var i = 0; i < items.Count && i < positions.Length; i++) positions[i].Validate(items[i], at.Child(i), run);
    }
}

internal sealed class AdditionalItemsKeyword(
    string name, string schemaPath, SchemaNode rest, int start) : Keyword(name, schemaPath)
{
    public static Keyword? Read(KeywordSource source)
        => source.Owner["items"] is JsonArray positions
            ? new AdditionalItemsKeyword(source.Name, source.Path, source.Schema(), positions.Count)
            : null;

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        if (value is not JsonArray items) return;

        for (var i = start; i < items.Count && !run.IsSettled; i++) rest.Validate(items[i], at.Child(i), run);
    }
}

internal sealed class ContainsKeyword(
    string name, string schemaPath, SchemaNode wanted, int min, int? max) : Keyword(name, schemaPath)
{
    public static Keyword Read(KeywordSource source)
    {
        // Without a readable bound beside it, `contains` asks for one item at least.
        var min = (source with { Value = source.Owner["minContains"] }).TryCount(out var least) ? least : 1;
        int? max = (source with { Value = source.Owner["maxContains"] }).TryCount(out var most) ? most : null;
        return new ContainsKeyword(source.Name, source.Path, source.Schema(), min, max);
    }

    public static Keyword? ReadBound(KeywordSource source)
        => source.TryCount(out _) ? null : source.Problem("must be a whole number, 0 or more");

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        if (value is not JsonArray items) return;

        var found = 0;
        for (var i = 0; i < items.Count; i++) found += run.Passes(wanted, items[i], at.Child(i)) ? 1 : 0;

        if (found < min)
        {
            run.Add(
                this, at, $"must contain at least {ValueWords.Count(min, "item", "items")} of the required kind{Kind}");
        }
        else if (found > max)
        {
            run.Add(
                this, at, $"must contain at most {ValueWords.Count(max.Value, "item", "items")} of this kind{Kind}");
        }
    }

    private string Kind => wanted.Title is null ? "" : $" ({wanted.Title})";
}

internal sealed class ItemCountKeyword(string name, string schemaPath, int bound) : Keyword(name, schemaPath)
{
    public static Keyword Read(KeywordSource source)
        => source.TryCount(out var bound)
            ? new ItemCountKeyword(source.Name, source.Path, bound)
            : source.Problem("must be a whole number, 0 or more");

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        if (value is JsonArray items && (Name == "minItems" ? items.Count < bound : items.Count > bound))
        {
            run.Add(
                this, at,
                $"must have {(Name == "minItems" ? "at least" : "at most")} {ValueWords.Count(bound, "item", "items")}");
        }
    }
}

internal sealed class UniqueItemsKeyword(string name, string schemaPath) : Keyword(name, schemaPath)
{
    public static Keyword? Read(KeywordSource source)
        => JsonKinds.Of(source.Value) != JsonKind.Boolean ? source.Problem("must be true or false")
            : JsonKinds.IsTrue(source.Value) ? new UniqueItemsKeyword(source.Name, source.Path) : null;

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        if (value is JsonArray items && new HashSet<JsonNode?>(items, JsonEquality.Instance).Count < items.Count)
        {
            run.Add(this, at, "must not have the same item twice");
        }
    }
}
