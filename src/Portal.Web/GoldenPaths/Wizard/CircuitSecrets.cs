using System.Text.Json.Nodes;

namespace Portal.Web.GoldenPaths.Wizard;

/// <summary>
/// The secrets that were typed into forms, for as long as this circuit lives and nowhere else. Scoped.
/// </summary>
internal sealed class CircuitSecrets
{
    private readonly Dictionary<Guid, JsonObject> byDraft = [];

    public JsonObject Of(Guid draft) => byDraft.TryGetValue(draft, out var secrets) ? secrets : [];

    public void Keep(Guid draft, JsonObject secrets) => byDraft[draft] = secrets;

    public void Forget(Guid draft) => byDraft.Remove(draft);
}
