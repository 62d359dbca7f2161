using System.Text.Json.Nodes;
using Portal.Core.Schema;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>
/// Renders a run's output: links (checked, for they become buttons), texts, and whatever else the template names.
/// </summary>
internal sealed class OutputRenderer(WalkInput input, WalkScope scope, StepTexts texts, IWalkHost host)
{
    public RunOutput Render()
    {
        var spec = input.Spec.Output;
        var values = new JsonObject();
        foreach (var (name, value) in spec.Values)
        {
            if (texts.Plain(value, JsonPointer.Append("/spec/output", name), scope) is { } rendered)
            {
                values[name] = rendered.Node;
            }
        }
        return new RunOutput(
            [.. Items(spec.Links, "links").Select(Link).OfType<OutputLink>()],
            [.. Items(spec.Text, "text").Select(Text)], values);
    }

    private IEnumerable<JsonObject> Items(JsonArray items, string name)
    {
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i]!.AsObject();
            var pointer = $"/spec/output/{name}/{i}";
            if (item.TryGetPropertyValue("if", out var condition))
            {
                var decided = texts.Plain(condition, pointer + "/if", scope)?.Node;
                if (!UnknownValue.Is(decided, out _) && !WalkedStep.IsMet(decided)) continue;
            }
            var rest = item.DeepClone().AsObject();
            rest.Remove("if");
            yield return texts.Plain(rest, pointer, scope)?.Node as JsonObject ?? [];
        }
    }

    private OutputLink? Link(JsonObject link)
    {
        var (url, reference) = (Of(link, "url"), Of(link, "entityRef"));
        var title = Of(link, "title") ?? url ?? reference ?? "";
        if (url is null && reference is null)
        {
            // In a plan the address may simply not be known; in a run a link to nowhere helps nobody.
            if (!input.IsPlan)
            {
                host.Log(null, $"The link '{title}' has no address and is left out.", RunEventType.Warning);
            }
            return input.IsPlan && title.Length > 0 ? new OutputLink(title, null, null, Of(link, "icon")) : null;
        }
        var unknown = UnknownValue.Is(link["url"], out _);
        if (url is not null && !unknown && !IsAllowed(url))
        {
            host.Log(
                null,
                $"The link '{title}' is left out: only http and https addresses and paths of the portal can be linked.",
                RunEventType.Warning);
            return null;
        }
        if (reference is not null && !UnknownValue.Is(link["entityRef"], out _)
            && !EntityRef.TryParse(reference, "component", out _))
        {
            host.Log(
                null, $"The link '{title}' is left out: '{reference}' is no entity reference.", RunEventType.Warning);
            return null;
        }
        return new OutputLink(
            title, unknown ? null : url, UnknownValue.Is(link["entityRef"], out _) ? null : reference,
            Of(link, "icon"));
    }

    private static OutputText Text(JsonObject text) =>
        new(Of(text, "title") ?? "", Of(text, "content") ?? "", Of(text, "icon"));

    /// <summary>Whether a link of the output may lead there.</summary>
    internal static bool IsAllowed(string url) =>
        url.StartsWith('/') ? !url.StartsWith("//", StringComparison.Ordinal) && !url.Contains('\\')
        : Uri.TryCreate(url, UriKind.Absolute, out var absolute)
            && (absolute.Scheme == Uri.UriSchemeHttp || absolute.Scheme == Uri.UriSchemeHttps);

    /// <summary>Also of what is not known yet: then what is shown in its place.</summary>
    private static string? Of(JsonObject item, string name) =>
        UnknownValue.Is(item[name], out var description) ? description
        : item[name] is JsonValue value && value.ToString() is { Length: > 0 } text ? text : null;
}
