using System.Text.Json.Nodes;

namespace Portal.Core.GoldenPaths.Forms.Resolution;

/// <summary>How a field is shown: as <c>ui:widget</c> asks where that fits the type, else as is natural.</summary>
internal static class FieldWidgets
{
    public static FormWidget Choose(
        EffectiveSchema schema, EffectiveSchema? items, string type, JsonObject options, bool hasOptions, bool hasField)
    {
        var name = UiHints.Text(options, "widget") ?? (UiHints.Text(options, "field") == "hidden" ? "hidden" : null);
        if (name is not null && UiHints.KnownWidgets.TryGetValue(name, out var wanted)
            && Fits(wanted, type, hasOptions))
        {
            return type == "boolean" && wanted == FormWidget.Select && !hasOptions ? FormWidget.Select : wanted;
        }

        return Natural(schema, items, type, options, hasOptions, hasField);
    }

    /// <summary>True when a widget can edit a value of the type: a text area cannot hold a list.</summary>
    public static bool Fits(FormWidget widget, string type, bool hasOptions) => widget switch
    {
        FormWidget.Hidden => true,
        FormWidget.Checkboxes => type == "array" && hasOptions,
        FormWidget.Select => type is not "object" && (hasOptions || type == "boolean"),
        FormWidget.Radio => type is not ("array" or "object") && (hasOptions || type == "boolean"),
        FormWidget.Checkbox => type == "boolean",
        FormWidget.UpDown or FormWidget.Range => type is "number" or "integer",
        FormWidget.Text => type is "string" or "number" or "integer",
        _ => type == "string",
    };

    private static FormWidget Natural(
        EffectiveSchema schema, EffectiveSchema? items, string type, JsonObject options, bool hasOptions,
        bool hasField) => type switch
    {
        "object" => FormWidget.Group,
        "array" when hasField => FormWidget.Text,
        "array" => hasOptions && items is { Type: not ("object" or "array") } ? FormWidget.Checkboxes : FormWidget.List,
        "boolean" => hasOptions ? FormWidget.Radio : FormWidget.Checkbox,
        _ when hasOptions => FormWidget.Select,
        "number" or "integer" => FormWidget.Number,
        _ when UiHints.IsSecret(options) => FormWidget.Password,
        _ => OfFormat(schema.Text("format")),
    };

    private static FormWidget OfFormat(string? format) => format switch
    {
        "email" => FormWidget.Email,
        "uri" => FormWidget.Url,
        "date" => FormWidget.Date,
        "date-time" => FormWidget.DateTime,
        "time" => FormWidget.Time,
        "color" => FormWidget.Color,
        _ => FormWidget.Text,
    };
}
