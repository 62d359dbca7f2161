using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Templating;

namespace Portal.Core.Runs.Masking;

/// <summary>
/// Notes what the expressions of an input make of secrets, whatever filters they go through: each text is rendered a second time with
/// other texts in the place of the secrets, and what comes out different was made of them.
/// </summary>
/// <param name="without">Makes the context of the second render; it tells what is written.</param>
internal sealed class SecretWatch(Func<Action<string>, TemplateContext> without)
{
    /// <summary>Stands where a secret was: letters, digits and signs, so that most filters make something else of it.</summary>
    public const string StandIn = "Stand-in for a Secret: 0815 <&>";

    private static readonly string[] Roots = ["secrets", "environment", "parameters"];

    private readonly List<string> written = [];

    /// <summary>What was made of secrets so far.</summary>
    public List<string> Made { get; } = [];

    /// <summary>For the context of the first render.</summary>
    public void Saw(string text) => written.Add(text);

    public void Begin() => written.Clear();

    /// <summary>After a text was rendered.</summary>
    /// <param name="value">Of a text that is one expression.</param>
    public void Note(Template text, Value? value)
    {
        if (!text.References.Any(r => Roots.Contains(r.Root))) return;
        var real = value is { } one ? Texts(one) : [.. written];
        var other = new List<string>();
        try
        {
            var context = without(other.Add);
            if (text.SingleExpression is { } expression) other = Texts(expression.Evaluate(context));
            else text.Render(context);
        }
        catch (TemplateException)
        {
            // Where it stops, all that was written with the secrets counts as made of them.
        }
        Made.AddRange(value is null ? real.Where((t, i) => i >= other.Count || other[i] != t).Where(IsLong) : real.Except(other, StringComparer.Ordinal).Where(IsLong));
    }

    private static bool IsLong(string text) => text.Length >= SecretForms.Shortest;

    private static List<string> Texts(Value value) => [.. Leaves(JsonValues.ToJson(value))];

    private static IEnumerable<string> Leaves(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(p => Leaves(p.Value).Prepend(p.Key)),
        JsonArray a => a.SelectMany(Leaves),
        JsonValue v when v.GetValueKind() == JsonValueKind.String => [v.GetValue<string>()],
        _ => [],
    };
}
