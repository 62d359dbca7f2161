using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.TestKit.GitHub.Server.GitData;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Repositories;

/// <summary>Repositories: made, found, listed and removed.</summary>
internal static partial class RepositoryRoutes
{
    public static void Add(RouteTable routes)
    {
        routes.Add("POST /orgs/{org}/repos", "administration:write", CreateInOrganisationAsync);
        routes.Add("POST /user/repos", Access.User, call => CreateAsync(call, call.Caller.Login));
        routes.Add(
            "GET /orgs/{org}/repos", "metadata:read", call => List(call, r => r.Organisation == call.Organisation));
        routes.Add("GET /user/repos", Access.User, call => List(call, r => call.Caller.IsAdmin
            || r.Owner == call.Caller.Login || r.Organisation?.Members.ContainsKey(call.Caller.Login) == true));
        routes.Add("GET /installation/repositories", Access.Installation, Installed);
        routes.Add(
            "GET /repos/{owner}/{repo}", "metadata:read",
            call => Answer.Ok(RepositoryShape.Full(call.State, call.Repository)));
        routes.Add("DELETE /repos/{owner}/{repo}", "administration:write", Delete);
    }

    private static async Task<Answer> CreateInOrganisationAsync(ApiCall call)
    {
        var organisation = call.Organisation;
        if (!organisation.MayCreateRepositories)
        {
            throw new Refusal(403, "You need admin access to the organization before adding a repository to it.");
        }
        var properties = call.Body["custom_properties"] as JsonObject ?? [];
        foreach (var (name, _) in properties)
        {
            if (!organisation.Properties.ContainsKey(name))
            {
                throw Refusal.Failed(
                    "Repository", name, "invalid", $"Property '{name}' is not defined for this organization");
            }
        }
        var answer = await CreateAsync(call, organisation.Login);
        return answer;
    }

    private static async Task<Answer> CreateAsync(ApiCall call, string owner)
    {
        var name = Forbidden().Replace(call.Text("name")!, "-");
        if (name.Length is 0 or > 100 || name is "." or ".." || name.EndsWith(".git", StringComparison.Ordinal))
        {
            throw Failed("name is invalid");
        }
        if (call.State.Find(owner, name) is not null) throw Failed("name already exists on this account");
        var repository = await call.State.AddRepositoryAsync(owner, name, Settings(call.Body));
        foreach (var (key, value) in call.Body["custom_properties"] as JsonObject ?? []) repository.Properties[key] =
            value?.DeepClone();
        if (call.Body["team_id"]?.GetValue<long>() is { } team
            && repository.Organisation?.TeamIds.FirstOrDefault(t => t.Value == team).Key is { } slug)
        {
            repository.Put(Kinds.Team, slug, new JsonObject { ["permission"] = "pull" });
        }
        Tell(call, repository, "created");
        if (call.Flag("auto_init") == true) await BeginAsync(call, repository);
        return Answer.Created(RepositoryShape.Full(call.State, repository)).With(
            "Location", $"{call.State.Api}/repos/{repository.FullName}");
    }

    private static async Task BeginAsync(ApiCall call, StoredRepository repository)
    {
        var text = $"# {repository.Name}"
            + (call.Text("description") is { Length: > 0 } description ? $"\n{description}" : "") + "\n";
        var by = new Signature(
            call.Caller.Login, $"{call.State.UserId(call.Caller.Login)}+{call.Caller.Login}@users.noreply.github.com",
            call.State.Now);
        var blob = await repository.Git.WriteBlobAsync(Encoding.UTF8.GetBytes(text));
        var tree = await repository.Git.WriteTreeAsync(null, [new TreeChange("README.md", "100644", blob)]);
        var commit = await repository.Git.WriteCommitAsync(tree, [], by, by, "Initial commit");
        await References.MoveAsync(
            call.State, repository, $"refs/heads/{repository.DefaultBranch}", commit, call.Caller.Login);
    }

    /// <summary>What POST and PATCH have in common. Visibility counts for more than private.</summary>
    public static JsonObject Settings(JsonObject body)
    {
        var settings = new JsonObject();
        foreach (var (key, value) in body)
        {
            if (key is not ("name" or "auto_init" or "gitignore_template" or "license_template" or "custom_properties" or "team_id" or "private"
                or "default_branch"))
            {
                settings[key] = value?.DeepClone();
            }
        }
        if (body["visibility"] is null && body["private"] is { } isPrivate)
        {
            settings["visibility"] = (bool)isPrivate! ? "private" : "public";
        }
        return settings;
    }

    private static Answer List(ApiCall call, Func<StoredRepository, bool> which)
    {
        var found = call.State.Repositories.Values.Where(which).Where(call.Caller.Sees);
        found = call.Query("type") switch
        {
            "public" => found.Where(r => r.IsPublic),
            "private" => found.Where(r => !r.IsPublic),
            _ => found,
        };
        var descending =
            call.Query("direction") is { } direction ? direction == "desc" : call.Query("sort") is not "full_name";
        var sorted = call.Query("sort") switch
        {
            "full_name" => found.OrderBy(r => r.FullName, StringComparer.Ordinal),
            "updated" => found.OrderBy(r => r.UpdatedAt),
            "pushed" => found.OrderBy(r => r.PushedAt),
            _ => found.OrderBy(r => r.CreatedAt).ThenBy(r => r.Id),
        };
        return call.Page(
            (descending ? sorted.Reverse() : sorted).Select(r => (JsonNode)RepositoryShape.Minimal(call.State, r)));
    }

    private static Answer Installed(ApiCall call) =>
        call.Page(call.State.Repositories.Values.Where(r => r.Organisation == call.Caller.Organisation
            && call.Caller.Sees(r)).Select(r => (JsonNode)RepositoryShape.Full(call.State, r)), "repositories");

    private static Answer Delete(ApiCall call)
    {
        var repository = call.Repository;
        Tell(call, repository, "deleted");
        call.State.Remove(repository);
        return Answer.None;
    }

    public static void Tell(ApiCall call, StoredRepository repository, string action, JsonObject? changes = null) =>
        Tell(call.State, repository, action, call.Caller.Login, changes);

    public static void Tell(
        WorldState state, StoredRepository repository, string action, string by, JsonObject? changes = null)
    {
        var payload = new JsonObject { ["action"] = action, ["repository"] = RepositoryShape.Full(
            state, repository), ["sender"] = UserShape.Simple(state, by) };
        if (changes is not null) payload["changes"] = changes;
        state.Happenings.Tell("repository", repository, payload);
    }

    private static Refusal Failed(string message) =>
        new(422, "Repository creation failed.", new JsonObject
        {
            ["resource"] = "Repository", ["code"] = "custom", ["field"] = "name", ["message"] = message
        });

    [GeneratedRegex("[^A-Za-z0-9._-]+")]
    private static partial Regex Forbidden();
}
