using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.GitData;

namespace Portal.TestKit.GitHub.Server.Shapes;

/// <summary>Commits as GitHub writes them.</summary>
internal static class CommitShape
{
    private static JsonObject Unsigned => new()
    {
        ["verified"] = false, ["reason"] = "unsigned", ["signature"] = null, ["payload"] = null, ["verified_at"] = null
    };

    /// <summary>Base64 with a new line after every 60 characters.</summary>
    public static string Lines(byte[] content) =>
        string.Concat(Convert.ToBase64String(content).Chunk(60).Select(line => new string(line) + "\n"));

    /// <summary>Of the Git data API.</summary>
    public static JsonObject Plain(WorldState state, StoredRepository repository, GitCommit commit)
    {
        var (api, web) = ($"{state.Api}/repos/{repository.FullName}/git", $"{state.Web}/{repository.FullName}/commit");
        return new JsonObject
        {
            ["sha"] = commit.Sha, ["node_id"] = commit.Sha, ["url"] = $"{api}/commits/{commit.Sha}",
            ["html_url"] = $"{web}/{commit.Sha}",
            ["author"] = commit.Author.Json(), ["committer"] = commit.Committer.Json(), ["message"] = commit.Message,
            ["tree"] = new JsonObject { ["sha"] = commit.Tree, ["url"] = $"{api}/trees/{commit.Tree}" },
            ["parents"] = Parents(commit, $"{api}/commits", web), ["verification"] = Unsigned,
        };
    }

    /// <summary>Of the list of commits.</summary>
    public static JsonObject Listed(WorldState state, StoredRepository repository, GitCommit commit)
    {
        var (api, web) = ($"{state.Api}/repos/{repository.FullName}", $"{state.Web}/{repository.FullName}/commit");
        return new JsonObject
        {
            ["sha"] = commit.Sha, ["node_id"] = commit.Sha, ["url"] = $"{api}/commits/{commit.Sha}",
            ["html_url"] = $"{web}/{commit.Sha}",
            ["comments_url"] = $"{api}/commits/{commit.Sha}/comments",
            ["commit"] = new JsonObject
            {
                ["author"] = commit.Author.Json(), ["committer"] = commit.Committer.Json(),
                ["message"] = commit.Message, ["comment_count"] = 0,
                ["tree"] = new JsonObject { ["sha"] = commit.Tree, ["url"] = $"{api}/git/trees/{commit.Tree}" },
                ["url"] = $"{api}/git/commits/{commit.Sha}", ["verification"] = Unsigned,
            },
            ["author"] = Person(state, commit.Author), ["committer"] = Person(state, commit.Committer),
            ["parents"] = Parents(commit, $"{api}/commits", web),
        };
    }

    /// <summary>The account with this name or this address; null when nobody has one.</summary>
    private static JsonObject? Person(WorldState state, Signature signature)
    {
        var login = signature.Email.Split('@')[0].Split('+')[^1];
        return state.Users.ContainsKey(login) ? UserShape.Simple(state, login) : null;
    }

    private static JsonArray Parents(GitCommit commit, string api, string web) =>
        new([.. commit.Parents.Select(sha =>
            (JsonNode)new JsonObject { ["sha"] = sha, ["url"] = $"{api}/{sha}", ["html_url"] = $"{web}/{sha}" })]);
}
