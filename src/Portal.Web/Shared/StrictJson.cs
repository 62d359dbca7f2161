using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Portal.Web.Shared;

/// <summary>
/// Bodies hold what can be kept and written again, or are refused as they are read: no name twice, no NUL, no half of a
/// character, no number beyond what numbers are here, no nesting without end, and nothing missing that the endpoint
/// needs.
/// </summary>
internal static class StrictJson
{
    /// <summary>
    /// Of values that are kept as they come; answers wrap them a few levels more, and 64 are the most that is written.
    /// </summary>
    public const int Deepest = 48;

    /// <summary>How the words of these checks begin, that callers may read.</summary>
    public const string Mark = "Not taken: ";

    private const int LongestNumber = 400;

    public static void Apply(JsonSerializerOptions options)
    {
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.Converters.Add(new StrictText());
        options.Converters.Add(new StrictNode<JsonObject>());
        options.Converters.Add(new StrictNode<JsonArray>());
        options.TypeInfoResolver =
            (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(RequireWhatIsNeeded);
    }

    /// <summary>
    /// A text or an object that is not marked as optional is needed: left out it would be null where none is expected.
    /// </summary>
    private static void RequireWhatIsNeeded(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.AssociatedParameter is { IsNullable: false, HasDefaultValue: false } parameter
                && !parameter.ParameterType.IsValueType)
            {
                property.IsRequired = true;
            }
        }
    }

    private static void Check(JsonElement element, int depth)
    {
        if (depth > Deepest) throw Refused($"values are nested more than {Deepest} levels deep.");
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                CheckObject(element, depth);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) Check(item, depth + 1);
                break;
            case JsonValueKind.String:
                Text(element.GetString()!);
                break;
            case JsonValueKind.Number when !IsUsual(element):
                throw Refused("a number is too large, too small or too long.");
        }
    }

    private static void CheckObject(JsonElement element, int depth)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (!names.Add(Text(property.Name)))
            {
                throw Refused($"the name '{property.Name}' stands twice in one object.");
            }
            Check(property.Value, depth + 1);
        }
    }

    private static string Text(string text) => text.Contains('\0')
        ? throw Refused("a text holds the character NUL, which cannot be kept.")
        : text;

    private static JsonException Refused(string why) => new(Mark + why);

    private static bool IsUsual(JsonElement number)
    {
        var raw = number.GetRawText();
        var exponent = raw.AsSpan(raw.AsSpan().IndexOfAny('e', 'E') + 1);
        return raw.Length <= LongestNumber && number.TryGetDouble(out var value) && double.IsFinite(value)
            && (exponent.Length == raw.Length || (int.TryParse(
                exponent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
                out var size) && size > -LongestNumber));
    }

    private sealed class StrictText : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String
                ? Text(reader.GetString()!)
                : throw Refused("a text is expected here.");

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value);
    }

    private sealed class StrictNode<T> : JsonConverter<T> where T : JsonNode
    {
        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var element = JsonElement.ParseValue(ref reader);
            try
            {
                Check(element, 1);
            }
            catch (InvalidOperationException)
            {
                throw Refused(
                    "a text is no text: half of a character (a surrogate alone), or bytes that are no UTF-8.");
            }
            JsonNode? node = element.ValueKind switch { JsonValueKind.Object => JsonObject.Create(
                element), JsonValueKind.Array => JsonArray.Create(element), _ => null };
            return node as T ?? throw Refused(
                typeof(T) == typeof(JsonObject) ? "an object is expected here." : "a list is expected here.");
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            value.WriteTo(writer, options);
    }
}
