using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Portal.Core.GoldenPaths.Forms;

namespace Portal.Web.GoldenPaths.Fields;

/// <summary>
/// What the controls of all fields share: where they are found, what describes them, how their value is read and set.
/// </summary>
public abstract class FieldBase : ComponentBase
{
    [CascadingParameter] public required FormModel Form { get; set; }

    [Parameter, EditorRequired] public required FormField Field { get; set; }

    protected string Id => FieldIds.Of(Field.Path);

    protected bool Locked => Field.Disabled || Field.ReadOnly;

    /// <summary>True when the control shows a list or an object as a whole, and so says what is wrong inside.</summary>
    protected virtual bool IsWhole => false;

    protected IReadOnlyList<string> Problems => Form.ProblemsAt(Field.Path, IsWhole);

    protected string Text => TextOf(Field.Value);

    protected string? DescribedBy => string.Join(' ', Descriptions()) is { Length: > 0 } ids ? ids : null;

    /// <summary>
    /// What ties a control to its field; of several boxes to tick the first stands for the field.
    /// </summary>
    protected Dictionary<string, object?> ControlAttributes
    {
        get
        {
            var attributes = new Dictionary<string, object?>(StringComparer.Ordinal) { ["id"] = Id };
            if (!IsWhole && DescribedBy is { } ids) attributes["aria-describedby"] = ids;
            if (Problems.Count > 0) attributes["aria-invalid"] = "true";
            if (!IsWhole && Field.Required) attributes["aria-required"] = "true";
            if (Field.Autofocus) attributes["autofocus"] = true;
            return attributes;
        }
    }

    protected void SetText(string? text) => Form.Set(Field, FormValues.FromText(Field, text));

    protected void Set(JsonNode? value)
    {
        Form.Set(Field, value);
        Touch();
    }

    protected void Touch() => Form.Touch(Field.Path);

    protected static string TextOf(JsonNode? value) => value switch
    {
        null => "",
        JsonValue v when v.TryGetValue<string>(out var text) => text,
        _ => value.ToJsonString(),
    };

    private IEnumerable<string> Descriptions()
    {
        if (Field.Description is not null) yield return $"{Id}-about";
        if (Field.Help is not null) yield return $"{Id}-help";
        if (Form.Names?.AddressAt(Field.Path) is { IsFree: not false }) yield return $"{Id}-address";
        if (Problems.Count > 0) yield return $"{Id}-problem";
    }
}
