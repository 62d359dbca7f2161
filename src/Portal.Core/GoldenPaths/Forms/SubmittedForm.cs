using System.Text.Json.Nodes;
using Portal.Core.Shared;

namespace Portal.Core.GoldenPaths.Forms;

/// <summary>A form's values, complete, checked and without secrets; the secrets apart.</summary>
public sealed record SubmittedForm(JsonObject Values, JsonObject Secrets)
{
    /// <summary>
    /// Fills in defaults, drops what is not visible, takes secrets out and checks the rest: the same for the page and
    /// the API.
    /// </summary>
    /// <param name="secrets">Given apart from the values; win over those found in them.</param>
    public static Result<SubmittedForm> Complete(FormDefinition form, JsonObject values, JsonObject? secrets)
    {
        var visible = form.Prune(form.ApplyDefaults(values));
        var (plain, found) = form.SplitSecrets(visible);
        foreach (var (name, secret) in secrets ?? []) found[name] = secret?.DeepClone();
        var errors = form.Validate(plain, found);
        if (errors.IsValid) return new SubmittedForm(plain, found);
        return Error.Invalid("values-invalid", "The form has mistakes.") with { Fields = errors.ToFieldErrors() };
    }
}
