using System.Text.Json.Nodes;
using Portal.Core.Schema;

namespace Portal.Core.GoldenPaths.Forms.Resolution;

/// <summary>
/// What <c>ui:*</c> says about a field: <c>ui:options</c>, and each <c>ui:name</c> as the option <c>name</c>.
/// </summary>
internal static class UiHints
{
    public static readonly IReadOnlyDictionary<string, FormWidget> KnownWidgets =
        new Dictionary<string, FormWidget>(StringComparer.Ordinal)
        {
            ["text"] = FormWidget.Text,
            ["textarea"] = FormWidget.TextArea,
            ["password"] = FormWidget.Password,
            ["email"] = FormWidget.Email,
            ["uri"] = FormWidget.Url,
            ["url"] = FormWidget.Url,
            ["date"] = FormWidget.Date,
            ["alt-date"] = FormWidget.Date,
            ["date-time"] = FormWidget.DateTime,
            ["datetime"] = FormWidget.DateTime,
            ["alt-datetime"] = FormWidget.DateTime,
            ["time"] = FormWidget.Time,
            ["color"] = FormWidget.Color,
            ["updown"] = FormWidget.UpDown,
            ["range"] = FormWidget.Range,
            ["checkbox"] = FormWidget.Checkbox,
            ["checkboxes"] = FormWidget.Checkboxes,
            ["radio"] = FormWidget.Radio,
            ["select"] = FormWidget.Select,
            ["hidden"] = FormWidget.Hidden,
        };

    public static JsonObject Options(IEnumerable<SchemaSite> sites)
    {
        var options = new JsonObject();
        foreach (var site in sites)
        {
            foreach (var (name, value) in site.Schema["ui:options"] as JsonObject ?? [])
            {
                options[name] = value?.DeepClone();
            }

            foreach (var (name, value) in site.Schema.Where(
                member => member.Key.StartsWith("ui:", StringComparison.Ordinal) && member.Key != "ui:options"))
            {
                options[name[3..]] = value?.DeepClone();
            }
        }

        return options;
    }

    public static string? Text(JsonObject options, string name) => JsonKinds.TextOrNull(options[name]);

    public static bool IsSecret(JsonObject options) =>
        Text(options, "field") == "Secret" || Text(options, "widget") == "password";

    /// <summary>Puts names in the order of <c>ui:order</c>, where * stands for all that are not listed.</summary>
    public static IEnumerable<string> Order(IReadOnlyCollection<string> names, JsonNode? order)
    {
        if (order is not JsonArray listed) return names;

        var wanted = listed.Select(JsonKinds.TextOrNull).OfType<string>().ToList();
        var rest = names.Where(name => !wanted.Contains(name));
        var star = wanted.IndexOf("*");
        return star < 0
            ? wanted.Where(names.Contains).Concat(rest)
            : wanted.Take(star).Where(names.Contains).Concat(rest).Concat(wanted.Skip(star + 1).Where(names.Contains));
    }
}
