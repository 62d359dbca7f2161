using System.Text;
using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.GitData;

/// <summary>Blobs, trees and commits: <c>/repos/{owner}/{repo}/git/…</c>.</summary>
internal static class ObjectRoutes
{
    private const string Root = "/repos/{owner}/{repo}/git";

    public static void Add(RouteTable routes)
    {
        routes.Add($"POST {Root}/blobs", "contents:write", CreateBlobAsync);
        routes.Add($"GET {Root}/blobs/{{file_sha}}", "contents:read", ReadBlobAsync);
        routes.Add($"POST {Root}/trees", "contents:write", CreateTreeAsync);
        routes.Add($"GET {Root}/trees/{{tree_sha}}", "contents:read", ReadTreeAsync);
        routes.Add($"POST {Root}/commits", "contents:write", CreateCommitAsync);
        routes.Add($"GET {Root}/commits/{{commit_sha}}", "contents:read", ReadCommitAsync);
    }

    /// <summary>
    /// The Git data API does not begin a history: that takes a push, a file through the contents API, or
    /// <c>auto_init</c>.
    /// </summary>
    public static async Task<BareGit> BegunAsync(ApiCall call) =>
        await call.Repository.Git.IsEmptyAsync()
            ? throw new Refusal(409, "Git Repository is empty.")
            : call.Repository.Git;

    private static async Task<Answer> CreateBlobAsync(ApiCall call)
    {
        var git = await BegunAsync(call);
        var sha = await git.WriteBlobAsync(Decode(call.Text("content")!, call.Text("encoding") ?? "utf-8"));
        var url = $"{call.State.Api}/repos/{call.Repository.FullName}/git/blobs/{sha}";
        return Answer.Created(new JsonObject { ["sha"] = sha, ["url"] = url }).With("Location", url);
    }

    public static byte[] Decode(string content, string encoding)
    {
        if (encoding != "base64") return Encoding.UTF8.GetBytes(content);
        try
        {
            return Convert.FromBase64String(content);
        }
        catch (FormatException)
        {
            throw Refusal.Unprocessable("content is not valid Base64");
        }
    }

    private static async Task<Answer> ReadBlobAsync(ApiCall call)
    {
        var (git, sha) = (await BegunAsync(call), call["file_sha"]);
        if (await git.TypeAsync(sha) != "blob") throw Refusal.NotFound();
        var content = await git.ReadAsync(sha);
        if (call.Request.Headers.Accept.ToString().Contains("raw", StringComparison.Ordinal))
        {
            return new Answer(200) { Raw = content, ContentType = "application/vnd.github.raw+json; charset=utf-8" };
        }
        return Answer.Ok(new JsonObject
        {
            ["sha"] = sha, ["node_id"] = sha, ["size"] = content.Length,
            ["url"] = $"{call.State.Api}/repos/{call.Repository.FullName}/git/blobs/{sha}",
            ["content"] = CommitShape.Lines(content), ["encoding"] = "base64",
        });
    }

    private static async Task<Answer> CreateTreeAsync(ApiCall call)
    {
        var git = await BegunAsync(call);
        var entries = call.Body["tree"]!.AsArray();
        if (entries.Count == 0) throw Refusal.Unprocessable("Invalid tree info");
        var from = call.Text("base_tree");
        if (from is not null && await git.TypeAsync(from) is not ("tree" or "commit"))
        {
            throw new Refusal(404, "Not Found");
        }
        var changes = new List<TreeChange>();
        foreach (var entry in entries) changes.Add(await ChangeAsync(call, git, entry!.AsObject()));
        if (from is null && changes.Any(c => c.Sha is null)) throw Refusal.Unprocessable("GitRPC::BadObjectState");
        return Answer.Created(await TreeAsync(call, await git.WriteTreeAsync(from, changes), deep: false));
    }

    private static async Task<TreeChange> ChangeAsync(ApiCall call, BareGit git, JsonObject entry)
    {
        var (path, sha, content) = (entry["path"]?.GetValue<string>()
            ?? "", entry["sha"]?.GetValue<string>(), entry["content"]?.GetValue<string>());
        if (path.Split('/').Any(part => part is "" or "." or ".." or ".git"))
        {
            throw Refusal.Unprocessable("tree.path contains a malformed path component");
        }
        if (path.StartsWith(".github/workflows/", StringComparison.Ordinal) && !call.Caller.May("workflows:write"))
        {
            throw Refusal.NotAccessible();
        }
        if (sha is not null && content is not null)
        {
            throw Refusal.Unprocessable("Must supply either tree.sha or tree.content");
        }
        if (sha is null && content is null && !entry.ContainsKey("sha"))
        {
            throw Refusal.Unprocessable("Must supply tree.sha or tree.content");
        }
        var mode = entry["mode"]?.GetValue<string>() ?? throw Refusal.Unprocessable("Must supply a valid tree.mode");
        if (content is not null)
        {
            return new TreeChange(path, mode, await git.WriteBlobAsync(Encoding.UTF8.GetBytes(content)));
        }
        if (sha is not null && mode != "160000" && await git.TypeAsync(sha) != (mode == "040000" ? "tree" : "blob"))
        {
            throw Refusal.Unprocessable($"tree.sha {sha} is not a valid {(mode == "040000" ? "tree" : "blob")}");
        }
        return new TreeChange(path, mode, sha);
    }

    private static async Task<Answer> ReadTreeAsync(ApiCall call)
    {
        var git = await BegunAsync(call);
        var tree = await git.ResolveAsync(call["tree_sha"] + "^{tree}") ?? throw Refusal.NotFound();
        return Answer.Ok(await TreeAsync(call, tree, call.Query("recursive") is not null));
    }

    private static async Task<JsonObject> TreeAsync(ApiCall call, string sha, bool deep)
    {
        var address = $"{call.State.Api}/repos/{call.Repository.FullName}/git";
        var lines = (await call.Repository.Git.ReadTreeAsync(sha, deep)).Select(entry =>
        {
            var line = new JsonObject
            {
                ["path"] = entry.Path, ["mode"] = entry.Mode, ["type"] = entry.Type, ["sha"] = entry.Sha
            };
            if (entry.Size is { } size) line["size"] = size;
            if (entry.Type != "commit") line["url"] = $"{address}/{entry.Type}s/{entry.Sha}";
            return (JsonNode)line;
        });
        return new JsonObject { ["sha"] = sha, ["url"] = $"{address}/trees/{sha}", ["tree"] = new JsonArray(
            [.. lines]), ["truncated"] = false };
    }

    private static async Task<Answer> CreateCommitAsync(ApiCall call)
    {
        var git = await BegunAsync(call);
        var (tree, parents) =
            (call.Text("tree")!, (call.Body["parents"] as JsonArray ?? []).Select(p => p!.GetValue<string>()).ToList());
        if (await git.TypeAsync(tree) != "tree") throw Refusal.Unprocessable("Tree SHA does not exist");
        foreach (var parent in parents)
        {
            if (await git.TypeAsync(parent) != "commit")
            {
                throw Refusal.Unprocessable("Parent SHA does not exist or is not a commit object");
            }
        }
        var author = Signature.From(call.Body["author"], call.Caller.Login, call.State.Now);
        var committer =
            call.Body["committer"] is { } given ? Signature.From(given, call.Caller.Login, call.State.Now) : author;
        var sha = await git.WriteCommitAsync(tree, parents, author, committer, call.Text("message")!);
        return Answer.Created(CommitShape.Plain(call.State, call.Repository, await git.CommitAsync(sha))).With(
            "Location", $"{call.State.Api}/repos/{call.Repository.FullName}/git/commits/{sha}");
    }

    private static async Task<Answer> ReadCommitAsync(ApiCall call)
    {
        var git = await BegunAsync(call);
        return await git.TypeAsync(call["commit_sha"]) == "commit"

                ? Answer.Ok(CommitShape.Plain(call.State, call.Repository, await git.CommitAsync(call["commit_sha"])))
                : throw Refusal.NotFound();
    }
}
