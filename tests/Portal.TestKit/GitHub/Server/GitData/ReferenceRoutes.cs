using System.Text.Json.Nodes;

namespace Portal.TestKit.GitHub.Server.GitData;

/// <summary>Branches and tags of the Git data API.</summary>
internal static class ReferenceRoutes
{
    private const string Root = "/repos/{owner}/{repo}/git";

    public static void Add(RouteTable routes)
    {
        routes.Add($"GET {Root}/ref/{{ref}}", "contents:read", ReadAsync);
        routes.Add($"GET {Root}/matching-refs/{{ref}}", "contents:read", MatchAsync);
        routes.Add($"POST {Root}/refs", "contents:write", CreateAsync);
        routes.Add($"PATCH {Root}/refs/{{ref}}", "contents:write", MoveAsync);
        routes.Add($"DELETE {Root}/refs/{{ref}}", "contents:write", DeleteAsync);
    }

    private static async Task<Answer> ReadAsync(ApiCall call)
    {
        var git = await ObjectRoutes.BegunAsync(call);
        var name = $"refs/{call["ref"]}";
        return await git.ReferenceAsync(name) is { } sha
            ? Answer.Ok(await ShapeAsync(call, name, sha))
            : throw Refusal.NotFound();
    }

    private static async Task<Answer> MatchAsync(ApiCall call)
    {
        var git = await ObjectRoutes.BegunAsync(call);
        var found = new List<JsonNode>();
        foreach (var (name, sha) in await git.ReferencesAsync(
            $"refs/{call["ref"]}")) found.Add(await ShapeAsync(call, name, sha));
        return Answer.Ok(new JsonArray([.. found]));
    }

    private static async Task<Answer> CreateAsync(ApiCall call)
    {
        var git = await ObjectRoutes.BegunAsync(call);
        var (name, sha) = (call.Text("ref")!, call.Text("sha")!);
        if (!name.StartsWith("refs/", StringComparison.Ordinal) || name.Count(c => c == '/') < 2)
        {
            throw Refusal.Unprocessable("Reference name must start with 'refs/' and have at least two slashes.");
        }
        if (!await git.IsNameAsync(name)) throw Refusal.Unprocessable("Reference name contains invalid characters");
        if (await git.ReferenceAsync(name) is not null) throw Refusal.Unprocessable("Reference already exists");
        await EnsureObjectAsync(git, name, sha);
        await References.MoveAsync(call.State, call.Repository, name, sha, call.Caller.Login);
        return Answer.Created(await ShapeAsync(call, name, sha)).With(
            "Location", $"{call.State.Api}/repos/{call.Repository.FullName}/git/{name}");
    }

    private static async Task<Answer> MoveAsync(ApiCall call)
    {
        var git = await ObjectRoutes.BegunAsync(call);
        var (name, sha) = ($"refs/{call["ref"]}", call.Text("sha")!);
        var before = await git.ReferenceAsync(name) ?? throw Refusal.Unprocessable("Reference does not exist");
        await EnsureObjectAsync(git, name, sha);
        if (call.Flag("force") != true && !await git.IsAncestorAsync(before, sha))
        {
            throw Refusal.Unprocessable("Update is not a fast forward");
        }
        if (before != sha) await References.MoveAsync(call.State, call.Repository, name, sha, call.Caller.Login);
        return Answer.Ok(await ShapeAsync(call, name, sha));
    }

    private static async Task<Answer> DeleteAsync(ApiCall call)
    {
        var git = await ObjectRoutes.BegunAsync(call);
        var name = $"refs/{call["ref"]}";
        if (await git.ReferenceAsync(name) is null) throw Refusal.Unprocessable("Reference does not exist");
        if (name == $"refs/heads/{call.Repository.DefaultBranch}")
        {
            throw Refusal.Unprocessable("Cannot delete the default branch");
        }
        await References.MoveAsync(call.State, call.Repository, name, null, call.Caller.Login);
        return Answer.None;
    }

    private static async Task EnsureObjectAsync(BareGit git, string name, string sha)
    {
        var type = await git.TypeAsync(sha) ?? throw Refusal.Unprocessable("Object does not exist");
        if (name.StartsWith("refs/heads/", StringComparison.Ordinal) && type != "commit")
        {
            throw Refusal.Unprocessable("Reference update failed");
        }
    }

    private static async Task<JsonObject> ShapeAsync(ApiCall call, string name, string sha)
    {
        var (api, type) =
            ($"{call.State.Api}/repos/{call.Repository.FullName}/git", await call.Repository.Git.TypeAsync(sha));
        return new JsonObject
        {
            ["ref"] = name, ["node_id"] = name, ["url"] = $"{api}/{name}",
            ["object"] = new JsonObject { ["sha"] = sha, ["type"] = type, ["url"] = $"{api}/{type}s/{sha}" },
        };
    }
}
