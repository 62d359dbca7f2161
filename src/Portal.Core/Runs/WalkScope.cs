using System.Text.Json.Nodes;
using Portal.Core.Runs.Masking;
using Portal.Core.Schema;
using Portal.Templating;

namespace Portal.Core.Runs;

/// <summary>What the expressions of a run's steps can name, growing as steps end.</summary>
internal sealed class WalkScope
{
    private readonly WalkInput input;
    private readonly Value parameters;
    private readonly SecretRoots real;
    private readonly SecretRoots? standIns;
    private readonly Value user;
    private readonly Value context;
    private readonly Value environment;
    private readonly IReadOnlyList<string> stepIds;
    private readonly Dictionary<string, (Value Output, IReadOnlyList<string>? Names)> ended = new(StringComparer.Ordinal);
    private readonly CancellationToken cancellation;

    public WalkScope(WalkInput input, StepEnvironmentOptions options, CancellationToken cancellation)
    {
        (this.input, this.cancellation) = (input, cancellation);
        parameters = JsonValues.ToValue(input.Values);
        user = Value.From(new ObjectValue().Set("ref", Value.From(input.Actor.Ref.ToString()))
            .Set("entity", input.UserEntity is null ? Value.Undefined : Value.From(input.UserEntity)));
        context = Value.From(new ObjectValue().Set("task", Value.From(new ObjectValue().Set("id", Value.From(input.RunId.ToString())))));
        var settings = Texts(options.EnvironmentParameters);
        environment = Value.From(new ObjectValue().Set("parameters", settings));
        var operators = options.SecretsOf(input.Provenance?.Source);
        // No plan has the operator's: it is shown to who asks for it, and may be of what that person wrote.
        real = Roots(input.Secrets, operators, name => input.IsPlan ? Value.Unknown($"environment.secrets.{name}") : Value.From(operators[name]));
        standIns = input.Secrets.Count == 0 && operators.Count == 0 ? null : Roots(StandIn(input.Secrets)!.AsObject(), operators, _ => Value.From(SecretWatch.StandIn));

        SecretRoots Roots(JsonObject given, IReadOnlyDictionary<string, string> all, Func<string, Value> one)
        {
            var named = new ObjectValue();
            foreach (var name in all.Keys) named.Set(name, one(name));
            return new SecretRoots(
                JsonValues.ToValue(WithSecrets(input, given)), JsonValues.ToValue(given), Value.From(new ObjectValue().Set("parameters", settings).Set("secrets", Value.From(named))));
        }
        stepIds = [.. input.Spec.Steps.Select(s => s.Id)];
    }

    /// <param name="names">The outputs that the action declares; null when any is possible.</param>
    public void End(string step, Value output, IReadOnlyList<string>? names) => ended[step] = (output, names);

    /// <summary>For <c>if</c>, <c>each</c> and the run's output: no secrets.</summary>
    public TemplateContext Plain(EachItem? each = null) => Build(each, null);

    /// <summary>For the inputs of steps.</summary>
    public TemplateContext ForInput(EachItem? each, SecretWatch? watch = null) => Build(each, real, watch is null ? null : watch.Saw);

    public bool HasSecrets => standIns is not null;

    /// <summary>Null where there are no secrets.</summary>
    public SecretWatch? Watch(EachItem? each) => standIns is null ? null : new SecretWatch(saw => Build(each, standIns, saw));

    private TemplateContext Build(EachItem? each, SecretRoots? given, Action<string>? saw = null)
    {
        var result = new TemplateContext { Cancellation = cancellation, RandomSeed = Seed(input.RunId), OnOutput = saw };
        result.Set("parameters", given?.Parameters ?? parameters).Set("user", user).Set("context", context).Set("environment", given?.Environment ?? environment);
        if (given is not null) result.Set("secrets", given.Secrets);
        if (each is not null)
        {
            result.Set("each", Value.From(new ObjectValue().Set("key", Value.From(each.Key)).Set("value", JsonValues.ToValue(each.Value))));
            result.Declare("each", ["key", "value"]);
        }
        if (input.Spec.Parameters is { } declared) result.Declare("parameters", declared);
        result.Declare("user", ["ref", "entity"]).Declare("environment", ["parameters", "secrets"]);
        AddSteps(result);
        return result;
    }

    private void AddSteps(TemplateContext result)
    {
        var steps = new ObjectValue();
        foreach (var (id, (output, _)) in ended) steps.Set(id, Value.From(new ObjectValue().Set("output", output)));
        result.Set("steps", Value.From(steps)).Declare("steps", stepIds);
        foreach (var (id, (output, names)) in ended.Where(e => !e.Key.Contains('.')))
        {
            result.Declare($"steps.{id}", ["output"]);
            if (names is not null && !output.IsUnknown) result.Declare($"steps.{id}.output", names);
        }
    }

    /// <summary>A password field is a parameter in the template, though it is kept with the secrets.</summary>
    private static JsonObject WithSecrets(WalkInput input, JsonObject secrets)
    {
        if (secrets.Count == 0) return input.Values;
        var joined = input.Values.DeepClone().AsObject();
        foreach (var (name, secret) in secrets)
        {
            var tokens = JsonPointer.Tokens("/" + name);
            if (input.Spec.Parameters?.Contains(tokens[0]) == true) JsonPointer.Put(joined, tokens, secret?.DeepClone());
        }
        return joined;
    }

    /// <summary>The same shape, other texts.</summary>
    private static JsonNode? StandIn(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(p.Key, StandIn(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(StandIn)]),
        null => null,
        _ => JsonValue.Create(SecretWatch.StandIn),
    };

    private static Value Texts(IReadOnlyDictionary<string, string> texts)
    {
        var result = new ObjectValue();
        foreach (var (name, text) in texts) result.Set(name, Value.From(text));
        return Value.From(result);
    }

    private static int Seed(Guid id) => BitConverter.ToInt32(id.ToByteArray(), 12);
}

internal sealed record EachItem(string Key, JsonNode? Value);

/// <summary>What only the inputs of steps can name.</summary>
internal sealed record SecretRoots(Value Parameters, Value Secrets, Value Environment);
