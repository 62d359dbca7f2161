using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.GitData;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Hooks;

/// <summary>What the push event tells.</summary>
internal static class PushPayload
{
    /// <summary>GitHub tells of no more commits than these.</summary>
    private const int MaxCommits = 2048;

    public static async Task<JsonObject> OfAsync(WorldState state, Push push)
    {
        var (repository, web) = (push.Repository, $"{state.Web}/{push.Repository.FullName}");
        var (isNew, isGone) = (push.Before == BareGit.Nothing, push.After == BareGit.Nothing);
        var commits = new JsonArray();
        foreach (var sha in isGone ? [] : (await repository.Git.LogAsync(
            push.After, push.Before,
            count: MaxCommits)).Reverse()) commits.Add(await CommitAsync(state, repository, sha));
        return new JsonObject
        {
            ["ref"] = push.Reference, ["before"] = push.Before, ["after"] = push.After, ["created"] = isNew,
            ["deleted"] = isGone,
            ["forced"] = !isNew && !isGone && !await repository.Git.IsAncestorAsync(push.Before, push.After),
            ["base_ref"] = null,
            ["compare"] = isNew
                ? $"{web}/commit/{push.After[..12]}"
                : $"{web}/compare/{push.Before[..12]}...{push.After[..12]}", ["commits"] = commits,
            ["head_commit"] = isGone ? null : await CommitAsync(state, repository, push.After),
            ["repository"] = Repository(state, repository),
            ["pusher"] = new JsonObject { ["name"] = push.By, ["email"] = $"{push.By}@users.noreply.github.com" },
            ["sender"] = UserShape.Simple(state, push.By),
        };
    }

    /// <summary>Only here GitHub writes these two times as numbers.</summary>
    private static JsonObject Repository(WorldState state, StoredRepository repository)
    {
        var made = RepositoryShape.Full(state, repository);
        made["created_at"] = repository.CreatedAt.ToUnixTimeSeconds();
        made["pushed_at"] = repository.PushedAt.ToUnixTimeSeconds();
        made["owner"]!["name"] = repository.Owner;
        return made;
    }

    private static async Task<JsonObject> CommitAsync(WorldState state, StoredRepository repository, string id)
    {
        var sha = (await repository.Git.ResolveAsync(id + "^{commit}"))!;
        var commit = await repository.Git.CommitAsync(sha);
        var changes = await repository.Git.ChangesAsync(commit.Parents is [var parent, ..] ? parent : null, sha);
        return new JsonObject
        {
            ["id"] = sha, ["tree_id"] = commit.Tree, ["distinct"] = true, ["message"] = commit.Message,
            ["timestamp"] = commit.Committer.At.ToString("yyyy-MM-ddTHH:mm:sszzz"),
            ["url"] = $"{state.Web}/{repository.FullName}/commit/{sha}", ["author"] = Person(commit.Author),
            ["committer"] = Person(commit.Committer),
            ["added"] = Paths('A'), ["removed"] = Paths('D'), ["modified"] = Paths('M'),
        };

        JsonArray Paths(char change) => new([.. changes.Where(c => c.Change == change).Select(c => (JsonNode)c.Path)]);
    }

    private static JsonObject Person(Signature by) =>
        new() { ["name"] = by.Name, ["email"] = by.Email, ["username"] = by.Email.Split('@')[0] };
}
