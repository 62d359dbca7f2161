using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Web.Governance;

namespace Portal.Web.GoldenPaths.Wizard;

/// <param name="Older">A draft that the person left, when this form starts anew.</param>
/// <param name="SecretsLost">The form has secrets that were not kept with the draft.</param>
internal sealed record OpenedForm(
    TemplateVersion Version, JsonObject Values, Actor Actor, Draft? Older, bool SecretsLost);

/// <summary>
/// What a form starts with: a draft, the values of an earlier run, or the defaults and the person's own team.
/// </summary>
internal sealed class FormOpener(
    ReadTemplates templates, Drafts drafts, ReadRuns runs, CircuitSecrets secrets, CurrentActor current)
{
    /// <param name="sameNames">What is named by the earlier run's values is to be made by this one instead.</param>
    public async Task<Result<OpenedForm>> OpenAsync(
        EntityRef template, Guid? draftId, Guid? from, bool sameNames = false)
    {
        var actor = await current.GetAsync();
        var found = await templates.FindVersionAsync(template, null, actor, CancellationToken.None);
        if (!found.TryGet(out var version, out var missing)) return missing;
        if (draftId is { } id)
        {
            if (!(await drafts.FindAsync(id, actor, CancellationToken.None)).TryGet(out var draft, out var gone))
            {
                return gone;
            }
            var kept = secrets.Of(id);
            var values = WithSecrets(version.Form, Parse(draft.Values), kept);
            return new OpenedForm(version, values, actor, null, kept.Count == 0 && AsksSecrets(version.Form, values));
        }
        if (from is { } run)
        {
            if (!(await runs.FindAsync(run, actor, CancellationToken.None)).TryGet(out var view, out var unknown))
            {
                return unknown;
            }
            var values = Parse(view.Run.Values);
            var like = sameNames ? values : WithoutNames(version.Form, values);
            return new OpenedForm(
                version, WithMyTeam(version.Form, version.Form.ApplyDefaults(like), actor), actor, null, false);
        }
        var start = WithMyTeam(version.Form, version.Form.ApplyDefaults([]), actor);
        return new OpenedForm(
            version, start, actor, await drafts.LatestAsync(template, actor, CancellationToken.None), false);
    }

    public static JsonObject WithSecrets(FormDefinition form, JsonObject values, JsonObject secrets)
    {
        foreach (var (name, secret) in secrets)
        {
            if (secret is not null && form.SecretNames.Count > 0) values = FormValues.Set(values, "/" + name, secret);
        }
        return values;
    }

    private static bool AsksSecrets(FormDefinition form, JsonObject values) =>
        form.SecretNames.Count > 0 && form.Resolve(values).Fields.Any(f => f.IsSecret && f.Value is null);

    private static JsonObject WithMyTeam(FormDefinition form, JsonObject values, Actor actor)
    {
        if (actor.Groups.Count == 0) return values;
        foreach (var field in form.Resolve(values).Fields
            .Where(f => f is { Field: "OwnerPicker", Value: null, ReadOnly: false, Type: "string" }).ToList())
        {
            values = form.Change(values, field.Path, JsonValue.Create(actor.Groups[0].ToString()));
        }
        return values;
    }

    /// <summary>Another one needs another name.</summary>
    private static JsonObject WithoutNames(FormDefinition form, JsonObject values)
    {
        foreach (var field in form.Resolve(values).Fields.Where(f => f.Field is "EntityNamePicker" or "RepoUrlPicker")
            .ToList())
        {
            values = FormValues.Set(values, field.Path, null);
        }
        return values;
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json) as JsonObject ?? [];
}
