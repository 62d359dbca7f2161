using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Forms;

namespace Portal.Web.GoldenPaths.Fields;

/// <summary>The values that a field offers; a yes-or-no question offers both words.</summary>
internal static class FieldChoices
{
    private static readonly FormOption[] YesNo = [new(true, "Yes"), new(false, "No")];

    public static IReadOnlyList<FormOption> Of(FormField field) =>
        field.Options.Count == 0 && field.Type == "boolean" ? YesNo : field.Options;

    /// <summary>-1 when the value is none of them.</summary>
    public static int IndexOf(FormField field)
    {
        var options = Of(field);
        for (var i = 0; i < options.Count; i++)
        {
            if (field.Value is not null && JsonNode.DeepEquals(options[i].Value, field.Value)) return i;
        }
        return -1;
    }
}
