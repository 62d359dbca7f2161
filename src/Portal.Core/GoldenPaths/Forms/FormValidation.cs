using System.Text.Json.Nodes;
using Portal.Core.Schema;

namespace Portal.Core.GoldenPaths.Forms;

/// <summary>
/// Applies size limits, the schema of each page and the rules of special fields, and words the result for a person.
/// </summary>
internal static class FormValidation
{
    public static FormErrors Check(
        FormDefinition form, JsonObject values, JsonObject? secrets, IReadOnlyDictionary<string, int>? choices)
    {
        // Before the values are even copied.
        if ((FormLimits.Check(values) ?? (secrets is null ? null : FormLimits.Check(secrets))) is { } tooLarge)
        {
            return new FormErrors([tooLarge]);
        }

        var state = form.Resolve(FormSecrets.Join(form, values, secrets), choices);
        var fields = new Dictionary<string, (int Page, FormField Field)>(StringComparer.Ordinal);
        foreach (var page in state.Pages)
        {
            foreach (var field in page.Fields.SelectMany(field => field.SelfAndBelow()))
            {
                fields.TryAdd(field.Path, (page.Index, field));
            }
        }

        var errors = new List<FormError>();
        foreach (var page in form.Pages)
        {
            foreach (var error in page.Schema.Validate(state.Values))
            {
                if (!IsFromAnotherPage(error, form)) errors.Add(Word(page.Index, error, fields));
            }
        }

        foreach (var (page, field) in fields.Values)
        {
            if (FieldRules.Check(field) is { } message && !errors.Exists(error => error.Path == field.Path))
            {
                errors.Add(new FormError(page, field.Path, "ui:field", $"{field.Title} {message}."));
            }
        }

        return new FormErrors([.. errors.DistinctBy(error => (error.Path, error.Message))]);
    }

    /// <summary>
    /// Each page sees all values, so a page that allows no others must not complain about its neighbours'.
    /// </summary>
    private static bool IsFromAnotherPage(SchemaError error, FormDefinition form)
        => error is { Keyword: "additionalProperties", InstancePath: "", Property: { } name }
            && form.ParameterNames.Contains(name);

    private static FormError Word(int page, SchemaError error, Dictionary<string, (int Page, FormField Field)> fields)
    {
        var path = error.FieldPath;
        var known = fields.TryGetValue(path, out var found);
        if (error.IsCustom) return new FormError(known ? found.Page : page, path, error.Keyword, error.Message);

        var subject = known ? found.Field.Title : JsonPointer.Tokens(path).LastOrDefault() ?? "The page";
        return new FormError(known ? found.Page : page, path, error.Keyword, $"{subject} {error.Message}.");
    }
}
