using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.GitData;

/// <summary>Files by their path: <c>/repos/{owner}/{repo}/contents/{path}</c>.</summary>
internal static class ContentRoutes
{
    private const string Root = "/repos/{owner}/{repo}/contents/{path}";

    /// <summary>Larger files come without their content.</summary>
    private const int MaxInline = 1024 * 1024;

    public static void Add(RouteTable routes)
    {
        routes.Add($"GET {Root}", "contents:read", ReadAsync);
        routes.Add($"PUT {Root}", "contents:write", WriteAsync);
        routes.Add($"DELETE {Root}", "contents:write", DeleteAsync);
    }

    private static async Task<Answer> ReadAsync(ApiCall call)
    {
        var git = call.Repository.Git;
        if (await git.IsEmptyAsync()) throw new Refusal(404, "This repository is empty.");
        var reference = call.Query("ref") ?? call.Repository.DefaultBranch;
        var commit = await git.ResolveAsync(reference + "^{commit}") ?? throw new Refusal(
            404, $"No commit found for the ref {reference}");
        var path = call["path"].Trim('/');
        var sha = await git.ResolveAsync($"{commit}:{path}") ?? throw Refusal.NotFound();
        if (await git.TypeAsync(sha) == "tree")
        {
            return Answer.Ok(new JsonArray([.. (await git.ReadTreeAsync(sha, deep: false)).Select(e => (JsonNode)Shape(
                call, e with { Path = path.Length == 0 ? e.Path : $"{path}/{e.Path}" }, reference, null))]));
        }
        var content = await git.ReadAsync(sha);
        if (call.Request.Headers.Accept.ToString().Contains("raw", StringComparison.Ordinal))
        {
            return new Answer(200) { Raw = content, ContentType = "application/vnd.github.raw+json; charset=utf-8" };
        }
        return Answer.Ok(Shape(call, new TreeEntry("100644", "blob", sha, content.Length, path), reference, content));
    }

    private static Task<Answer> WriteAsync(ApiCall call) => ChangeAsync(call, async (git, old) =>
    {
        if (old is not null && call.Text("sha") is null)
        {
            throw Refusal.Unprocessable("Invalid request.\n\n\"sha\" wasn't supplied.");
        }
        return await git.WriteBlobAsync(ObjectRoutes.Decode(call.Text("content")!, "base64"));
    });

    private static Task<Answer> DeleteAsync(ApiCall call) =>
        ChangeAsync(call, (_, old) => Task.FromResult(old is null ? throw Refusal.NotFound() : (string?)null));

    private static async Task<Answer> ChangeAsync(ApiCall call, Func<BareGit, string?, Task<string?>> change)
    {
        var (git, path, branch) =
            (call.Repository.Git, call["path"].Trim('/'), call.Text("branch") ?? call.Repository.DefaultBranch);
        if (path.Split('/').Any(part => part is "" or "." or ".." or ".git"))
        {
            throw Refusal.Unprocessable("path contains a malformed path component");
        }
        if (path.StartsWith(".github/workflows/", StringComparison.Ordinal) && !call.Caller.May("workflows:write"))
        {
            throw Refusal.NotAccessible();
        }
        var head = await git.ReferenceAsync($"refs/heads/{branch}");
        if (head is null && !await git.IsEmptyAsync()) throw new Refusal(404, $"Branch {branch} not found");
        var old = head is null ? null : await git.ResolveAsync($"{head}:{path}");
        if (old is not null && call.Text("sha") is { } known && known != old)
        {
            throw new Refusal(409, $"{path} does not match {known}");
        }
        var blob = await change(git, old);
        var tree = await git.WriteTreeAsync(head, [new TreeChange(path, "100644", blob)]);
        var committer = Signature.From(call.Body["committer"], call.Caller.Login, call.State.Now);
        var author =
            call.Body["author"] is { } given ? Signature.From(given, call.Caller.Login, call.State.Now) : committer;
        var sha =
            await git.WriteCommitAsync(tree, head is null ? [] : [head], author, committer, call.Text("message")!);
        await References.MoveAsync(call.State, call.Repository, $"refs/heads/{branch}", sha, call.Caller.Login);
        return new Answer(old is null ? 201 : 200, new JsonObject
        {
            ["content"] = blob is null ? null : Shape(
                call, new TreeEntry("100644", "blob", blob, (await git.ReadAsync(blob)).Length, path), branch, null),
            ["commit"] = CommitShape.Plain(call.State, call.Repository, await git.CommitAsync(sha)),
        });
    }

    private static JsonObject Shape(ApiCall call, TreeEntry entry, string reference, byte[]? content)
    {
        var (api, web) =
            ($"{call.State.Api}/repos/{call.Repository.FullName}", $"{call.State.Web}/{call.Repository.FullName}");
        var kind = entry.Type switch { "tree" => "dir", "commit" => "submodule", _ => "file" };
        var (self, data) = ($"{api}/contents/{entry.Path}?ref={reference}", $"{api}/git/{entry.Type}s/{entry.Sha}");
        var (page, raw) = ($"{web}/{(kind == "dir" ? "tree" : "blob")}/{reference}/{entry.Path}", kind == "file"
            ? $"{call.State.Web}/raw/{call.Repository.FullName}/{reference}/{entry.Path}"
            : null);
        var made = new JsonObject
        {
            ["name"] = entry.Path.Split('/')[^1], ["path"] = entry.Path, ["sha"] = entry.Sha,
            ["size"] = entry.Size ?? 0, ["url"] = self, ["html_url"] = page,
            ["git_url"] = data, ["download_url"] = raw, ["type"] = kind,
            ["_links"] = new JsonObject { ["self"] = self, ["git"] = data, ["html"] = page },
        };
        if (content is null) return made;
        made["content"] = content.Length > MaxInline ? "" : CommitShape.Lines(content);
        made["encoding"] = content.Length > MaxInline ? "none" : "base64";
        return made;
    }
}
