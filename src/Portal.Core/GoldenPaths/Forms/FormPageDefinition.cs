using System.Text.Json.Nodes;
using Portal.Core.Schema;

namespace Portal.Core.GoldenPaths.Forms;

/// <summary>One page as the template declares it, before any values.</summary>
public sealed class FormPageDefinition
{
    /// <summary>Backstage's title of a page that has none.</summary>
    private const string UntitledPage = "Please enter the following information";

    internal FormPageDefinition(int index, JsonSchema schema)
    {
        Index = index;
        Schema = schema;
        var members = schema.Source as JsonObject ?? [];
        Title = JsonKinds.TextOrNull(members["title"]) is { Length: > 0 } title ? title : UntitledPage;
        Description = JsonKinds.TextOrNull(members["description"]);
        PermissionTags = [.. (members["backstage:permissions"]?["tags"] as JsonArray ?? []).Select(JsonKinds.TextOrNull)
            .OfType<string>()];
    }

    public int Index { get; }

    public string Title { get; }

    public string? Description { get; }

    /// <summary><c>backstage:permissions.tags</c>.</summary>
    public IReadOnlyList<string> PermissionTags { get; }

    /// <summary>The rules of the page.</summary>
    public JsonSchema Schema { get; }

    internal JsonObject Source => Schema.Source as JsonObject ?? [];
}
