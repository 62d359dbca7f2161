using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.Shapes;

namespace Portal.TestKit.GitHub.Server.Pulls;

/// <summary>Issues, what is said to them and to pull requests, and labels.</summary>
internal static class IssueRoutes
{
    private const string Root = "/repos/{owner}/{repo}";

    public static void Add(RouteTable routes)
    {
        routes.Add($"POST {Root}/issues", "issues:write", Create);
        routes.Add($"GET {Root}/issues", "issues:read", call => call.Page(call.Repository.All(Kinds.Issue).Reverse()
            .Where(i => call.Query("state") is "all" || (string)i["state"]! == (call.Query("state") ?? "open"))
            .Select(i => (JsonNode)Shape(call, i))));
        routes.Add($"GET {Root}/issues/{{issue_number}}", "issues:read", call => Answer.Ok(
            Shape(call, call.Repository.Get(Kinds.Issue, PullRoutes.Key(call.Number("issue_number"))))));
        routes.Add($"PATCH {Root}/issues/{{issue_number}}", "issues:write", Change);
        routes.Add($"POST {Root}/issues/{{issue_number}}/comments", "issues:write", Comment);
        routes.Add($"GET {Root}/issues/{{issue_number}}/comments", "issues:read", call => call.Page(call.Repository.All(
            Kinds.Comment).Where(c => (long)c["_issue"]! == call.Number("issue_number")).Select(Shown)));
        routes.Add($"DELETE {Root}/issues/comments/{{comment_id}}", "issues:write", call =>
        {
            call.Repository.Remove(Kinds.Comment, call["comment_id"]);
            return Answer.None;
        });
        routes.Add($"POST {Root}/issues/{{issue_number}}/labels", "issues:write", AddLabels);
        routes.Add($"PUT {Root}/issues/{{issue_number}}/labels", "issues:write", SetLabels);
        routes.Add(
            $"GET {Root}/issues/{{issue_number}}/labels", "issues:read",
            call => Answer.Ok(Labels(call.State, call.Repository, Find(call))));
        routes.Add($"POST {Root}/labels", "issues:write", CreateLabel);
        routes.Add($"GET {Root}/labels", "issues:read", call => call.Page(call.Repository.All(Kinds.Label)));
        routes.Add($"DELETE {Root}/labels/{{name}}", "issues:write", call =>
        {
            call.Repository.Remove(Kinds.Label, call["name"]);
            return Answer.None;
        });
    }

    /// <summary>For comments and labels a pull request is an issue.</summary>
    private static JsonObject Find(ApiCall call)
    {
        var key = PullRoutes.Key(call.Number("issue_number"));
        return call.Repository.Find(Kinds.Issue, key) ?? call.Repository.Get(Kinds.PullRequest, key);
    }

    private static Answer Create(ApiCall call)
    {
        var repository = call.Repository;
        if ((bool?)repository.Settings["has_issues"] == false)
        {
            throw new Refusal(410, "Issues has been disabled in this repository.");
        }
        var (number, id) = (repository.NextNumber(), call.State.NextId());
        var issue = new JsonObject
        {
            ["id"] = id, ["node_id"] = UserShape.NodeId("Issue", id), ["number"] = number, ["state"] = "open",
            ["title"] = $"{call.Body["title"]}", ["body"] = call.Text("body"), ["assignee"] = null,
            ["assignees"] = new JsonArray(), ["milestone"] = null, ["locked"] = false, ["comments"] = 0,
            ["closed_at"] = null, ["created_at"] = RepositoryShape.Time(call.State.Now),
            ["updated_at"] = RepositoryShape.Time(call.State.Now), ["author_association"] = "CONTRIBUTOR",
            ["state_reason"] = null, [Hidden.Author] = call.Caller.Login,
        };
        Hidden.Add(issue, Hidden.Labels, (call.Body["labels"] as JsonArray ?? []).Select(Name));
        Assign(call, issue);
        repository.Put(Kinds.Issue, PullRoutes.Key(number), issue, $"{issue["title"]}");
        return Answer.Created(Shape(call, issue));
    }

    private static Answer Change(ApiCall call)
    {
        var issue = Find(call);
        Assign(call, issue);
        foreach (var name in (string[])["title", "body", "state", "state_reason"])
        {
            if (call.Body.ContainsKey(name)) issue[name] = call.Body[name]?.DeepClone();
        }
        issue["closed_at"] = (string)issue["state"]! == "closed" ? RepositoryShape.Time(call.State.Now) : null;
        return Answer.Ok(Shape(call, issue));
    }

    private static void Assign(ApiCall call, JsonObject thing)
    {
        if (call.Body["assignees"] is JsonArray names)
        {
            thing["assignees"] =
                new JsonArray([.. names.Select(n => (JsonNode)UserShape.Simple(call.State, (string)n!))]);
        }
    }

    private static Answer Comment(ApiCall call)
    {
        Find(call);
        var (id, number) = (call.State.NextId(), call.Number("issue_number"));
        var (api, web) = (
            $"{call.State.Api}/repos/{call.Repository.FullName}/issues",
            $"{call.State.Web}/{call.Repository.FullName}/issues");
        var comment = new JsonObject
        {
            ["id"] = id, ["node_id"] = UserShape.NodeId("IssueComment", id), ["url"] = $"{api}/comments/{id}",
            ["html_url"] = $"{web}/{number}#issuecomment-{id}", ["issue_url"] = $"{api}/{number}",
            ["body"] = call.Text("body"),
            ["user"] = UserShape.Simple(call.State, call.Caller.Login),
            ["created_at"] = RepositoryShape.Time(call.State.Now),
            ["updated_at"] = RepositoryShape.Time(call.State.Now), ["author_association"] = "CONTRIBUTOR",
            ["_issue"] = number,
        };
        call.Repository.Put(Kinds.Comment, $"{id}", comment, $"{number} {call.Text("body")}");
        return Answer.Created(Shown(comment));
    }

    private static Answer AddLabels(ApiCall call)
    {
        var issue = Find(call);
        var names = (call.Body["labels"] as JsonArray ?? []).Select(Name).ToList();
        Hidden.Add(issue, Hidden.Labels, names);
        return Answer.Ok(Labels(call.State, call.Repository, issue));
    }

    private static Answer SetLabels(ApiCall call)
    {
        var issue = Find(call);
        issue.Remove(Hidden.Labels);
        Hidden.Add(issue, Hidden.Labels, (call.Body["labels"] as JsonArray ?? []).Select(Name));
        return Answer.Ok(Labels(call.State, call.Repository, issue));
    }

    private static Answer CreateLabel(ApiCall call)
    {
        var name = call.Text("name")!;
        if (call.Repository.Find(Kinds.Label, name) is not null)
        {
            throw Refusal.Failed("Label", "name", "already_exists");
        }
        return Answer.Created(Label(call.State, call.Repository, name, call.Text("color"), call.Text("description")));
    }

    /// <summary>A label that nobody has made yet is made by using it.</summary>
    private static JsonObject Label(
        WorldState state, StoredRepository repository, string name, string? color = null, string? description = null)
    {
        if (repository.Find(Kinds.Label, name) is { } known) return known;
        var id = state.NextId();
        return repository.Put(Kinds.Label, name, new JsonObject
        {
            ["id"] = id, ["node_id"] = UserShape.NodeId("Label", id),
            ["url"] = $"{state.Api}/repos/{repository.FullName}/labels/{Uri.EscapeDataString(name)}", ["name"] = name,
            ["description"] = description,
            ["color"] = color?.TrimStart('#') ?? "ededed", ["default"] = false,
        });
    }

    public static JsonArray Labels(WorldState state, StoredRepository repository, JsonObject thing) =>
        new([.. Hidden.List(thing, Hidden.Labels).Select(name => Label(state, repository, name).DeepClone())]);

    private static string Name(JsonNode? label) =>
        label is JsonObject named ? (string)named["name"]! : label!.GetValue<string>();

    private static JsonObject Shape(ApiCall call, JsonObject issue)
    {
        var name = call.Repository.FullName;
        var (api, made) = ($"{call.State.Api}/repos/{name}/issues/{issue["number"]}", (JsonObject)Shown(issue));
        (made["url"], made["repository_url"], made["html_url"]) =
            (api, $"{call.State.Api}/repos/{name}", $"{call.State.Web}/{name}/issues/{issue["number"]}");
        (made["labels_url"], made["comments_url"], made["events_url"]) =
            ($"{api}/labels{{/name}}", $"{api}/comments", $"{api}/events");
        made["user"] = UserShape.Simple(call.State, (string)issue[Hidden.Author]!);
        made["labels"] = Labels(call.State, call.Repository, issue);
        made["comments"] = call.Repository.All(Kinds.Comment).Count(c => (long)c["_issue"]! == (long)issue["number"]!);
        return made;
    }

    private static JsonNode Shown(JsonObject thing) =>
        new JsonObject(thing.Where(t => t.Key[0] != '_').Select(t => KeyValuePair.Create(t.Key, t.Value?.DeepClone())));
}
