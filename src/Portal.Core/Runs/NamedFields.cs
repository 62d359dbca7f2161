using System.Text.Json.Nodes;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>
/// Which of a form's values a name was made of. Templates compute names as they like, so it is told by the values: the
/// one that is the name, else the longest that is a part of it.
/// </summary>
internal static class NamedFields
{
    private const int ShortestPart = 2;

    /// <summary>The error, with the field to change where it can be told.</summary>
    public static Error Mark(TakenName taken, JsonObject values) =>
        FieldOf(taken.Parts, values) is { } field
            ? taken.Error with { Fields = [new FieldError("/" + field, taken.Error.Message)] }
            : taken.Error with { Fields = [] };

    /// <summary>The name of the value; null when none is in them.</summary>
    public static string? FieldOf(IReadOnlyList<string> names, JsonObject values)
    {
        var texts = values.Select(v => (v.Key, Text: Text(v.Value))).Where(v => v.Text.Length > 0).ToList();
        return names.Select(n => texts.Find(v => Same(v.Text, n)).Key).FirstOrDefault(k => k is not null)
            ?? names.SelectMany(n => texts.Where(v => v.Text.Length >= ShortestPart && Holds(n, v.Text))
                .OrderByDescending(v => v.Text.Length)).Select(v => v.Key).FirstOrDefault();
    }

    /// <summary>Of what a RepoUrlPicker gives, the repository alone.</summary>
    private static string Text(JsonNode? value)
    {
        if (value is not JsonValue one || !one.TryGetValue<string>(out var text)) return "";
        var at = text.IndexOf("repo=", StringComparison.Ordinal);
        if (at <= 0 || text[at - 1] is not ('?' or '&')) return text;
        var rest = text[(at + "repo=".Length)..];
        return Uri.UnescapeDataString(rest.Split('&')[0]);
    }

    private static bool Same(string text, string name) => string.Equals(text, name, StringComparison.OrdinalIgnoreCase);

    private static bool Holds(string name, string part) => name.Contains(part, StringComparison.OrdinalIgnoreCase);
}
