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
        return payload.Text("action") switch
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
    }

    private static RepositoryChange? Moved(
        RepositoryChangeKind kind, RepositoryName now, string? organisation, string? name, string? by) =>
        RepositoryName.TryParse($"{organisation}/{name}", out var before) && before.Value != now
            ? new RepositoryChange(kind, now, before, by) : null;

    private static string? FormerOwner(JsonElement payload) =>
        payload.Text("changes", "owner", "from", "organization", "login")
            ?? payload.Text("changes", "owner", "from", "user", "login");
}
