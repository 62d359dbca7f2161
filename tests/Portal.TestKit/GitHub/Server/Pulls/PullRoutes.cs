using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.GitData;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Pulls;

/// <summary>Pull requests within one repository; forks are not known here.</summary>
internal static class PullRoutes
{
    private const string Root = "/repos/{owner}/{repo}/pulls";

    public static void Add(RouteTable routes)
    {
        routes.Add($"POST {Root}", "pull_requests:write", CreateAsync);
        routes.Add($"GET {Root}", "pull_requests:read", ListAsync);
        routes.Add(
            $"GET {Root}/{{pull_number}}", "pull_requests:read",
            async call => Answer.Ok(await PullShape.FullAsync(call.State, call.Repository, Find(call))));
        routes.Add($"GET {Root}/{{pull_number}}/files", "pull_requests:read", FilesAsync);
        routes.Add($"PATCH {Root}/{{pull_number}}", "pull_requests:write", ChangeAsync);
        routes.Add($"POST {Root}/{{pull_number}}/requested_reviewers", "pull_requests:write", RequestAsync);
    }

    public static JsonObject Find(ApiCall call) =>
        call.Repository.Get(Kinds.PullRequest, Key(call.Number("pull_number")));

    /// <summary>So that they are listed in their order.</summary>
    public static string Key(long number) => number.ToString("D8");

    private static async Task<Answer> CreateAsync(ApiCall call)
    {
        var (repository, head, target) = (call.Repository, call.Text("head")!, call.Text("base")!);
        if (head.Split(':') is [var owner, var branch]) head = string.Equals(
            owner, repository.Owner,
            StringComparison.OrdinalIgnoreCase) ? branch : throw Refusal.Failed("PullRequest", "head", "invalid");
        var headSha = await repository.Git.ReferenceAsync($"refs/heads/{head}") ?? throw Refusal.Failed(
            "PullRequest", "head", "invalid");
        var baseSha = await repository.Git.ReferenceAsync($"refs/heads/{target}") ?? throw Refusal.Failed(
            "PullRequest", "base", "invalid");
        if (call.Text("title") is not { Length: > 0 } title)
        {
            throw Refusal.Failed("PullRequest", "title", "missing_field");
        }
        if (call.Text("body") is { Length: > 65_536 }) throw Custom("body is too long (maximum is 65536 characters)");
        if ((await repository.Git.LogAsync(headSha, baseSha)).Count == 0)
        {
            throw Custom($"No commits between {target} and {head}");
        }
        if (repository.All(Kinds.PullRequest).Any(
            p => (string)p["state"]! == "open" && (string)p[Hidden.Head]! == head && (string)p[Hidden.Base]! == target))
        {
            throw Custom($"A pull request already exists for {repository.Owner}:{head}.");
        }
        var number = repository.NextNumber();
        var id = call.State.NextId();
        var pull = new JsonObject
        {
            ["id"] = id, ["node_id"] = UserShape.NodeId("PullRequest", id), ["number"] = number, ["state"] = "open",
            ["locked"] = false, ["title"] = title, ["body"] = call.Text("body"), ["milestone"] = null,
            ["created_at"] = RepositoryShape.Time(call.State.Now),
            ["updated_at"] = RepositoryShape.Time(call.State.Now), ["closed_at"] = null, ["merged_at"] = null,
            ["merge_commit_sha"] = null, ["assignee"] = null,
            ["assignees"] = new JsonArray(), ["author_association"] = "CONTRIBUTOR", ["auto_merge"] = null,
            ["active_lock_reason"] = null, ["draft"] = call.Flag("draft") ?? false,
            [Hidden.Head] = head, [Hidden.Base] = target, [Hidden.Author] = call.Caller.Login, ["_headSha"] = headSha,
        };
        repository.Put(Kinds.PullRequest, Key(number), pull, $"{title} {target}");
        await TellAsync(call.State, repository, pull, "opened", call.Caller.Login);
        return Answer.Created(await PullShape.FullAsync(call.State, repository, pull)).With(
            "Location", $"{call.State.Api}/repos/{repository.FullName}/pulls/{number}");
    }

    private static Refusal Custom(string message) => new(
        422, "Validation Failed",
        new JsonObject { ["resource"] = "PullRequest", ["code"] = "custom", ["message"] = message });

    private static async Task<Answer> ListAsync(ApiCall call)
    {
        var wanted = call.Query("state") ?? "open";
        var found = new List<JsonNode>();
        foreach (var pull in call.Repository.All(Kinds.PullRequest).Reverse())
        {
            if (wanted != "all" && (string)pull["state"]! != wanted) continue;
            if (call.Query("head") is { } head && head != $"{call.Repository.Owner}:{pull[Hidden.Head]}") continue;
            if (call.Query("base") is { } target && target != (string)pull[Hidden.Base]!) continue;
            found.Add(await PullShape.ListedAsync(call.State, call.Repository, pull));
        }
        return call.Page(found);
    }

    private static async Task<Answer> FilesAsync(ApiCall call)
    {
        var (pull, git) = (Find(call), call.Repository.Git);
        var head = await git.ReferenceAsync($"refs/heads/{pull[Hidden.Head]}") ?? (string)pull["_headSha"]!;
        var fork = (await git.RunAsync(["merge-base", $"refs/heads/{pull[Hidden.Base]}", head])).Text;
        return call.Page((await HistoryRoutes.FilesAsync(call.State, call.Repository, fork, head)).Select(f => f!));
    }

    private static async Task<Answer> ChangeAsync(ApiCall call)
    {
        var pull = Find(call);
        foreach (var name in (string[])["title", "body"])
        {
            if (call.Body.ContainsKey(name)) pull[name] = call.Body[name]?.DeepClone();
        }
        if (call.Text("base") is { } target) pull[Hidden.Base] = target;
        pull["updated_at"] = RepositoryShape.Time(call.State.Now);
        if (call.Text("state") is { } wanted && wanted != (string)pull["state"]!) await SwitchAsync(call, pull, wanted);
        return Answer.Ok(await PullShape.FullAsync(call.State, call.Repository, pull));
    }

    private static async Task SwitchAsync(ApiCall call, JsonObject pull, string wanted)
    {
        if (pull["merged_at"] is not null) throw Custom("Cannot change the state of a merged pull request");
        pull["state"] = wanted;
        pull["closed_at"] = wanted == "closed" ? RepositoryShape.Time(call.State.Now) : null;
        await TellAsync(
            call.State, call.Repository, pull, wanted == "closed" ? "closed" : "reopened", call.Caller.Login);
    }

    private static async Task<Answer> RequestAsync(ApiCall call)
    {
        var (pull, repository) = (Find(call), call.Repository);
        List<string> people = Hidden.List(call.Body, "reviewers"), teams = Hidden.List(call.Body, "team_reviewers");
        if (people.Contains((string)pull[Hidden.Author]!))
        {
            throw Refusal.Unprocessable("Review cannot be requested from pull request author.");
        }
        if (people.Exists(p => repository.Organisation?.Members.ContainsKey(p) != true && repository.Find(
            Kinds.Collaborator, p) is null) || teams.Exists(t => repository.Find(Kinds.Team, t) is null))
        {
            throw Refusal.Unprocessable(
                $"Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the {repository.FullName} repository.");
        }
        Hidden.Add(pull, Hidden.Reviewers, people);
        Hidden.Add(pull, Hidden.Teams, teams);
        return Answer.Created(await PullShape.ListedAsync(call.State, repository, pull));
    }

    public static async Task TellAsync(
        WorldState state, StoredRepository repository, JsonObject pull, string action,
        string by) => state.Happenings.Tell("pull_request", repository, new JsonObject
    {
        ["action"] = action, ["number"] = (long)pull["number"]!,
        ["pull_request"] = await PullShape.FullAsync(state, repository, pull),
        ["repository"] = RepositoryShape.Full(state, repository), ["sender"] = UserShape.Simple(state, by),
    });

    /// <summary>A pull request follows its branch; without the branch it is closed.</summary>
    public static async Task FollowAsync(WorldState state, Push push)
    {
        if (!push.Reference.StartsWith("refs/heads/", StringComparison.Ordinal)) return;
        foreach (var pull in push.Repository.All(Kinds.PullRequest)
            .Where(p => (string)p["state"]! == "open" && $"refs/heads/{p[Hidden.Head]}" == push.Reference))
        {
            var isGone = push.After == BareGit.Nothing;
            if (isGone) (pull["state"], pull["closed_at"]) = ("closed", RepositoryShape.Time(state.Now));
            else pull["_headSha"] = push.After;
            await TellAsync(state, push.Repository, pull, isGone ? "closed" : "synchronize", push.By);
        }
    }
}
