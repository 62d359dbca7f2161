using Microsoft.Extensions.Options;

namespace Portal.Core.Runs.Masking;

/// <summary>What masks the texts of a run: its own secrets, and the operator's where its template may have them.</summary>
public sealed class RunRedactors(SecretBox box, IOptions<StepEnvironmentOptions> options)
{
    public SecretRedactor Of(Run run)
    {
        var redactor = new SecretRedactor(box.Open(run.Secrets));
        redactor.Learn(options.Value.SecretsOf(run.TemplateSource).Values);
        return redactor;
    }
}
