using System.Text.Json.Nodes;
using Portal.Core.Schema;

namespace Portal.Core.GoldenPaths.Forms;

/// <summary>Reads and changes the values of a form by path. A change makes a copy.</summary>
public static class FormValues
{
    public static JsonNode? Get(JsonObject values, string path) =>
        JsonPointer.TryGet(values, path, out var found) ? found : null;

    /// <summary>
    /// Sets the value at a path. Null and the empty text take it away, as a form has no other way to say "nothing"
    /// (in a list they stay, so that the other items keep their places).
    /// </summary>
    public static JsonObject Set(JsonObject values, string path, JsonNode? value)
    {
        var copy = (JsonObject)values.DeepClone();
        JsonPointer.Put(copy, JsonPointer.Tokens(path), value?.DeepClone());
        return copy;
    }

    /// <summary>
    /// Reads what was typed: a number where the field wants one and the text is one, else the text itself, which
    /// validation then names.
    /// </summary>
    public static JsonNode? FromText(FormField field, string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;

        if (field.Type is not ("number" or "integer")) return JsonValue.Create(text);

        try
        {
            return JsonNode.Parse(text.Trim()) is JsonValue number
                && JsonNumber.TryGet(number, out _) ? number : JsonValue.Create(text);
        }
        catch (System.Text.Json.JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
