using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Templating;

namespace Portal.Core.Runs;

/// <summary>
/// Which parameters steps read, as they are written. One that is read by a computed name counts as all.
/// </summary>
internal static class UsedParameters
{
    private const string Root = "parameters";

    /// <summary>Inputs of steps, and values for files, that say what a thing is called and whose it is.</summary>
    private static readonly HashSet<string> Naming = new(StringComparer.OrdinalIgnoreCase)
    {
        "name", "owner", "repoUrl", "repository", "component", "component_id", "componentId", "organisation", "branch",
    };

    private static readonly TemplateEngine Engine = new();
    private static readonly ParsedTexts Parsed = new(1_024);

    /// <param name="all">The names that are asked about.</param>
    public static IReadOnlySet<string> Of(IEnumerable<StepSpec> steps, IReadOnlySet<string> all)
    {
        return Of(steps.SelectMany(s => Texts(s.Input).Concat(Texts(s.If)).Concat(Texts(s.Each))), all);
    }

    /// <summary>Those that take part in what things are called.</summary>
    public static IReadOnlySet<string> OfNames(IEnumerable<StepSpec> steps, IReadOnlySet<string> all) =>
        Of(steps.SelectMany(s => Named(s.Input)).SelectMany(Texts), all);

    private static IReadOnlySet<string> Of(IEnumerable<string> texts, IReadOnlySet<string> all)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var reference in texts
            .SelectMany(text => Parsed.Get(Engine, text, "step").References).Where(r => r.Root == Root))
        {
            if (reference.Members.Count == 0) return all;
            used.Add(reference.Members[0]);
        }
        return used;
    }

    private static IEnumerable<JsonNode?> Named(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(p => Naming.Contains(p.Key) ? [p.Value] : Named(p.Value)),
        JsonArray a => a.SelectMany(Named),
        _ => [],
    };

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(p => Texts(p.Value)),
        JsonArray a => a.SelectMany(Texts),
        JsonValue v when v.GetValueKind() == JsonValueKind.String => [v.GetValue<string>()],
        _ => [],
    };
}
