using System.Text.Json.Nodes;

namespace Portal.Core.Schema;

/// <summary>
/// <c>errorMessage</c> as ajv-errors reads it: one text for all errors of the schema, or texts by keyword, with
/// <c>required</c> and <c>properties</c> by property name.
/// </summary>
internal sealed class CustomMessages
{
    private readonly string? all;
    private readonly JsonObject? byKeyword;

    private CustomMessages(string? all, JsonObject? byKeyword) => (this.all, this.byKeyword) = (all, byKeyword);

    public static CustomMessages? Parse(JsonNode? node) => node switch
    {
        JsonObject byKeyword => new CustomMessages(null, byKeyword),
        _ when JsonKinds.TextOrNull(node) is { } all => new CustomMessages(all, null),
        _ => null,
    };

    public void Rewrite(List<SchemaError> errors, int first, string at)
    {
        for (var i = first; i < errors.Count; i++)
        {
            if (Find(errors[i], at) is { } message) errors[i] = errors[i] with { Message = message, IsCustom = true };
        }

        // One text for three broken rules is said once.
        for (var i = errors.Count - 1; i > first; i--)
        {
            if (errors[i].IsCustom && errors.FindIndex(first, i - first, other => other.IsCustom
                && other.FieldPath == errors[i].FieldPath && other.Message == errors[i].Message) >= 0)
            {
                errors.RemoveAt(i);
            }
        }
    }

    private string? Find(SchemaError error, string at)
    {
        if (error.InstancePath == at)
        {
            if (all is not null) return all;

            var entry = byKeyword![error.Keyword];
            return JsonKinds.TextOrNull(entry)
                ?? (entry is JsonObject byName
                    && error.Property is not null ? JsonKinds.TextOrNull(byName[error.Property]) : null)
                ?? (error.Keyword == "required" ? null : JsonKinds.TextOrNull(byKeyword["_"]));
        }

        if (byKeyword?["properties"] is not JsonObject properties || error.InstancePath.Length <= at.Length)
        {
            return null;
        }

        var name = JsonPointer.Unescape(error.InstancePath[(at.Length + 1)..].Split('/')[0]);
        return JsonKinds.TextOrNull(properties[name]);
    }
}
