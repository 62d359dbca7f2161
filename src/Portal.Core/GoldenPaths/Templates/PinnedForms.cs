using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.GoldenPaths.Templates;

internal sealed class PinnedForms(TemplateCatalogue templates) : IRunForms
{
    public async Task<Result<JsonObject>> CompleteAsync(
        Run run, JsonObject values, JsonObject secrets, CancellationToken cancellation)
    {
        var version =
            await templates.FindVersionAsync(EntityRef.Parse(run.Template!), run.TemplateTreeHash, cancellation);
        if (!version.TryGet(out var template, out var unknown)) return unknown;
        return SubmittedForm.Complete(template.Form, values, secrets).TryGet(out var form, out var invalid)
            ? form.Values
            : invalid;
    }
}
