using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Forms.Schema;

namespace Portal.Core.GoldenPaths.Forms;

/// <summary>Reads and changes the values of a form by path. A change makes a copy.</summary>
public static class FormValues
{
    public static JsonNode? Get(JsonObject values, string path) => JsonPointer.TryGet(values, path, out var found) ? found : null;

    /// <summary>
    /// Sets the value at a path. Null and the empty text take it away, as a form has no other way to say "nothing"
    /// (in a list they stay, so that the other items keep their places).
    /// </summary>
    public static JsonObject Set(JsonObject values, string path, JsonNode? value)
    {
        var copy = (JsonObject)values.DeepClone();
        Put(copy, JsonPointer.Tokens(path), value?.DeepClone());
        return copy;
    }

    /// <summary>Reads what was typed: a number where the field wants one and the text is one, else the text itself, which validation then names.</summary>
    public static JsonNode? FromText(FormField field, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (field.Type is not ("number" or "integer"))
        {
            return JsonValue.Create(text);
        }

        try
        {
            return JsonNode.Parse(text.Trim()) is JsonValue number && JsonNumber.TryGet(number, out _) ? number : JsonValue.Create(text);
        }
        catch (System.Text.Json.JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    internal static void Put(JsonObject root, string[] tokens, JsonNode? value)
    {
        JsonNode parent = root;
        for (var i = 0; i < tokens.Length - 1; i++)
        {
            var next = Child(parent, tokens[i]);
            if (next is not (JsonObject or JsonArray))
            {
                if (value is null)
                {
                    return;
                }

                next = int.TryParse(tokens[i + 1], out _) ? new JsonArray() : new JsonObject();
                Place(parent, tokens[i], next);
            }

            parent = next;
        }

        if (parent is JsonObject members && (value is null || JsonKinds.TextOrNull(value) is ""))
        {
            members.Remove(tokens[^1]);
        }
        else
        {
            Place(parent, tokens[^1], value);
        }
    }

    private static JsonNode? Child(JsonNode parent, string token) => parent switch
    {
        JsonObject members => members[token],
        JsonArray items when JsonPointer.TryIndex(token, out var index) && index < items.Count => items[index],
        _ => null,
    };

    private static void Place(JsonNode parent, string token, JsonNode? value)
    {
        if (parent is JsonObject members)
        {
            members[token] = value;
        }
        else if (parent is JsonArray items && JsonPointer.TryIndex(token, out var index) && index <= items.Count)
        {
            if (index == items.Count)
            {
                items.Add(value);
            }
            else
            {
                items[index] = value;
            }
        }
        else
        {
            throw new ArgumentException($"'{token}' is not a place in the values.", nameof(token));
        }
    }
}
