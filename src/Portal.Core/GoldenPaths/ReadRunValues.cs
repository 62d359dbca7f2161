using System.Text;
using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs;
using Portal.Core.Schema;
using Portal.Core.Shared;

namespace Portal.Core.GoldenPaths;

/// <summary>One value that a run was started with.</summary>
/// <param name="Title">Of its field, below those of the groups that it stands in: "Database › Size".</param>
/// <param name="Text">What was filled in; null of a secret, whose text is told to nobody.</param>
/// <param name="Entity">What the text refers to; null when it is just text.</param>
public sealed record RunValue(string Title, string? Text, EntityRef? Entity = null)
{
    public bool IsSecret => Text is null;
}

/// <summary>
/// What a run was started with, under the titles of the form that it is pinned to. For who has the run; secrets are
/// named and no more.
/// </summary>
public sealed class ReadRunValues(TemplateCatalogue templates)
{
    /// <summary>More than anybody reads; the API has them all.</summary>
    internal const int Most = 200;
    internal const int LongestText = 2_000;
    private const string Within = " › ";

    public async Task<IReadOnlyList<RunValue>> OfAsync(Run run, CancellationToken cancellation)
    {
        var values = JsonNode.Parse(run.Values) as JsonObject ?? [];
        var fields = (await FormOfAsync(run, values, cancellation))?.Fields
            .GroupBy(f => f.Path, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal)
            ?? [];
        var rows = new List<RunValue>();
        foreach (var (name, value) in InOrder(values, fields))
        {
            Add(rows, fields, JsonPointer.Append("", name), value, "");
        }
        foreach (var secret in run.SecretNames.Take(Most)) rows.Add(new RunValue(TitleOf(fields, "/" + secret), null));
        return rows;
    }

    /// <summary>Null where the form cannot be had (any more): then values go by their names.</summary>
    private async Task<FormState?> FormOfAsync(Run run, JsonObject values, CancellationToken cancellation) =>
        EntityRef.TryParse(run.Template, "template", out var template)
            && (await templates.FindVersionAsync(template.Value, run.TemplateTreeHash, cancellation))
                .TryGet(out var version, out _)
            ? version.Form.Resolve(values)
            : null;

    /// <summary>The database keeps members in an order of its own; the form has the one that people know.</summary>
    private static IEnumerable<KeyValuePair<string, JsonNode?>> InOrder(
        JsonObject values, Dictionary<string, FormField> fields)
    {
        var places = fields.Keys.Index().ToDictionary(k => k.Item, k => k.Index, StringComparer.Ordinal);
        return values.OrderBy(v => places.GetValueOrDefault("/" + JsonPointer.Escape(v.Key), int.MaxValue));
    }

    private static void Add(
        List<RunValue> rows, Dictionary<string, FormField> fields, string path, JsonNode? node, string within)
    {
        if (rows.Count >= Most || node is null) return;
        var field = fields.GetValueOrDefault(path);
        var title = within + OwnTitle(fields, path);
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    Add(rows, fields, JsonPointer.Append(path, name), value, title + Within);
                }
                break;
            case JsonArray items when items.All(i => i is JsonValue or null):
                var texts = items.OfType<JsonValue>().Select(i => TextOf(i, field));
                if (items.Count > 0) rows.Add(new RunValue(title, Words.Short(string.Join(", ", texts), LongestText)));
                break;
            case JsonArray items:
                foreach (var (i, item) in items.Index())
                {
                    Add(rows, fields, JsonPointer.Append(path, i), item, title + Within);
                }
                break;
            case JsonValue value when TextOf(value, field) is { Length: > 0 } text:
                rows.Add(new RunValue(title, Words.Short(text, LongestText), Reference(text, field)));
                break;
        }
    }

    /// <summary>With those of all that it stands in.</summary>
    private static string TitleOf(Dictionary<string, FormField> fields, string path)
    {
        var titles = new List<string>();
        for (var end = path.IndexOf('/', 1); end > 0; end = path.IndexOf('/', end + 1))
        {
            titles.Add(OwnTitle(fields, path[..end]));
        }
        return string.Join(Within, titles.Append(OwnTitle(fields, path)));
    }

    private static string OwnTitle(Dictionary<string, FormField> fields, string path)
    {
        var name = JsonPointer.Unescape(path[(path.LastIndexOf('/') + 1)..]);
        if (JsonPointer.TryIndex(name, out var index)) return $"{index + 1}";
        return fields.TryGetValue(path, out var field) ? field.Title : Spaced(name);
    }

    /// <summary>"pipelineRun" becomes "Pipeline run".</summary>
    private static string Spaced(string name)
    {
        var words = new StringBuilder();
        foreach (var (i, letter) in name.Index())
        {
            var begins = i > 0 && char.IsUpper(letter) && char.IsLower(name[i - 1]);
            if (begins) words.Append(' ').Append(char.ToLowerInvariant(letter));
            else words.Append(i == 0 ? char.ToUpperInvariant(letter) : letter);
        }
        return words.ToString();
    }

    /// <summary>As it was shown when it was chosen.</summary>
    private static string TextOf(JsonValue value, FormField? field) =>
        field?.Options.FirstOrDefault(o => JsonNode.DeepEquals(o.Value, value)) is { } option
            ? option.Label
            : value.TryGetValue<bool>(out var yes) ? yes ? "Yes" : "No" : value.ToString();

    /// <summary>A text that somebody typed is no link, whatever it looks like.</summary>
    private static EntityRef? Reference(string text, FormField? field) =>
        field?.Field?.EndsWith("Picker", StringComparison.Ordinal) is true
            && EntityRef.TryParse(text, field.Field == "OwnerPicker" ? "group" : "", out var entity)
            ? entity
            : null;
}
