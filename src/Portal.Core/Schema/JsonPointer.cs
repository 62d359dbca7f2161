using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Core.Schema;

/// <summary>RFC 6901 JSON pointers over <see cref="JsonNode"/>.</summary>
public static class JsonPointer
{
    public static string Append(string pointer, string token) => pointer + "/" + Escape(token);

    public static string Append(string pointer, int index) =>
        pointer + "/" + index.ToString(CultureInfo.InvariantCulture);

    public static string Escape(string token)
        => token.AsSpan().IndexOfAny('~', '/') < 0 ? token : token.Replace("~", "~0").Replace("/", "~1");

    public static string Unescape(string token)
        => token.Contains('~', StringComparison.Ordinal) ? token.Replace("~1", "/").Replace("~0", "~") : token;

    /// <summary>The unescaped tokens of a pointer; none for the empty pointer.</summary>
    public static string[] Tokens(string pointer)
        => pointer.Length == 0 ? [] : [.. pointer[1..].Split('/').Select(Unescape)];

    /// <summary>
    /// Finds the node that a pointer names. False when the path does not exist; a JSON null is found as null.
    /// </summary>
    public static bool TryGet(JsonNode? root, string pointer, out JsonNode? found)
    {
        found = root;
        if (pointer.Length > 0 && pointer[0] != '/') return false;

        foreach (var token in Tokens(pointer))
        {
            if (found is JsonObject members && members.TryGetPropertyValue(token, out var member))
            {
                found = member;
            }
            else if (found is JsonArray items && TryIndex(token, out var index) && index < items.Count)
            {
                found = items[index];
            }
            else
            {
                found = null;
                return false;
            }
        }

        return true;
    }

    internal static bool TryIndex(string token, out int index)
        => int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out index)
            && (token.Length == 1 || token[0] != '0');

    /// <summary>
    /// Sets the value there, making what is missing on the way; null and the empty text take it away (in a list they
    /// stay).
    /// </summary>
    internal static void Put(JsonObject root, string[] tokens, JsonNode? value)
    {
        JsonNode parent = root;
        for (var i = 0; i < tokens.Length - 1; i++)
        {
            var next = Child(parent, tokens[i]);
            if (next is not (JsonObject or JsonArray))
            {
                if (value is null) return;

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
        JsonArray items when TryIndex(token, out var index) && index < items.Count => items[index],
        _ => null,
    };

    private static void Place(JsonNode parent, string token, JsonNode? value)
    {
        if (parent is JsonObject members)
        {
            members[token] = value;
        }
        else if (parent is JsonArray items && TryIndex(token, out var index) && index <= items.Count)
        {
            if (index == items.Count) items.Add(value);
            else items[index] = value;
        }
        else
        {
            throw new ArgumentException($"'{token}' is not a place in the values.", nameof(token));
        }
    }
}

/// <summary>The path to the value under validation; written out only when there is an error to report.</summary>
internal sealed class InstancePath
{
    public static readonly InstancePath Root = new(null, "");

    private readonly InstancePath? parent;
    private readonly string token;

    private InstancePath(InstancePath? parent, string token) => (this.parent, this.token) = (parent, token);

    public InstancePath Child(string name) => new(this, name);

    public InstancePath Child(int index) => new(this, index.ToString(CultureInfo.InvariantCulture));

    public override string ToString() => parent is null ? "" : JsonPointer.Append(parent.ToString(), token);
}
