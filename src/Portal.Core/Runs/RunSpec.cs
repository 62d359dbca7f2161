using System.Text.Json.Nodes;

namespace Portal.Core.Runs;

/// <summary>The steps and the output of a template, as written, pinned with the run.</summary>
/// <param name="Parameters">The names that the form declares: any other is a mistake. Null = not known, none is
/// one.</param>
public sealed record RunSpec(IReadOnlyList<StepSpec> Steps, OutputSpec Output, IReadOnlyList<string>? Parameters = null)
{
    /// <summary>
    /// One step of the portal's own. Its input is data, which people wrote: nothing in it is an expression.
    /// </summary>
    /// <param name="links">As in <see cref="OutputSpec"/>: the portal's own words, which may name the step's
    /// output.</param>
    public static RunSpec Own(string id, string name, string action, JsonObject input, params JsonObject[] links) =>
        new([new StepSpec(id, name, action, input, IsData: true)], OutputSpec.Empty with { Links = [.. links] });
}

/// <param name="If">String or boolean; null = always.</param>
/// <param name="Each">String, array or object; null = once.</param>
/// <param name="Line">In the template's file, from 1, for messages; 0 = unknown.</param>
/// <param name="IsData">The input is taken as it stands; else its texts are templates.</param>
public sealed record StepSpec(
    string Id, string Name, string Action, JsonObject Input, JsonNode? If = null, JsonNode? Each = null, int Line = 0,
    bool IsData = false);

/// <param name="Links">Objects with <c>if, url, entityRef, title, icon</c>.</param>
/// <param name="Text">Objects with <c>if, title, icon, content</c>.</param>
/// <param name="Values">Any other output by name.</param>
public sealed record OutputSpec(JsonArray Links, JsonArray Text, JsonObject Values)
{
    public static OutputSpec Empty => new([], [], []);
}

/// <summary>What a completed run leaves on its page.</summary>
public sealed record RunOutput(IReadOnlyList<OutputLink> Links, IReadOnlyList<OutputText> Text, JsonObject Values);

/// <param name="Url">http, https or a path of the portal; null when it links an entity.</param>
public sealed record OutputLink(string Title, string? Url, string? EntityRef, string? Icon);

/// <param name="Content">Markdown.</param>
public sealed record OutputText(string Title, string Content, string? Icon);
