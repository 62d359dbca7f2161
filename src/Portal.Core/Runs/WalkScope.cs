using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Portal.Core.Runs.Masking;
using Portal.Core.Schema;
using Portal.Templating;

namespace Portal.Core.Runs;

/// <summary>What the expressions of a run's steps can name, growing as steps end.</summary>
internal sealed class WalkScope
{
    private readonly WalkInput input;
    private readonly Roots real;
    private readonly IReadOnlyDictionary<string, Roots> standIns;
    private readonly Value user;
    private readonly Value context;
    private readonly IReadOnlyList<string> stepIds;
    private readonly Dictionary<string, Ended> ended = new(StringComparer.Ordinal);
    private readonly CancellationToken cancellation;

    /// <param name="secrets">Null where what is rendered is shown to nobody.</param>
    public WalkScope(
        WalkInput input, StepEnvironmentOptions options, RunSecrets? secrets, CancellationToken cancellation)
    {
        (this.input, this.cancellation) = (input, cancellation);
        Secrets = secrets is { IsNone: false } ? secrets : null;
        user = Value.From(new ObjectValue().Set("ref", Value.From(input.Actor.Ref.ToString()))
            .Set("entity", input.UserEntity is null ? Value.Undefined : Value.From(input.UserEntity)));
        context = Value.From(
            new ObjectValue().Set("task", Value.From(new ObjectValue().Set("id", Value.From(input.RunId.ToString())))));
        var settings = Texts(options.EnvironmentParameters);
        var environment = Value.From(new ObjectValue().Set("parameters", settings));
        var operators = options.SecretsOf(input.Provenance?.Source);
        // No plan has the operator's: it is shown to who asks for it, and may be of what that person wrote.
        real = Roots(input.Values, input.Secrets, name => Value.From(operators[name]));
        standIns = Secrets is null ? FrozenDictionary<string, Roots>.Empty : SecretWatch.StandIns.ToFrozenDictionary(
            s => s, s => Roots(
                Secrets.Without(input.Values, s)!.AsObject(), StandIn(input.Secrets, s)!.AsObject(),
                _ => Value.From(s)));

        Roots Roots(JsonObject values, JsonObject given, Func<string, Value> one)
        {
            var named = new ObjectValue();
            foreach (var name in operators.Keys)
            {
                named.Set(name, input.IsPlan ? Value.Unknown($"environment.secrets.{name}") : one(name));
            }
            return new Roots(
                JsonValues.ToValue(values), environment, JsonValues.ToValue(WithSecrets(input.Spec, values, given)),
                JsonValues.ToValue(given),
                Value.From(new ObjectValue().Set("parameters", settings).Set("secrets", Value.From(named))));
        }
        stepIds = [.. input.Spec.Steps.Select(s => s.Id)];
    }

    /// <summary>Null where there are none.</summary>
    public RunSecrets? Secrets { get; }

    /// <summary>Whether a text names anything in which a secret can be.</summary>
    public static bool MayReadSecrets(Template text) =>
        text.References.Any(r => r.Root is "secrets" or "environment" or "parameters" or "steps" or "each");

    /// <param name="names">The outputs that the action declares; null when any is possible.</param>
    public void End(string step, JsonObject output, IReadOnlyList<string>? names) =>
        ended[step] = new Ended(
            JsonValues.ToValue(output),
            standIns.Keys.ToDictionary(s => s, s => JsonValues.ToValue(Secrets!.Without(output, s))), names);

    /// <summary>Whatever it gives, only the run will know it.</summary>
    public void EndUnknown(string step) =>
        ended[step] = new Ended(Value.Unknown($"steps.{step}.output"), new Dictionary<string, Value>(), null);

    /// <param name="isInput">Only inputs of steps can name secrets.</param>
    public TemplateContext Context(EachItem? each, bool isInput, SecretWatch? watch) =>
        Build(each, isInput, null, watch is null ? null : watch.Saw);

    /// <summary>Null where there are no secrets.</summary>
    public SecretWatch? Watch(EachItem? each, bool isInput) =>
        Secrets is null ? null : new SecretWatch((standIn, saw) => Build(each, isInput, standIn, saw));

    private TemplateContext Build(EachItem? each, bool isInput, string? standIn, Action<string>? saw)
    {
        var roots = standIn is null ? real : standIns[standIn];
        var result =
            new TemplateContext { Cancellation = cancellation, RandomSeed = Seed(input.RunId), OnOutput = saw };
        result.Set("parameters", isInput ? roots.GivenParameters : roots.Parameters).Set("user", user).Set(
            "context", context);
        result.Set("environment", isInput ? roots.GivenEnvironment : roots.Environment);
        if (isInput) result.Set("secrets", roots.Secrets);
        if (each is not null)
        {
            var key = standIn is not null && Secrets!.AreIn(each.Key) ? standIn : each.Key;
            var value = standIn is null ? each.Value : Secrets!.Without(each.Value, standIn);
            result.Set(
                "each",
                Value.From(new ObjectValue().Set("key", Value.From(key)).Set("value", JsonValues.ToValue(value))));
            result.Declare("each", ["key", "value"]);
        }
        if (input.Spec.Parameters is { } declared) result.Declare("parameters", declared);
        result.Declare("user", ["ref", "entity"]).Declare("environment", ["parameters", "secrets"]);
        AddSteps(result, standIn);
        return result;
    }

    private void AddSteps(TemplateContext result, string? standIn)
    {
        var steps = new ObjectValue();
        foreach (var (id, step) in ended) steps.Set(
            id, Value.From(new ObjectValue().Set("output", step.Seen(standIn))));
        result.Set("steps", Value.From(steps)).Declare("steps", stepIds);
        foreach (var (id, step) in ended.Where(e => !e.Key.Contains('.')))
        {
            result.Declare($"steps.{id}", ["output"]);
            if (step.Names is { } names && !step.Output.IsUnknown) result.Declare($"steps.{id}.output", names);
        }
    }

    /// <summary>A password field is a parameter in the template, though it is kept with the secrets.</summary>
    private static JsonObject WithSecrets(RunSpec spec, JsonObject values, JsonObject secrets)
    {
        if (secrets.Count == 0) return values;
        var joined = values.DeepClone().AsObject();
        foreach (var (name, secret) in secrets)
        {
            var tokens = JsonPointer.Tokens("/" + name);
            if (spec.Parameters?.Contains(tokens[0]) == true) JsonPointer.Put(joined, tokens, secret?.DeepClone());
        }
        return joined;
    }

    /// <summary>The same shape, other texts.</summary>
    private static JsonNode? StandIn(JsonNode? node, string standIn) => node switch
    {
        JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(p.Key, StandIn(p.Value, standIn)))),
        JsonArray a => new JsonArray([.. a.Select(i => StandIn(i, standIn))]),
        null => null,
        _ => JsonValue.Create(standIn),
    };

    private static Value Texts(IReadOnlyDictionary<string, string> texts)
    {
        var result = new ObjectValue();
        foreach (var (name, text) in texts) result.Set(name, Value.From(text));
        return Value.From(result);
    }

    private static int Seed(Guid id) => BitConverter.ToInt32(id.ToByteArray(), 12);

    /// <param name="GivenParameters">With the secrets of the form.</param>
    /// <param name="GivenEnvironment">With the operator's.</param>
    private sealed record Roots(
        Value Parameters, Value Environment, Value GivenParameters, Value Secrets, Value GivenEnvironment);

    private sealed record Ended(Value Output, IReadOnlyDictionary<string, Value> StandIns, IReadOnlyList<string>? Names)
    {
        public Value Seen(string? standIn) => standIn is null ? Output : StandIns.GetValueOrDefault(standIn, Output);
    }
}

internal sealed record EachItem(string Key, JsonNode? Value);
