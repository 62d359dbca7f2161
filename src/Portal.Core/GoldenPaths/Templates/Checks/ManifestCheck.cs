using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Schema;
using Portal.Templating;

namespace Portal.Core.GoldenPaths.Templates.Checks;

/// <summary>The steps and the output of one manifest: actions, their inputs, and every name in an expression.</summary>
internal sealed class ManifestCheck(
    TemplateManifest manifest, ActionRegistry actions, StepEnvironmentOptions options, Findings findings)
{
    private static readonly TemplateEngine Engine = new();

    /// <summary>The parameters that an expression reads.</summary>
    public HashSet<string> UsedParameters { get; } = new(StringComparer.Ordinal);

    /// <summary>An expression reads the parameters as a whole, or one that only the run can name.</summary>
    public bool UsesAllParameters { get; private set; }

    /// <summary>Some expression cannot be read, so that nobody knows what it uses.</summary>
    public bool IsIncomplete { get; private set; }

    public void Run()
    {
        var steps = manifest.Spec.Steps;
        for (var i = 0; i < steps.Count; i++)
        {
            var (step, at) = (steps[i], $"/spec/steps/{i}");
            CheckCondition(step.If, $"{at}/if");
            Visit(
                step.If, $"{at}/if",
                new ExpressionNames(manifest, actions, options, i, InEach: step.Each is not null, InInput: false));
            Visit(
                step.Each, $"{at}/each",
                new ExpressionNames(manifest, actions, options, i, InEach: false, InInput: false));
            Visit(
                step.Input, $"{at}/input",
                new ExpressionNames(manifest, actions, options, i, InEach: step.Each is not null, InInput: true));
            CheckAction(step, at);
        }
        if (manifest.SpecJson["output"] is JsonObject output) CheckOutput(output);
    }

    private void CheckAction(StepSpec step, string at)
    {
        if (actions.Find(step.Action) is not { } registered)
        {
            var near = NearestName.Find(step.Action, actions.All.Select(a => a.Id));
            findings.Error(manifest.NoteAt($"{at}/action", $"This portal has no action '{step.Action}'.",
                near is null
                    ? $"Use one of: {string.Join(", ", actions.All.Select(a => a.Id))}."
                    : $"Did you mean '{near}'?"));
            return;
        }
        var known = StaticInput.Of(step.Input);
        foreach (var mistake in registered.Mistakes(known))
        {
            findings.Error(manifest.NoteAt(
                $"{at}/input{mistake.Path}", $"Step '{step.Id}' ({step.Action}): {mistake.Message}",
                $"See the inputs of {step.Action}."));
        }
        foreach (var name in registered.Obsolete(known))
        {
            findings.Warning(manifest.NoteAt(
                $"{at}/input/{JsonPointer.Escape(name)}", $"The input '{name}' of {step.Action} has no effect here.",
                "Remove it."));
        }
    }

    private void CheckOutput(JsonObject output)
    {
        Visit(
            output, "/spec/output",
            new ExpressionNames(manifest, actions, options, manifest.Spec.Steps.Count, InEach: false, InInput: false));
        var links = output["links"] as JsonArray ?? [];
        for (var i = 0; i < links.Count; i++)
        {
            var at = $"/spec/output/links/{i}";
            CheckCondition(links[i]?["if"], $"{at}/if");
            if (TemplateManifest.Text(links[i] as JsonObject, "url") is { } url && Engine.IsLiteral(url)
                && !OutputRenderer.IsAllowed(url))
            {
                findings.Error(manifest.NoteAt(
                    $"{at}/url", "The link leads to no place that can be linked.",
                    "Write an http or https address, or a path of the portal."));
            }
        }
    }

    /// <summary>A text around an expression is never empty, so it is always met: nobody means that.</summary>
    private void CheckCondition(JsonNode? condition, string pointer)
    {
        if (condition is not JsonValue value || value.GetValueKind() != JsonValueKind.String) return;
        var text = value.GetValue<string>();
        if (text.Length > 0 && Parse(text, pointer, report: false) is { SingleExpression: null })
        {
            findings.Warning(manifest.NoteAt(
                pointer, "The condition is a text, and a text is always met.",
                "Write it as one expression, ${{ … }}, without anything around it."));
        }
    }

    private void Visit(JsonNode? node, string pointer, ExpressionNames names)
    {
        switch (node)
        {
            case JsonObject values:
                foreach (var (name, value) in values) Visit(value, JsonPointer.Append(pointer, name), names);
                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++) Visit(items[i], JsonPointer.Append(pointer, i), names);
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                CheckText(value.GetValue<string>(), pointer, names);
                break;
        }
    }

    private void CheckText(string text, string pointer, ExpressionNames names)
    {
        if (Engine.IsLiteral(text) || Parse(text, pointer, report: true) is not { } parsed) return;
        foreach (var reference in parsed.References)
        {
            if (reference.Root == "parameters") Use(reference);
            if (names.Check(reference) is not { } problem) continue;
            var note = new TemplateNote(
                manifest.File, LineOf(pointer, reference.Line, reference.Column), problem.Message, problem.Fix);
            if (problem.Level == FindingLevel.Error) findings.Error(note);
            else findings.Warning(note);
        }
    }

    private Template? Parse(string text, string pointer, bool report)
    {
        try
        {
            return Engine.Parse(text, manifest.File);
        }
        catch (TemplateException e)
        {
            IsIncomplete = true;
            var fix = e.Suggestion is null
                ? "Correct the expression; its language is that of docs/template-engine.md."
                : $"Did you mean '{e.Suggestion}'?";
            if (report)
            {
                findings.Error(new TemplateNote(
                    manifest.File, LineOf(pointer, e.Line, e.Column), $"{e.Reason.TrimEnd('.')}.", fix));
            }
            return null;
        }
    }

    private int LineOf(string pointer, int line, int column) =>
        manifest.PlaceOf(pointer).Of(Math.Max(1, line), Math.Max(1, column)).Line;

    private void Use(VariableReference reference)
    {
        if (reference.Members is [var name, ..]) UsedParameters.Add(name);
        else UsesAllParameters = true;
    }
}
