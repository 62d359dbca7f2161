using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Runs.Actions;

namespace Portal.Core.Runs;

internal enum StepDecision { Run, Skip, AtRun }

/// <param name="Iteration">Of <c>each</c>, from 0.</param>
internal sealed record ActionCall(int Iteration, JsonObject Input);

/// <summary>One step on its way: its condition, its iterations, its inputs.</summary>
internal sealed class WalkedStep(
    WalkInput input, IWalkHost host, WalkScope scope, StepTexts texts, StepSpec step, RegisteredAction? registered,
    string pointer)
{
    public WalkInput Input => input;

    public IWalkHost Host => host;

    public WalkScope Scope => scope;

    public StepSpec Step => step;

    public RegisteredAction? Registered => registered;

    /// <summary>By Backstage's truth: false, null, nothing, "", 0 and [] are not met.</summary>
    public StepDecision Decide(EachItem? each)
    {
        if (step.If is null) return StepDecision.Run;
        var value = texts.Plain(step.If, $"{pointer}/if", scope, each)?.Node;
        if (UnknownValue.Is(value, out _)) return StepDecision.AtRun;
        if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String
            && text.GetValue<string>().Trim() == "false")
        {
            host.Log(
                step,
                "Its condition is the text 'false', which counts as true: write the condition as one expression, ${{ … }}, without anything around it.",
                RunEventType.Warning);
        }
        return IsMet(value) ? StepDecision.Run : StepDecision.Skip;
    }

    /// <summary>False when only the run will know the items of <c>each</c>, or which of them are wanted.</summary>
    public bool CanIterate() =>
        step.Each is null
            || Items() is { } items && (step.If is null || items.All(i => Decide(i) != StepDecision.AtRun));

    /// <summary>All inputs, rendered and checked before the first of them is used.</summary>
    public IReadOnlyList<ActionCall> Prepare()
    {
        if (step.Each is null) return [Call(null, 0)];
        var items = Items() ?? throw ActionFailedException.Wrong($"'each' of step '{step.Id}' has no value yet.");
        return [.. items.Select((item, i) => (item, i)).Where(x => Decide(x.item) != StepDecision.Skip)
            .Select(x => Call(x.item, x.i))];
    }

    /// <summary>Whatever it gives, only the run will know it.</summary>
    public void EndUnknown() => scope.EndUnknown(step.Id);

    private ActionCall Call(EachItem? each, int iteration)
    {
        var rendered =
            step.IsData ? step.Input.DeepClone().AsObject() : texts.Input(step.Input, $"{pointer}/input", scope, each);
        var wrong = registered!.Check(rendered);
        if (wrong.Count > 0)
        {
            var which = each is null ? "" : $" for '{each.Key}'";
            throw ActionFailedException.Wrong(
                $"Step '{step.Id}' ({step.Action}){which}: {string.Join(" ", wrong)}{(step.Line > 0 ? $" See template.yaml, line {step.Line}." : "")}");
        }
        foreach (var name in registered.Obsolete(rendered).ToList())
        {
            host.Log(
                step, $"The input '{name}' of {step.Action} has no effect here and can be removed.",
                RunEventType.Warning);
            rendered.Remove(name);
        }
        return new ActionCall(iteration, rendered);
    }

    private IReadOnlyList<EachItem>? Items()
    {
        var node = texts.Plain(step.Each, $"{pointer}/each", scope)?.Node;
        if (UnknownValue.Is(node, out _)) return null;
        return node switch
        {
            JsonArray list => [.. list.Select(
                (value, i) => new EachItem(i.ToString(System.Globalization.CultureInfo.InvariantCulture), value))],
            JsonObject map => [.. map.Select(m => new EachItem(m.Key, m.Value))],
            _ => throw ActionFailedException.Wrong(
                $"'each' of step '{step.Id}' must give a list or a mapping, and gives {(node is null ? "nothing" : "a " + node.GetValueKind().ToString().ToLowerInvariant())}{(step.Line > 0 ? $" (template.yaml, line {step.Line})" : "")}."),
        };
    }

    internal static bool IsMet(JsonNode? value) => value switch
    {
        null => false,
        JsonArray list => list.Count > 0,
        JsonObject => true,
        _ => value.GetValueKind() switch
        {
            JsonValueKind.False => false,
            JsonValueKind.String => value.GetValue<string>().Length > 0,
            JsonValueKind.Number => value.ToJsonString() is var number
                && double.Parse(number, System.Globalization.CultureInfo.InvariantCulture) != 0,
            _ => true,
        },
    };
}
