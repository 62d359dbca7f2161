using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Repositories;

/// <summary>
/// What can be changed on a repository itself: its settings and name, its topics and properties, its owner.
/// </summary>
internal static class RepositoryChanges
{
    private const string Root = "/repos/{owner}/{repo}";

    public static void Add(RouteTable routes)
    {
        routes.Add($"PATCH {Root}", "administration:write", PatchAsync);
        routes.Add($"GET {Root}/topics", "metadata:read", call => Answer.Ok(Topics(call.Repository)));
        routes.Add($"PUT {Root}/topics", "administration:write", SetTopics);
        routes.Add($"POST {Root}/transfer", "administration:write", Transfer);
        routes.Add($"GET {Root}/properties/values", "metadata:read", call => Answer.Ok(Properties(call.Repository)));
        routes.Add(
            $"PATCH {Root}/properties/values", "repository_custom_properties:write",
            call => SetProperties(call, [call.Repository]));
        routes.Add("GET /orgs/{org}/properties/values", "organization_custom_properties:read", ListProperties);
        routes.Add(
            "PATCH /orgs/{org}/properties/values", "organization_custom_properties:write", call => SetProperties(call,
                [.. call.Body["repository_names"]!.AsArray()
                    .Select(n => call.FindRepository(call["org"], n!.GetValue<string>()))]));
    }

    private static async Task<Answer> PatchAsync(ApiCall call)
    {
        var repository = call.Repository;
        if (repository.IsArchived && call.Flag("archived") != false)
        {
            throw new Refusal(403, "Repository was archived so is read-only.");
        }
        if (call.Text("default_branch") is { } branch) await SetBranchAsync(repository, branch);
        var before = repository.IsArchived;
        foreach (var (key, value) in RepositoryRoutes.Settings(call.Body)) Merge(repository.Settings, key, value);
        repository.UpdatedAt = call.State.Now;
        if (call.Text("name") is { } name && name != repository.Name)
        {
            Rename(call.State, repository, name, call.Caller.Login);
        }
        if (before != repository.IsArchived)
        {
            RepositoryRoutes.Tell(call, repository, repository.IsArchived ? "archived" : "unarchived");
        }
        return Answer.Ok(RepositoryShape.Full(call.State, repository));
    }

    /// <summary>Of <c>security_and_analysis</c> only what is named changes.</summary>
    private static void Merge(JsonObject settings, string key, JsonNode? value)
    {
        if (value is JsonObject parts && settings[key] is JsonObject old)
        {
            foreach (var (name, part) in parts) old[name] = part?.DeepClone();
        }
        else settings[key] = value?.DeepClone();
    }

    private static async Task SetBranchAsync(StoredRepository repository, string branch)
    {
        if (await repository.Git.ReferenceAsync($"refs/heads/{branch}") is null && !await repository.Git.IsEmptyAsync())
        {
            throw Refusal.Failed(
                "Repository", "default_branch", "invalid",
                $"The branch {branch} was not found. Please push that ref first or create it via the Git Data API.");
        }
        repository.DefaultBranch = branch;
        await repository.Git.SetHeadAsync(branch);
    }

    public static void Rename(WorldState state, StoredRepository repository, string name, string by)
    {
        if (state.Find(repository.Owner, name) is { } other && other != repository)
        {
            throw Refusal.Failed("Repository", "name", "custom", "name already exists on this account");
        }
        var old = repository.Name;
        state.Move(repository, repository.Owner, name);
        RepositoryRoutes.Tell(
            state, repository, "renamed", by,
            new JsonObject { ["repository"] = new JsonObject { ["name"] = new JsonObject { ["from"] = old } } });
    }

    private static Answer Transfer(ApiCall call)
    {
        var repository = call.Repository;
        Transfer(
            call.State, repository, call.Text("new_owner")!, call.Text("new_name") ?? repository.Name,
            call.Caller.Login);
        return new Answer(202, RepositoryShape.Minimal(call.State, repository));
    }

    public static void Transfer(WorldState state, StoredRepository repository, string owner, string name, string by)
    {
        if (!state.Organisations.ContainsKey(owner) && !state.Users.ContainsKey(owner))
        {
            throw Refusal.Failed("Repository", "new_owner", "invalid", "Invalid new_owner");
        }
        if (state.Find(owner, name) is not null)
        {
            throw Refusal.Failed("Repository", "new_name", "custom", "name already exists on this account");
        }
        var from = new JsonObject { [repository.Organisation is null ? "user" : "organization"] = UserShape.Simple(
            state, repository.Owner) };
        state.Move(repository, owner, name);
        RepositoryRoutes.Tell(
            state, repository, "transferred", by, new JsonObject { ["owner"] = new JsonObject { ["from"] = from } });
    }

    private static JsonObject Topics(StoredRepository repository) =>
        new() { ["names"] = new JsonArray([.. repository.Topics.Select(t => (JsonNode)t)]) };

    private static Answer SetTopics(ApiCall call)
    {
        var names = call.Body["names"]!.AsArray().Select(n => n!.GetValue<string>().ToLowerInvariant()).ToList();
        if (names.Count > 20) throw Refusal.Unprocessable("A repository can't have more than 20 topics.");
        if (names.FirstOrDefault(n => n.Length is 0 or > 50 || n[0] == '-'
            || n.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-')) is not null)
        {
            throw new Refusal(422, "Validation Failed", JsonValue.Create(
                "Topics must start with a lowercase letter or number, consist of 50 characters or less, and can include hyphens."));
        }
        call.Repository.Topics.Clear();
        call.Repository.Topics.AddRange(names.Distinct(StringComparer.Ordinal));
        return Answer.Ok(Topics(call.Repository));
    }

    private static JsonArray Properties(StoredRepository repository) =>
        new([.. repository.Properties.Select(
            p => (JsonNode)new JsonObject { ["property_name"] = p.Key, ["value"] = p.Value?.DeepClone() })]);

    private static Answer ListProperties(ApiCall call) => call.Page(call.State.Repositories.Values.Where(
        r => r.Organisation == call.Organisation).Select(r => (JsonNode)new JsonObject
    {
        ["repository_id"] = r.Id, ["repository_name"] = r.Name, ["repository_full_name"] = r.FullName,
        ["properties"] = Properties(r),
    }));

    private static Answer SetProperties(ApiCall call, IReadOnlyList<StoredRepository> repositories)
    {
        foreach (var value in call.Body["properties"]!.AsArray())
        {
            var name = value!["property_name"]!.GetValue<string>();
            foreach (var repository in repositories)
            {
                if (repository.Organisation?.Properties.ContainsKey(name) != true)
                {
                    throw Refusal.Failed(
                        "Repository", name, "invalid", $"Property '{name}' is not defined for this organization");
                }
                if (value["value"] is { } given) repository.Properties[name] = given.DeepClone();
                else repository.Properties.Remove(name);
            }
        }
        return Answer.None;
    }
}
