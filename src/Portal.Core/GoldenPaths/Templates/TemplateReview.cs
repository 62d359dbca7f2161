using Portal.Core.Runs.Actions;
using Portal.Templating;

namespace Portal.Core.GoldenPaths.Templates;

/// <summary>
/// What a person should know of a template that can be read: what this portal does not have, and what is out of date.
/// </summary>
public sealed class TemplateReview(ActionRegistry actions)
{
    internal (IReadOnlyList<TemplateNote> Warnings, string? CannotCreate) Of(TemplateManifest manifest)
    {
        var warnings = new List<TemplateNote>();
        var missing = manifest.Spec.Steps.Where(s => actions.Find(s.Action) is null).ToList();
        foreach (var step in missing)
        {
            var near = NearestName.Find(step.Action, actions.All.Select(a => a.Id));
            warnings.Add(new TemplateNote(manifest.File, step.Line, $"This portal has no action '{step.Action}'.",
                near is null ? "See the list of actions for what there is." : $"Did you mean '{near}'?"));
        }
        foreach (var note in manifest.Form.Unsupported.Concat(manifest.Form.Warnings))
        {
            warnings.Add(
                manifest.NoteAt("/spec/parameters" + note.SchemaPath, $"{note.Keyword}: {note.Message.TrimEnd('.')}."));
        }
        if (manifest.IsDeprecated)
        {
            warnings.Add(manifest.NoteAt("/spec/lifecycle", "The template is deprecated.",
                manifest.Successor is { } successor ? $"Use {successor}." : "It names no successor: spec.successor."));
        }
        var names = string.Join(", ", missing.Select(s => $"'{s.Action}'").Distinct(StringComparer.Ordinal));
        return (warnings, missing.Count == 0 ? null : $"This portal has no action {names}, which the template uses.");
    }
}
