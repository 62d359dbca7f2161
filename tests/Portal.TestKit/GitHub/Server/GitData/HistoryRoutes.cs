using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.GitData;

/// <summary>Commits and branches as pages show them.</summary>
internal static class HistoryRoutes
{
    private const string Root = "/repos/{owner}/{repo}";

    public static void Add(RouteTable routes)
    {
        routes.Add($"GET {Root}/commits", "contents:read", ListAsync);
        routes.Add($"GET {Root}/commits/{{ref}}", "contents:read", ReadAsync);
        routes.Add($"GET {Root}/branches", "contents:read", BranchesAsync);
        routes.Add($"GET {Root}/branches/{{branch}}", "contents:read", BranchAsync);
    }

    private static async Task<Answer> ListAsync(ApiCall call)
    {
        var git = await ObjectRoutes.BegunAsync(call);
        var start = await git.ResolveAsync((call.Query("sha") ?? call.Repository.DefaultBranch) + "^{commit}")
            ?? throw Refusal.NotFound();
        var commits = new List<JsonNode>();
        foreach (var sha in await git.LogAsync(start, path: call.Query("path")))
        {
            var commit = await git.CommitAsync(sha);
            if (IsWithin(commit.Committer.At, call.Query("since"), call.Query("until"))
                && IsBy(commit, call.Query("author")))
            {
                commits.Add(CommitShape.Listed(call.State, call.Repository, commit));
            }
        }
        return call.Page(commits);
    }

    private static bool IsBy(GitCommit commit, string? author) =>
        author is null || commit.Author.Email == author || commit.Author.Email.Split('@')[0].Split('+')[^1] == author;

    private static bool IsWithin(DateTimeOffset at, string? since, string? until) =>
        (since is null || at >= DateTimeOffset.Parse(since, CultureInfo.InvariantCulture))
            && (until is null || at <= DateTimeOffset.Parse(until, CultureInfo.InvariantCulture));

    private static async Task<Answer> ReadAsync(ApiCall call)
    {
        var git = await ObjectRoutes.BegunAsync(call);
        var sha = await git.ResolveAsync(call["ref"] + "^{commit}")
            ?? throw Refusal.Unprocessable($"No commit found for SHA: {call["ref"]}");
        if (call.Request.Headers.Accept.ToString().Contains("vnd.github.sha", StringComparison.Ordinal))
        {
            return new Answer(
                200) { Raw = Encoding.ASCII.GetBytes(sha), ContentType = "application/vnd.github.sha; charset=utf-8" };
        }
        var commit = await git.CommitAsync(sha);
        var shape = CommitShape.Listed(call.State, call.Repository, commit);
        shape["files"] =
            await FilesAsync(call.State, call.Repository, commit.Parents is [var first, ..] ? first : null, sha);
        shape["stats"] = new JsonObject { ["total"] = 0, ["additions"] = 0, ["deletions"] = 0 };
        return Answer.Ok(shape);
    }

    /// <summary>What differs; the counts of lines are not told.</summary>
    public static async Task<JsonArray> FilesAsync(
        WorldState state, StoredRepository repository, string? before, string after)
    {
        var files = new JsonArray();
        foreach (var (change, path) in await repository.Git.ChangesAsync(before, after))
        {
            files.Add(new JsonObject
            {
                ["sha"] = await repository.Git.ResolveAsync($"{after}:{path}"), ["filename"] = path,
                ["status"] = change switch { 'A' => "added", 'D' => "removed", _ => "modified" },
                ["additions"] = 0, ["deletions"] = 0, ["changes"] = 0,
                ["blob_url"] = $"{state.Web}/{repository.FullName}/blob/{after}/{path}",
                ["raw_url"] = $"{state.Web}/{repository.FullName}/raw/{after}/{path}",
                ["contents_url"] = $"{state.Api}/repos/{repository.FullName}/contents/{path}?ref={after}",
            });
        }
        return files;
    }

    private static async Task<Answer> BranchesAsync(ApiCall call) =>
        call.Page((await call.Repository.Git.ReferencesAsync("refs/heads/")).Select(
            branch => (JsonNode)Short(call, branch.Key["refs/heads/".Length..], branch.Value)));

    private static JsonObject Short(ApiCall call, string name, string sha) => new()
    {
        ["name"] = name, ["commit"] = new JsonObject
        {
            ["sha"] = sha, ["url"] = $"{call.State.Api}/repos/{call.Repository.FullName}/commits/{sha}"
        },
        ["protected"] = call.Repository.Find(Kinds.Protection, name) is not null,
    };

    private static async Task<Answer> BranchAsync(ApiCall call)
    {
        var name = call["branch"];
        var sha = await call.Repository.Git.ReferenceAsync($"refs/heads/{name}") ?? throw new Refusal(
            404, "Branch not found");
        var (shape, address) =
            (Short(call, name, sha), $"{call.State.Api}/repos/{call.Repository.FullName}/branches/{name}");
        shape["commit"] = CommitShape.Listed(call.State, call.Repository, await call.Repository.Git.CommitAsync(sha));
        shape["_links"] = new JsonObject
        {
            ["self"] = address, ["html"] = $"{call.State.Web}/{call.Repository.FullName}/tree/{name}"
        };
        shape["protection"] = new JsonObject { ["enabled"] = (bool)shape["protected"]! };
        shape["protection_url"] = $"{address}/protection";
        return Answer.Ok(shape);
    }
}
