using System.Text.Json.Nodes;
using Portal.Core.Runs.Actions;

namespace Portal.Core.Runs.Masking;

/// <summary>
/// The secrets of a run, for all that renders its texts: which values hold one, and what was made of them.
/// </summary>
/// <param name="mustFit">Whether more than can be looked for ends the step; otherwise nothing of the run is shown any
/// more.</param>
public sealed class RunSecrets(SecretRedactor redactor, bool mustFit)
{
    public bool IsNone => redactor.IsNothing;

    public bool AreIn(string text) => redactor.Redact(text) != text;

    public bool AreIn(JsonNode? node) => node switch
    {
        JsonObject o => o.Any(p => AreIn(p.Key) || AreIn(p.Value)),
        JsonArray a => a.Any(AreIn),
        JsonValue v => AreIn(v.ToString()),
        _ => false,
    };

    /// <summary>The same, with another text in the place of each that holds a secret.</summary>
    public JsonNode? Without(JsonNode? node, string standIn) =>
        UnknownValue.Is(node, out _) ? node!.DeepClone() : node switch
        {
            JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(p.Key, Without(p.Value, standIn)))),
            JsonArray a => new JsonArray([.. a.Select(i => Without(i, standIn))]),
            JsonValue v when AreIn(v.ToString()) => JsonValue.Create(standIn),
            _ => node?.DeepClone(),
        };

    /// <summary>Texts that were made of secrets: they are to be seen no more than those.</summary>
    /// <exception cref="ActionFailedException">They are too many to be looked for.</exception>
    public void Learn(IReadOnlyCollection<string> made)
    {
        if (made.Count > 0 && !redactor.LearnMade(made) && mustFit)
        {
            throw new ActionFailedException(
                "The step makes more of the run's secrets than could be looked for in what is shown. Give it less.");
        }
    }
}
