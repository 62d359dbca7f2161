using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Templating;

namespace Portal.Core.Runs.Masking;

/// <summary>
/// Notes what expressions make of secrets, whatever filters they go through: each text is rendered again with other
/// texts in the place of the secrets, and what comes out different was made of them.
/// </summary>
/// <param name="without">Makes the context of such a render, from what stands in for secrets; it tells what is
/// written.</param>
internal sealed class SecretWatch(Func<string, Action<string>, TemplateContext> without)
{
    /// <summary>
    /// Stand where a secret was: letters, digits and signs, so that most filters make something else of them. There are
    /// two, different at every place: a secret may begin like one of them.
    /// </summary>
    public static readonly IReadOnlyList<string> StandIns =
    [
        "Stand-in for a Secret: 0815 <&>", "(zwei) Ochse, TEXT; 47.11 {'%'} \"q\" J"
    ];

    private readonly List<string> written = [];
    private readonly HashSet<string> made = new(StringComparer.Ordinal);

    /// <summary>What was made of secrets so far.</summary>
    public IReadOnlyCollection<string> Made => made;

    /// <summary>For the context of the first render.</summary>
    public void Saw(string text) => written.Add(text);

    public void Begin() => written.Clear();

    /// <summary>After a text that is one expression.</summary>
    public void Note(Template text, Value value)
    {
        var others = StandIns.Select(s => Evaluate(text, s)).ToList();
        var real = JsonValues.ToJson(value);
        var tainted = Leaves(real).Where(t => others.Any(o => !o.Contains(t))).ToList();
        Add(tainted);
        // Pieces of a list may be put together again.
        if (real is JsonArray && tainted.Exists(IsShort)) Add([string.Concat(Leaves(real))]);
    }

    /// <summary>After any other text.</summary>
    public void Note(Template text, string rendered)
    {
        var others = StandIns.Select(s => Render(text, s)).ToList();
        var tainted = written.Where((t, i) => others.Exists(o => i >= o.Pieces.Count || o.Pieces[i] != t))
            .Where(t => t is not ("true" or "false")).ToList();
        Add(tainted);
        // What is too short to be found by itself is found with what stands around it.
        if (tainted.Exists(IsShort)) Add(Lines(rendered).Where(l => others.Exists(o => !o.Lines.Contains(l))));
    }

    /// <summary>Whether the reason why a text cannot be rendered depends on a secret.</summary>
    public bool TellsOfSecret(Template text, TemplateException failure) =>
        StandIns.Any(s => Reason(text, s) != failure.Reason);

    private void Add(IEnumerable<string> texts) => made.UnionWith(texts.Where(t => !string.IsNullOrWhiteSpace(t)));

    private HashSet<string> Evaluate(Template text, string standIn)
    {
        try
        {
            return [.. Leaves(JsonValues.ToJson(text.SingleExpression!.Evaluate(without(standIn, _ => { }))))];
        }
        catch (TemplateException)
        {
            // Where it stops, all of the real one counts as made of secrets.
            return [];
        }
    }

    private (List<string> Pieces, HashSet<string> Lines) Render(Template text, string standIn)
    {
        var pieces = new List<string>();
        try
        {
            return (pieces, [.. Lines(text.Render(without(standIn, pieces.Add)))]);
        }
        catch (TemplateException)
        {
            return (pieces, []);
        }
    }

    private string? Reason(Template text, string standIn)
    {
        try
        {
            var context = without(standIn, _ => { });
            if (text.SingleExpression is { } expression) JsonValues.ToJson(expression.Evaluate(context));
            else text.Render(context);
            return null;
        }
        catch (TemplateException e)
        {
            return e.Reason;
        }
    }

    private static bool IsShort(string text) => SecretForms.Squeezed(text).Length < SecretForms.Shortest;

    private static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Leaves(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(p => Leaves(p.Value).Prepend(p.Key)),
        JsonArray a => a.SelectMany(Leaves),
        JsonValue v when v.GetValueKind() == JsonValueKind.String => [v.GetValue<string>()],
        // A count tells little, and masking it would tear holes.
        JsonValue v when v.GetValueKind() == JsonValueKind.Number
            && v.ToJsonString() is { Length: >= SecretForms.Shortest } number => [number],
        _ => [],
    };
}
