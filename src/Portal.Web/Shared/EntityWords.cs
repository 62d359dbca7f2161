using Portal.Core.Shared;

namespace Portal.Web.Shared;

/// <summary>Names of entities, people and commits as they are shown.</summary>
public static class EntityWords
{
    private const int ShortCommit = 7;

    /// <summary>The name alone; with its namespace where that is not the default one.</summary>
    public static string Name(EntityRef entity) =>
        entity.Namespace.Equals(EntityRef.DefaultNamespace, StringComparison.OrdinalIgnoreCase)
            ? entity.Name
            : $"{entity.Namespace}/{entity.Name}";

    public static string Name(string? reference) =>
        EntityRef.TryParse(reference, "group", out var entity) ? Name(entity.Value) : reference ?? "nobody";

    /// <summary>The first seven characters, as git shows it.</summary>
    public static string Commit(string? sha) => sha is null ? "none" : sha[..Math.Min(ShortCommit, sha.Length)];

    public static string Icon(string kind) => kind.ToLowerInvariant() switch
    {
        "component" => "box",
        "api" => "plug",
        "resource" => "database",
        "system" => "boxes",
        "domain" => "layout-grid",
        "group" => "users",
        "user" => "user",
        "template" => "layout-template",
        _ => "file",
    };
}
