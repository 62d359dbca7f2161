using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace Portal.Core.Runs.Masking;

/// <summary>
/// What masks the texts of a run: its own secrets, and the operator's where its template may have them.
/// </summary>
public sealed class RunRedactors(SecretBox box, IOptions<StepEnvironmentOptions> options)
{
    public SecretRedactor Of(Run run)
    {
        var redactor = new SecretRedactor(box.Open(run.Secrets));
        redactor.Learn(options.Value.SecretsOf(run.TemplateSource).Values);
        redactor.LearnMade(SecretForms.Texts(box.Open(run.MadeOfSecrets)));
        return redactor;
    }

    /// <summary>
    /// To be kept with the run: what an attempt made of secrets is as secret in the next, and while it is undone.
    /// </summary>
    public byte[]? Seal(SecretRedactor redactor) => box.Seal(redactor.Made is { Count: > 0 } made
        ? new JsonObject { ["made"] = new JsonArray([.. made.Select(m => JsonValue.Create(m))]) }
        : null);
}
