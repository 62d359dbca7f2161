using System.Text.Json;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.GitHub.Webhooks;

/// <summary><c>repository</c>.</summary>
internal static class RepositoryPayload
{
    /// <summary>Null for what the portal does not follow (edited, publicized …).</summary>
    public static RepositoryChange? Read(JsonElement payload)
    {
        if (payload.Repository() is not { } now) return null;
        var by = payload.Sender();
        var read = Read(payload, now, by);
        return read is null ? null : read with { HostId = payload.RepositoryId(), At = At(payload, read.Kind) };
    }

    /// <summary>A deletion leaves the time of the change before it; it has none of its own.</summary>
    private static DateTimeOffset? At(JsonElement payload, RepositoryChangeKind kind) => kind switch
    {
        RepositoryChangeKind.Created => payload.Time("repository", "created_at"),
        RepositoryChangeKind.Deleted => null,
        _ => payload.Time("repository", "updated_at"),
    };

    private static RepositoryChange? Read(JsonElement payload, RepositoryName now, string? by) =>
        payload.Text("action") switch
        {
            "created" => new RepositoryChange(RepositoryChangeKind.Created, now, null, by),
            "archived" => new RepositoryChange(RepositoryChangeKind.Archived, now, null, by),
            "unarchived" => new RepositoryChange(RepositoryChangeKind.Unarchived, now, null, by),
            "deleted" => new RepositoryChange(RepositoryChangeKind.Deleted, now, null, by),
            "renamed" => Moved(
                RepositoryChangeKind.Renamed, now, now.Organisation,
                payload.Text("changes", "repository", "name", "from"), by),
            "transferred" => Moved(RepositoryChangeKind.Transferred, now, FormerOwner(payload), now.Name, by),
            _ => null,
        };

    private static RepositoryChange? Moved(
        RepositoryChangeKind kind, RepositoryName now, string? organisation, string? name, string? by) =>
        RepositoryName.TryParse($"{organisation}/{name}", out var before) && before.Value != now
            ? new RepositoryChange(kind, now, before, by) : null;

    private static string? FormerOwner(JsonElement payload) =>
        payload.Text("changes", "owner", "from", "organization", "login")
            ?? payload.Text("changes", "owner", "from", "user", "login");
}
