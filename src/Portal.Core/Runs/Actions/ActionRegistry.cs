using System.Text.Json.Nodes;
using Portal.Core.Schema;
using Portal.Templating;

namespace Portal.Core.Runs.Actions;

/// <summary>The actions that steps can name.</summary>
public sealed class ActionRegistry
{
    private readonly Dictionary<string, RegisteredAction> actions = new(StringComparer.Ordinal);

    public ActionRegistry(IEnumerable<IAction> actions)
    {
        foreach (var action in actions)
        {
            if (!this.actions.TryAdd(action.Description.Id, new RegisteredAction(action)))
            {
                throw new InvalidOperationException($"Two actions are called {action.Description.Id}.");
            }
        }
    }

    /// <summary>By id.</summary>
    public IReadOnlyList<ActionDescription> All =>
        [.. actions.Values.Select(a => a.Action.Description).OrderBy(d => d.Id, StringComparer.Ordinal)];

    public RegisteredAction? Find(string id) => actions.GetValueOrDefault(id);

    /// <summary>What to say of an action that is not here.</summary>
    public string Missing(string id) => NearestName.Find(id, actions.Keys) is { } near
        ? $"There is no action '{id}'. Did you mean '{near}'?"
        : $"There is no action '{id}'. The actions of this portal: {string.Join(", ", actions.Keys.Order(StringComparer.Ordinal))}.";
}

/// <summary>An action with its compiled schemas.</summary>
public sealed class RegisteredAction(IAction action)
{
    private readonly JsonSchema input = JsonSchema.Parse(action.Description.Input);

    public IAction Action { get; } = action;

    public IReadOnlyList<string> InputNames { get; } = Names(action.Description.Input);

    /// <summary>Null when the action may give outputs of any name.</summary>
    public IReadOnlyList<string>? OutputNames { get; } =
        action.Description.Output["additionalProperties"] is JsonValue open
            && open.GetValue<bool>() ? null : Names(action.Description.Output);

    /// <summary>
    /// What is wrong with an input, named by field; values that only the run will know are taken as right.
    /// </summary>
    public IReadOnlyList<string> Check(JsonObject values) => [.. Mistakes(values).Select(m => m.Message)];

    /// <summary>As <see cref="Check"/>, with the places.</summary>
    public IReadOnlyList<InputMistake> Mistakes(JsonObject values)
    {
        var unknown = new List<string>();
        FindUnknown(values, "", unknown);
        return [.. input.Validate(values)
            .Where(e => !unknown.Any(
                u => e.InstancePath == u || e.InstancePath.StartsWith(u + "/", StringComparison.Ordinal)))
            .Select(e => new InputMistake(e.FieldPath, Words(e)))];
    }

    /// <summary>Inputs that other portals needed and this one does not.</summary>
    public IEnumerable<string> Obsolete(JsonObject values) => values.Select(v => v.Key)
        .Where(name => Action.Description.Input["properties"]?[name] is JsonObject schema
            && schema["deprecated"] is JsonValue d && d.GetValue<bool>());

    private string Words(SchemaError error)
    {
        if (error is { Keyword: "additionalProperties", Property: { } extra, InstancePath: "" })
        {
            var near = NearestName.Find(extra, InputNames);
            return $"'{extra}' is no input of {Action.Description.Id}. {(near is null ? $"It has: {string.Join(", ", InputNames)}." : $"Did you mean '{near}'?")}";
        }
        if (error is { Keyword: "anyOf", InstancePath: "" } && Alternatives() is { } alternatives)
        {
            return $"It needs {alternatives}.";
        }
        if (error is { Keyword: "required", Property: { } missing })
        {
            return $"The input '{Field(error.InstancePath, missing)}' is missing.";
        }
        var field =
            error.InstancePath.Length == 0 ? "The input" : $"The input '{error.InstancePath[1..].Replace('/', '.')}'";
        return error.IsCustom ? error.Message : $"{field} {error.Message}.";
    }

    /// <summary>Which inputs can stand for each other: "'name' and 'owner', or 'repoUrl'".</summary>
    private string? Alternatives() =>
        Action.Description.Input["anyOf"] is JsonArray list && list.All(a => a?["required"] is JsonArray)
            ? string.Join(
                ", or ", list.Select(a => string.Join(" and ", a!["required"]!.AsArray().Select(n => $"'{n}'"))))
            : null;

    private static string Field(string path, string name) =>
        path.Length == 0 ? name : $"{path[1..].Replace('/', '.')}.{name}";

    private static void FindUnknown(JsonNode? node, string at, List<string> found)
    {
        if (UnknownValue.Is(node, out _)) found.Add(at);
        else if (node is JsonObject values)
        {
            foreach (var (name, value) in values) FindUnknown(value, JsonPointer.Append(at, name), found);
        }
        else if (node is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++) FindUnknown(items[i], JsonPointer.Append(at, i), found);
        }
    }

    private static List<string> Names(JsonObject schema) =>
        schema["properties"] is JsonObject properties ? [.. properties.Select(p => p.Key)] : [];
}

/// <param name="Path">JSON pointer into the input; of what is missing, where it would be.</param>
/// <param name="Message">Whole sentences that name the field and what to change.</param>
public sealed record InputMistake(string Path, string Message);
