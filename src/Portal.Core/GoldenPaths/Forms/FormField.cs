using System.Text.Json.Nodes;

namespace Portal.Core.GoldenPaths.Forms;

/// <summary>How a field is shown. The natural one follows from the type; <c>ui:widget</c> asks for another.</summary>
public enum FormWidget
{
    Text,
    TextArea,
    Password,
    Email,
    Url,
    Date,
    DateTime,
    Time,
    Color,
    Number,
    UpDown,
    Range,
    Checkbox,
    Checkboxes,
    Radio,
    Select,

    /// <summary>A value that is submitted and not shown.</summary>
    Hidden,

    /// <summary>An array whose items are fields of their own: <see cref="FormField.Items"/>.</summary>
    List,

    /// <summary>An object: <see cref="FormField.Children"/>.</summary>
    Group,
}

/// <summary>One value to choose from.</summary>
/// <param name="Value">What is submitted; any JSON.</param>
/// <param name="Label">What is shown.</param>
public sealed record FormOption(JsonNode? Value, string Label);

/// <summary>An <c>oneOf</c> or <c>anyOf</c> whose alternatives bring fields of their own.</summary>
/// <param name="Key">Names the choice in <see cref="FormDefinition.Resolve"/> and
/// <see cref="FormDefinition.Choose"/>.</param>
/// <param name="Titles">The alternatives, in order.</param>
/// <param name="Selected">Index of the one that is shown.</param>
public sealed record FormChoice(string Key, IReadOnlyList<string> Titles, int Selected);

/// <summary>One field as it is for the current values.</summary>
public sealed record FormField
{
    /// <summary>JSON pointer into the values, for example <c>/database/size</c>; errors carry the same path.</summary>
    public required string Path { get; init; }

    /// <summary>The property's name; for an item of a list its index.</summary>
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>Markdown.</summary>
    public string? Description { get; init; }

    /// <summary>string, number, integer, boolean, array or object.</summary>
    public required string Type { get; init; }

    public bool Required { get; init; }

    /// <summary>
    /// The current value; null when there is none. Read only: change it through <see cref="FormDefinition.Change"/>.
    /// </summary>
    public JsonNode? Value { get; init; }

    public JsonNode? Default { get; init; }

    /// <summary>The only value that is allowed; such a field is read-only.</summary>
    public JsonNode? Const { get; init; }

    public FormWidget Widget { get; init; }

    /// <summary>A <c>ui:field</c> that the portal has, such as <c>OwnerPicker</c>; null for a plain field.</summary>
    public string? Field { get; init; }

    /// <summary>
    /// The values to choose from, of the field or, for an array of an enum, of its items; empty when it is free.
    /// </summary>
    public IReadOnlyList<FormOption> Options { get; init; } = [];

    /// <summary>
    /// <c>ui:options</c> and every <c>ui:*</c> without its prefix: catalogFilter, allowedKinds, allowedHosts, rows …
    /// </summary>
    public JsonObject UiOptions { get; init; } = [];

    public string? Placeholder { get; init; }

    public string? Help { get; init; }

    public bool Autofocus { get; init; }

    public bool Disabled { get; init; }

    public bool ReadOnly { get; init; }

    /// <summary>Kept apart from the values: see <see cref="FormDefinition.SplitSecrets"/>.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The numbers as the schema writes them; null without a bound.</summary>
    public string? Min { get; init; }

    public string? Max { get; init; }

    public string? Step { get; init; }

    public int? MinLength { get; init; }

    public int? MaxLength { get; init; }

    public string? Pattern { get; init; }

    public string? Format { get; init; }

    /// <summary>Lines of a text area.</summary>
    public int Rows { get; init; } = 5;

    /// <summary>The fields of an object, in the order of <c>ui:order</c>.</summary>
    public IReadOnlyList<FormField> Children { get; init; } = [];

    /// <summary>The current items of a <see cref="FormWidget.List"/>.</summary>
    public IReadOnlyList<FormField> Items { get; init; } = [];

    /// <summary>What a new item of the list starts with.</summary>
    public JsonNode? NewItem { get; init; }

    public bool CanAdd { get; init; }

    public bool CanRemove { get; init; }

    /// <summary>True when items can change places.</summary>
    public bool CanReorder { get; init; }

    /// <summary>Alternatives that decide about <see cref="Children"/> or about the field itself.</summary>
    public IReadOnlyList<FormChoice> Choices { get; init; } = [];

    /// <summary>This field and all below it.</summary>
    public IEnumerable<FormField> SelfAndBelow() =>
        Children.Concat(Items).SelectMany(child => child.SelfAndBelow()).Prepend(this);
}
