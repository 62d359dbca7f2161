using System.Text.Json.Nodes;
using Portal.Core.Schema;

namespace Portal.Core.GoldenPaths.Forms.Resolution;

/// <summary>Makes the fields of a page from the schemas that hold for the current values.</summary>
internal sealed class FieldBuilder(SchemaResolver resolver)
{
    private const int MaxDepth = FormLimits.MaxNesting;

    private readonly HashSet<string> open = new(StringComparer.Ordinal);

    public FormPage Page(int index, string title, string? description, JsonObject values)
    {
        var effective = resolver.Resolve([resolver.Root], values, "");
        return new FormPage(index, title, description, Children(effective, values, "", 0), effective.Choices);
    }

    private List<FormField> Children(EffectiveSchema effective, JsonObject? value, string path, int depth)
    {
        List<FormField> fields = [];
        effective.Descend(open, value is not null, () => fields = Members(effective, value, path, depth));
        return fields;
    }

    private List<FormField> Members(EffectiveSchema effective, JsonObject? value, string path, int depth)
    {
        var properties = effective.Properties();
        AddExtra(effective, properties, value);
        var order = UiHints.Options(effective.Sites)["order"];
        var fields = new List<FormField>();
        foreach (var name in UiHints.Order(properties.Keys, order))
        {
            var sites = properties[name];
            var required = effective.Required.Contains(name)
                || sites.Any(site => JsonKinds.IsTrue(site.Schema["required"]));
            fields.Add(Field(sites, JsonPointer.Append(path, name), name, value?[name], required, depth + 1));
        }

        return fields;
    }

    /// <summary>
    /// Properties that are not declared are shown as far as they are there and <c>additionalProperties</c> describes
    /// them.
    /// </summary>
    private static void AddExtra(
        EffectiveSchema effective, Dictionary<string, List<SchemaSite>> properties, JsonObject? value)
    {
        var site = effective.Sites.LastOrDefault(candidate => candidate.Schema["additionalProperties"] is JsonObject);
        foreach (var (name, _) in site is null || value is null ? [] : value)
        {
            properties.TryAdd(name, [new SchemaSite(
                (JsonObject)site!.Schema["additionalProperties"]!, site.Pointer + "/additionalProperties")]);
        }
    }

    private FormField Field(
        IEnumerable<SchemaSite> sites, string path, string name, JsonNode? value, bool required, int depth)
    {
        var schema = resolver.Resolve(sites, value, path);
        var options = UiHints.Options(schema.Sites);
        var type = schema.Type;
        var items = type == "array" ? resolver.Resolve(schema.ItemsAt(0), null, path + "/0") : null;
        var values = FieldOptions.Of(items is null ? schema : items, options);
        var field = UiHints.Text(options, "field");
        var known = field is not null && KnownFields.All.Contains(field) ? field : null;
        var isChosen = schema.Sites.Any(site => site.IsAlternative) && schema.Has("const") && !schema.Has("title");
        var widget = isChosen
            ? FormWidget.Hidden
            : FieldWidgets.Choose(schema, items, type, options, values.Count > 0, known is not null);
        var result = new FormField
        {
            Path = path,
            Name = name,
            Title = UiHints.Text(options, "title") ?? schema.Title ?? name,
            Description = UiHints.Text(options, "description") ?? schema.Text("description"),
            Type = type,
            Required = required,
            Value = value?.DeepClone(),
            Default = schema["default"]?.DeepClone(),
            Const = schema["const"]?.DeepClone(),
            Widget = widget,
            Field = known,
            Options = values,
            UiOptions = options,
            Placeholder = UiHints.Text(options, "placeholder"),
            Help = UiHints.Text(options, "help"),
            Autofocus = JsonKinds.IsTrue(options["autofocus"]),
            Disabled = JsonKinds.IsTrue(options["disabled"]),
            ReadOnly = JsonKinds.IsTrue(options["readonly"]) || JsonKinds.IsTrue(schema["readOnly"])
                || schema.Has("const"),
            IsSecret = UiHints.IsSecret(options),
            Choices = schema.Choices,
        };
        return Bounds(result, schema, options) with
        {
            Children = type == "object" && depth < MaxDepth ? Children(schema, value as JsonObject, path, depth) : [],
            Items = widget == FormWidget.List && depth < MaxDepth ? Items(schema, value as JsonArray, path, depth) : [],
        };
    }

    private static FormField Bounds(FormField field, EffectiveSchema schema, JsonObject options)
    {
        var min = Literal(schema["minimum"]) ?? Literal(schema["exclusiveMinimum"]);
        var rows = JsonNumber.TryGet(options["rows"], out var number) && number.TryGetInt32(out var count)
            && count is > 0 and <= 100 ? count : field.Rows;
        var length = (field.Value as JsonArray)?.Count ?? 0;
        var isArray = field.Type == "array";
        return field with
        {
            Min = min,
            Max = Literal(schema["maximum"]) ?? Literal(schema["exclusiveMaximum"]),
            Step = Literal(options["step"]) ?? Literal(schema["multipleOf"]) ?? (field.Type == "integer" ? "1" : null),
            MinLength = Count(schema["minLength"]),
            MaxLength = Count(schema["maxLength"]),
            Pattern = schema.Text("pattern"),
            Format = schema.Text("format"),
            Rows = rows,
            CanAdd = isArray && !IsFalse(options["addable"])
                && (Count(schema["maxItems"]) is not { } most || length < most),
            CanRemove = isArray && !IsFalse(options["removable"]) && length > (Count(schema["minItems"]) ?? 0),
            CanReorder = isArray && !IsFalse(options["orderable"]) && length > 1,
        };
    }

    private List<FormField> Items(EffectiveSchema schema, JsonArray? value, string path, int depth)
    {
        var fields = new List<FormField>();
        for (var i = 0; i < value?.Count; i++)
        {
            var field = Field(
                schema.ItemsAt(i), JsonPointer.Append(path, i), $"{i}", value[i], required: false, depth + 1);
            fields.Add(field.Title == field.Name ? field with { Title = $"Item {i + 1}" } : field);
        }

        return fields;
    }

    private static string? Literal(JsonNode? node) => JsonNumber.TryGet(node, out _) ? node!.ToJsonString() : null;

    private static int? Count(JsonNode? node) =>
        JsonNumber.TryGet(node, out var number) && number.TryGetInt32(out var count) ? count : null;

    private static bool IsFalse(JsonNode? node) => JsonKinds.Of(node) == JsonKind.Boolean && !JsonKinds.IsTrue(node);
}
