using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.Organisations;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Pulls;

/// <summary>Pull requests as GitHub writes them.</summary>
internal static class PullShape
{
    /// <summary>As lists have it.</summary>
    public static async Task<JsonObject> ListedAsync(WorldState state, StoredRepository repository, JsonObject pull)
    {
        var (number, name) = ((long)pull["number"]!, repository.FullName);
        var (api, web, issue) = (
            $"{state.Api}/repos/{name}/pulls/{number}", $"{state.Web}/{name}/pull/{number}",
            $"{state.Api}/repos/{name}/issues/{number}");
        var made = new JsonObject
        {
            ["url"] = api, ["html_url"] = web, ["diff_url"] = $"{web}.diff", ["patch_url"] = $"{web}.patch",
            ["issue_url"] = issue
        };
        foreach (var (key, value) in pull)
        {
            if (key[0] != '_') made[key] = value?.DeepClone();
        }
        var head = await SideAsync(state, repository, (string)pull[Hidden.Head]!, (string?)pull["_headSha"]);
        var links = new (string Name, string Address)[]
        {
            ("commits", $"{api}/commits"), ("review_comments", $"{api}/comments"),
            ("review_comment", $"{state.Api}/repos/{name}/pulls/comments{{/number}}"),
            ("comments", $"{issue}/comments"),
            ("statuses", $"{state.Api}/repos/{name}/statuses/{head["sha"]}"),
        };
        var all = new JsonObject { ["self"] = Link(api), ["html"] = Link(web), ["issue"] = Link(issue) };
        foreach (var (link, address) in links) (made[$"{link}_url"], all[link]) = (address, Link(address));
        made["_links"] = all;
        made["head"] = head;
        made["base"] = await SideAsync(state, repository, (string)pull[Hidden.Base]!, null);
        made["user"] = UserShape.Simple(state, (string)pull[Hidden.Author]!);
        made["requested_reviewers"] =
            new JsonArray([.. Hidden.List(pull, Hidden.Reviewers).Select(r => (JsonNode)UserShape.Simple(state, r))]);
        made["requested_teams"] = new JsonArray([.. Hidden.List(pull, Hidden.Teams)
            .Select(t => (JsonNode)TeamShape.Of(state, repository.Organisation!, t))]);
        made["labels"] = IssueRoutes.Labels(state, repository, pull);
        return made;
    }

    /// <summary>As it is alone.</summary>
    public static async Task<JsonObject> FullAsync(WorldState state, StoredRepository repository, JsonObject pull)
    {
        var made = await ListedAsync(state, repository, pull);
        var isMerged = pull["merged_at"] is not null;
        foreach (var count in (string[])["review_comments", "additions", "deletions"]) made[count] = 0;
        made["comments"] = repository.All(Kinds.Comment).Count(c => (long)c["_issue"]! == (long)pull["number"]!);
        made["commits"] = made["base"]!["sha"] is { } from
            && made["head"]!["sha"] is { } to ? (await repository.Git.LogAsync((string)to!, (string)from!)).Count : 0;
        made["changed_files"] =
            (await repository.Git.ChangesAsync((string)made["base"]!["sha"]!, (string)made["head"]!["sha"]!)).Count;
        made["merged"] = isMerged;
        made["merged_by"] = isMerged ? UserShape.Simple(state, (string)pull["_mergedBy"]!) : null;
        made["mergeable"] = isMerged ? null : true;
        made["rebaseable"] = isMerged ? null : true;
        made["mergeable_state"] = isMerged ? "unknown" : "clean";
        made["maintainer_can_modify"] = false;
        return made;
    }

    private static JsonObject Link(string address) => new() { ["href"] = address };

    /// <param name="sha">Once the branch is gone, what it was at the end.</param>
    private static async Task<JsonObject> SideAsync(
        WorldState state, StoredRepository repository, string branch, string? sha) => new()
    {
        ["label"] = $"{repository.Owner}:{branch}", ["ref"] = branch,
        ["sha"] = await repository.Git.ReferenceAsync($"refs/heads/{branch}") ?? sha,
        ["user"] = UserShape.Simple(state, repository.Owner),
        ["repo"] = RepositoryShape.Full(state, repository),
    };
}
