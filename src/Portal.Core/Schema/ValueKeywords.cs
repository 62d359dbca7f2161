using System.Text.Json.Nodes;
using Portal.Core.Shared;

namespace Portal.Core.Schema;

internal sealed class TypeKeyword(
    string name, string schemaPath, IReadOnlyList<string> types) : Keyword(name, schemaPath)
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["string"] = "text",
        ["number"] = "a number",
        ["integer"] = "a whole number",
        ["boolean"] = "yes or no (true or false)",
        ["array"] = "a list",
        ["object"] = "an object",
        ["null"] = "empty (null)",
    };

    public static Keyword Read(KeywordSource source)
    {
        var types =
            JsonKinds.TextOrNull(source.Value) is { } one ? [one] : source.TryTexts(out var several) ? several : [];
        return types.Length > 0 && types.All(Words.ContainsKey)
            ? new TypeKeyword(source.Name, source.Path, types)
            : source.Problem($"must be one of {string.Join(", ", Words.Keys)}, or a list of these");
    }

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        foreach (var type in types)
        {
            if (Matches(type, value)) return;
        }

        run.Add(this, at, "must be " + string.Join(" or ", types.Select(type => Words[type])));
    }

    private static bool Matches(string type, JsonNode? value) => JsonKinds.Of(value) switch
    {
        JsonKind.Null => type == "null",
        JsonKind.Boolean => type == "boolean",
        JsonKind.String => type == "string",
        JsonKind.Array => type == "array",
        JsonKind.Object => type == "object",
        _ => type == "number" || (type == "integer" && JsonNumber.TryGet(value, out var number) && number.IsInteger),
    };
}

internal sealed class EnumKeyword(
    string name, string schemaPath, HashSet<JsonNode?> allowed, string message) : Keyword(name, schemaPath)
{
    public static Keyword Read(KeywordSource source)
    {
        if (source.Value is not JsonArray values) return source.Problem("must be a list of the allowed values");

        var words = values.Count <= 12
            ? "must be one of " + string.Join(", ", values.Select(ValueWords.Of))
            : $"must be one of the {values.Count} listed values";
        return new EnumKeyword(source.Name, source.Path, new HashSet<JsonNode?>(values, JsonEquality.Instance), words);
    }

    public bool Allows(JsonNode? value) => allowed.Contains(value);

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        if (!Allows(value)) run.Add(this, at, message);
    }
}

internal sealed class ConstKeyword(string name, string schemaPath, JsonNode? expected) : Keyword(name, schemaPath)
{
    public static Keyword Read(KeywordSource source) => new ConstKeyword(source.Name, source.Path, source.Value);

    public bool Allows(JsonNode? value) => JsonEquality.Instance.Equals(value, expected);

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        if (!Allows(value)) run.Add(this, at, "must be " + ValueWords.Of(expected));
    }
}

/// <summary>A value of the schema (never of the user) in an error's words.</summary>
internal static class ValueWords
{
    private const int MaxLength = 60;

    public static string Of(JsonNode? value)
    {
        var words =
            value is null ? "null" : JsonKinds.TextOrNull(value) is { Length: > 0 } text ? text : value.ToJsonString();
        return Words.Short(words, MaxLength);
    }

    public static string Count(int count, string singular, string plural) =>
        count == 1 ? $"1 {singular}" : $"{count} {plural}";
}
