using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.TestKit.GitHub.Server.Shapes;

/// <summary>Repositories as GitHub writes them.</summary>
internal static class RepositoryShape
{
    private static readonly string[] Links =
    [
        "archive|{archive_format}{/ref}", "assignees{/user}", "git_blobs|git/blobs{/sha}", "branches{/branch}",
        "collaborators{/collaborator}", "comments{/number}",
        "commits{/sha}", "compare/{base}...{head}", "contents/{+path}", "contributors", "deployments", "downloads",
        "events", "forks", "git_commits|git/commits{/sha}",
        "git_refs|git/refs{/sha}", "git_tags|git/tags{/sha}", "hooks", "issue_comment|issues/comments{/number}",
        "issue_events|issues/events{/number}", "issues{/number}",
        "keys{/key_id}", "labels{/name}", "languages", "merges", "milestones{/number}",
        "notifications{?since,all,participating}", "pulls{/number}", "releases{/id}",
        "stargazers", "statuses/{sha}", "subscribers", "subscription", "tags", "teams", "trees|git/trees{/sha}",
    ];

    private static readonly string[] Defaults =
    [
        "has_issues=true", "has_projects=true", "has_wiki=true", "has_downloads=true", "has_discussions=false",
        "is_template=false", "allow_squash_merge=true",
        "allow_merge_commit=true", "allow_rebase_merge=true", "allow_auto_merge=false", "delete_branch_on_merge=false",
        "allow_update_branch=false",
        "use_squash_pr_title_as_default=false", "web_commit_signoff_required=false", "allow_forking=true",
        "archived=false",
    ];

    private static readonly string[] Texts =

        [
            "squash_merge_commit_title=COMMIT_OR_PR_TITLE", "squash_merge_commit_message=COMMIT_MESSAGES",
            "merge_commit_title=MERGE_MESSAGE", "merge_commit_message=PR_TITLE"
        ];

    public static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>As lists have it.</summary>
    public static JsonObject Minimal(WorldState state, StoredRepository repository)
    {
        var made = Names(state, repository);
        foreach (var pair in Defaults.Select(d => d.Split('=')))
        {
            made[pair[0]] = repository.Settings[pair[0]]?.DeepClone() ?? (pair[1] == "true");
        }
        foreach (var name in (string[])["description", "homepage"]) made[name] = repository.Settings[name]?.DeepClone();
        foreach (var count in (string[])
        [
            "forks", "forks_count", "open_issues", "open_issues_count", "size", "stargazers_count", "watchers",
            "watchers_count", "network_count", "subscribers_count"
        ]) made[count] = 0;
        made["open_issues_count"] = repository.All(Kinds.Issue).Count(i => (string?)i["state"] == "open");
        made["open_issues"] = made["open_issues_count"]!.DeepClone();
        made["default_branch"] = repository.DefaultBranch;
        made["visibility"] = repository.Visibility;
        made["private"] = !repository.IsPublic;
        made["has_pages"] = repository.Find(Kinds.Pages, "site") is not null;
        made["topics"] = new JsonArray([.. repository.Topics.Select(t => (JsonNode)t)]);
        made["created_at"] = Time(repository.CreatedAt);
        made["updated_at"] = Time(repository.UpdatedAt);
        made["pushed_at"] = Time(repository.PushedAt);
        made["custom_properties"] =
            new JsonObject(repository.Properties.Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
        made["permissions"] = new JsonObject
        {
            ["admin"] = true, ["maintain"] = true, ["push"] = true, ["triage"] = true, ["pull"] = true
        };
        if (repository.Settings["security_and_analysis"] is { } security)
        {
            made["security_and_analysis"] = security.DeepClone();
        }
        return made;
    }

    public static JsonObject Full(WorldState state, StoredRepository repository)
    {
        var made = Minimal(state, repository);
        foreach (var pair in Texts.Select(t => t.Split('=')))
        {
            made[pair[0]] = repository.Settings[pair[0]]?.DeepClone() ?? pair[1];
        }
        if (repository.Organisation is not null) made["organization"] = UserShape.Simple(state, repository.Owner);
        return made;
    }

    private static JsonObject Names(WorldState state, StoredRepository repository)
    {
        var (api, web) = ($"{state.Api}/repos/{repository.FullName}", $"{state.Web}/{repository.FullName}");
        var made = new JsonObject
        {
            ["id"] = repository.Id, ["node_id"] = UserShape.NodeId("Repository", repository.Id),
            ["name"] = repository.Name, ["full_name"] = repository.FullName,
            ["owner"] = UserShape.Simple(state, repository.Owner), ["html_url"] = web, ["url"] = api, ["fork"] = false,
            ["disabled"] = false, ["language"] = null,
            ["license"] = null, ["mirror_url"] = null, ["clone_url"] = $"{web}.git",
            ["git_url"] = $"{web.Replace("http://", "git://", StringComparison.Ordinal)}.git",
            ["ssh_url"] = $"git@{new Uri(state.Web).Host}:{repository.FullName}.git", ["svn_url"] = web,
        };
        foreach (var link in Links)
        {
            var parts = link.Split('|');
            var name = parts.Length == 2
                ? parts[0].Replace("git_blobs", "blobs", StringComparison.Ordinal)
                : link.Split('/', '{')[0];
            made[$"{name}_url"] = $"{api}/{(name == "archive" ? "{archive_format}{/ref}" : parts[^1])}";
        }
        return made;
    }
}
