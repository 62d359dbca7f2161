using System.Text.Json.Nodes;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Web.Controls;
using Portal.Web.Repositories;
using Portal.Web.Shared;

namespace Portal.Web.GoldenPaths.Runs;

/// <summary>Where what a run changed can be looked at, from the moment at which it is there.</summary>
internal sealed class ChangeLinks(SourceLinks sources)
{
    /// <summary>Null for what is not there, not yet or not any more, and for what has no page.</summary>
    public string? Of(JournalEntry entry)
    {
        if (entry.State != JournalState.Done) return null;
        var (arguments, result) = (Read(entry.Arguments), Read(entry.Result));
        return entry.Kind switch
        {
            "repository.create" => HomeOf(entry.Provider, arguments, "name"),
            "pipeline.trigger" => Text(result, "pipelineRun") is { } run ? PortalUrls.Pipeline(run) : null,
            _ when entry.Kind.StartsWith("environment.", StringComparison.Ordinal) =>
                PageOfEnvironment(arguments, result),
            "catalog.register" => EntityRef.TryParse(Text(result, "entityRef"), "component", out var entity)
                ? PortalUrls.Entity(entity.Value) : null,
            _ => Outside(Text(result, "pullRequestUrl") ?? Text(result, "url"))
                ?? HomeOf(entry.Provider, arguments, "repository"),
        };
    }

    private static string? PageOfEnvironment(JsonObject arguments, JsonObject result) =>
        (Text(result, "environment") ?? Text(arguments, "environment")) is { } id ? PortalUrls.Environment(id) : null;

    private string? HomeOf(string provider, JsonObject arguments, string member) =>
        RepositoryName.TryParse(Text(arguments, member), out var name) ? sources.Home(provider, name.Value) : null;

    private static string? Outside(string? url) =>
        url is not null && (url.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) ? SafeLinks.OrNull(url) : null;

    private static JsonObject Read(string? json) => json is null ? [] : JsonNode.Parse(json) as JsonObject ?? [];

    private static string? Text(JsonObject from, string member) =>
        from[member] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}
