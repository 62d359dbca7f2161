using System.Text.Json;
using Portal.Core.Entities;
using Portal.Web.Controls;

namespace Portal.Web.Catalog;

/// <summary>What a page shows of a descriptor's JSON beyond the columns.</summary>
public static class EntityDescriptor
{
    public sealed record Link(string Title, string Url);

    /// <summary><c>metadata.links</c> whose address may be a link.</summary>
    public static IReadOnlyList<Link> Links(CatalogEntity entity)
    {
        using var json = JsonDocument.Parse(entity.Descriptor);
        if (!json.RootElement.TryGetProperty("metadata", out var metadata) || metadata.ValueKind != JsonValueKind.Object
            || !metadata.TryGetProperty("links", out var links) || links.ValueKind != JsonValueKind.Array) return [];
        var found = new List<Link>();
        foreach (var link in links.EnumerateArray())
        {
            if (Text(link, "url") is { } url && SafeLinks.OrNull(url) is not null)
            {
                found.Add(new Link(Text(link, "title") ?? url, url));
            }
        }
        return found;
    }

    /// <summary><c>spec.definition</c> of an API; null where there is none.</summary>
    public static string? Definition(CatalogEntity entity)
    {
        using var json = JsonDocument.Parse(entity.Descriptor);
        return json.RootElement.TryGetProperty("spec", out var spec) ? Text(spec, "definition") : null;
    }

    private static string? Text(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text ? text : null;
}
