using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portal.TestKit.Azure.Server;

internal sealed partial class GroupRoutes(WorldState state)
{
    private const string One = "/subscriptions/{subscription}/resourcegroups/{group}";
    private const string Locks = One + "/providers/Microsoft.Authorization/locks";
    private const string TagsOf = One + "/providers/Microsoft.Resources/tags/default";
    private const string Base = "Microsoft.Resources/subscriptions/resourceGroups";

    private static readonly string[] LockVersions = ["2020-05-01", "2016-09-01"];

    public IEnumerable<ArmRoute> All =>
    [
        new(
            AzureRoutes.ListGroups, "GET", "/subscriptions/{subscription}/resourcegroups", SubscriptionRoutes.Versions,
            Base + "/read", List),
        new(AzureRoutes.PutGroup, "PUT", One, SubscriptionRoutes.Versions, Base + "/write", Put),
        new(
            AzureRoutes.GetGroup, "GET", One, SubscriptionRoutes.Versions, Base + "/read",
            call => ArmReply.Ok(state.Group(call.Subscription, call["group"]).Describe())),
        new(AzureRoutes.DeleteGroup, "DELETE", One, SubscriptionRoutes.Versions, Base + "/delete", Delete),
        new(
            AzureRoutes.GetTags, "GET", TagsOf, SubscriptionRoutes.Versions, "Microsoft.Resources/tags/read",
            call => ArmReply.Ok(Tags(state.Group(call.Subscription, call["group"])))),
        new(
            AzureRoutes.PatchTags, "PATCH", TagsOf, SubscriptionRoutes.Versions, "Microsoft.Resources/tags/write",
            PatchTags),
        new(
            AzureRoutes.ListLocks, "GET", Locks, LockVersions, "Microsoft.Authorization/locks/read",
            call => ArmReply.List(state.Group(call.Subscription, call["group"]).Locks.Values)),
        new(
            AzureRoutes.PutLock, "PUT", Locks + "/{name}", LockVersions, "Microsoft.Authorization/locks/write",
            PutLock),
        new(
            AzureRoutes.GetLock, "GET", Locks + "/{name}", LockVersions, "Microsoft.Authorization/locks/read",
            call => ArmReply.Ok(Lock(call).DeepClone())),
        new(
            AzureRoutes.DeleteLock, "DELETE", Locks + "/{name}", LockVersions, "Microsoft.Authorization/locks/delete",
            DeleteLock),
    ];

    private ArmReply List(ArmCall call)
    {
        var groups =
            state.Groups.Values.Where(g => g.Subscription.Equals(call.Subscription, StringComparison.OrdinalIgnoreCase))
                .Where(Filter(call.Query("$filter"))).OrderBy(g => g.Name, StringComparer.OrdinalIgnoreCase).ToList();
        var skip = int.TryParse(call.Query("$skiptoken"), out var at) ? at : 0;
        var page = new JsonObject { ["value"] = new JsonArray(
            [.. groups.Skip(skip).Take(state.Rules.PageSize).Select(g => g.Describe())]) };
        if (skip + state.Rules.PageSize < groups.Count)
        {
            page["nextLink"] =
                $"{call.Link(call.Path, "2022-09-01")}&$skiptoken={skip + state.Rules.PageSize}{(call.Query("$filter") is { } filter ? $"&$filter={Uri.EscapeDataString(filter)}" : "")}";
        }
        return ArmReply.Ok(page);
    }

    private static Func<StoredGroup, bool> Filter(string? filter)
    {
        if (filter is null) return _ => true;
        var match = TagFilter().Match(filter);
        if (!match.Success)
        {
            throw new ArmRefusal(
                400, "InvalidFilterInQueryString", $"Invalid $filter '{filter}' specified in the query string.");
        }
        var (name, value) = (match.Groups["name"].Value, match.Groups["value"].Success
            ? match.Groups["value"].Value.Replace("''", "'", StringComparison.Ordinal)
            : null);
        return group => group.Tags.FirstOrDefault(t => t.Key.Equals(
            name, StringComparison.OrdinalIgnoreCase)).Value is { } tag && (value is null || tag.ToString() == value);
    }

    private ArmReply Put(ArmCall call)
    {
        var name = call["group"];
        foreach (var (key, _) in call.Body)
        {
            if (key is not ("location" or "tags" or "managedBy" or "properties")) throw Unknown(call, key);
        }
        if (!NamePattern().IsMatch(name))
        {
            throw new ArmRefusal(
                400, "InvalidResourceGroup",
                $"The provided resource group name '{name}' has these invalid characters. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.");
        }
        var location = call.Body["location"]?.ToString() ?? throw new ArmRefusal(
            400, "LocationRequired", "The location property is required for this definition.");
        var tags = call.Body["tags"] as JsonObject ?? [];
        ResourceKinds.CheckTags(tags);
        var key1 = WorldState.KeyOf(call.Subscription, name);
        if (state.Groups.TryGetValue(key1, out var found))
        {
            state.UsableGroup(call.Subscription, name);
            if (found.Location != location)
            {
                throw new ArmRefusal(
                    409, "InvalidResourceGroupLocation",
                    $"Invalid resource group location '{location}'. The Resource group already exists in location '{found.Location}'.");
            }
            found.Tags = (JsonObject)tags.DeepClone();
            return ArmReply.Ok(found.Describe());
        }
        var made = new StoredGroup(call.Subscription, name, location) { Tags = (JsonObject)tags.DeepClone() };
        state.Groups[key1] = made;
        state.Ledger.Note(made.Thing);
        return new ArmReply(201, made.Describe());
    }

    private ArmReply Delete(ArmCall call)
    {
        var group = state.UsableGroup(call.Subscription, call["group"]);
        if (group.Locks.Count > 0)
        {
            throw new ArmRefusal(
                409, "ScopeLocked",
                $"The scope '{group.Id}' cannot perform delete operation because following scope(s) are locked: '{group.Id}'. Please remove the lock and try again.");
        }
        group.IsBeingDeleted = true;
        _ = RemoveLaterAsync(group);
        return state.Begin(call, state.Rules.DeleteTime, null);
    }

    private async Task RemoveLaterAsync(StoredGroup group)
    {
        await Task.Delay(state.Rules.DeleteTime, state.Time);
        lock (state.Access)
        {
            state.Groups.Remove(WorldState.KeyOf(group.Subscription, group.Name));
            foreach (var resource in group.Resources.Values) state.Ledger.NoteRemoved(resource.Thing);
            state.Ledger.NoteRemoved(group.Thing);
        }
    }

    private ArmReply PatchTags(ArmCall call)
    {
        var group = state.UsableGroup(call.Subscription, call["group"]);
        var tags = ResourceKinds.Walk(call.Body, "properties.tags") as JsonObject ?? [];
        var all = call.Body["operation"]?.ToString() switch
        {
            "Replace" => (JsonObject)tags.DeepClone(),
            "Merge" => Merged(group.Tags, tags),
            "Delete" => new JsonObject(group.Tags.Where(t => !tags.ContainsKey(t.Key))
                .Select(t => KeyValuePair.Create(t.Key, t.Value?.DeepClone()))),
            var other => throw new ArmRefusal(
                400, "InvalidRequestContent", $"The operation '{other}' is none of Merge, Replace, Delete."),
        };
        ResourceKinds.CheckTags(all);
        group.Tags = all;
        return ArmReply.Ok(Tags(group));
    }

    private static JsonObject Merged(JsonObject before, JsonObject tags)
    {
        var all = (JsonObject)before.DeepClone();
        foreach (var (key, value) in tags) all[key] = value?.DeepClone();
        return all;
    }

    private static JsonObject Tags(StoredGroup group) => new()
    {
        ["id"] = $"{group.Id}/providers/Microsoft.Resources/tags/default", ["name"] = "default",
        ["type"] = "Microsoft.Resources/tags",
        ["properties"] = new JsonObject { ["tags"] = group.Tags.DeepClone() },
    };

    private ArmReply PutLock(ArmCall call)
    {
        var group = state.UsableGroup(call.Subscription, call["group"]);
        if (ResourceKinds.Walk(call.Body, "properties.level")?.ToString() is not ("CanNotDelete" or "ReadOnly"))
        {
            throw new ArmRefusal(400, "InvalidRequestContent", "properties.level must be CanNotDelete or ReadOnly.");
        }
        var isNew = !group.Locks.ContainsKey(call["name"]);
        group.Locks[call["name"]] = new JsonObject
        {
            ["id"] = $"{group.Id}/providers/Microsoft.Authorization/locks/{call["name"]}", ["name"] = call["name"],
            ["type"] = "Microsoft.Authorization/locks", ["properties"] = call.Body["properties"]!.DeepClone(),
        };
        return new ArmReply(isNew ? 201 : 200, group.Locks[call["name"]].DeepClone());
    }

    private JsonObject Lock(ArmCall call) =>
        state.Group(call.Subscription, call["group"]).Locks.GetValueOrDefault(call["name"])
            ?? throw new ArmRefusal(404, "LockNotFound", $"The lock '{call["name"]}' was not found.");

    private ArmReply DeleteLock(ArmCall call) => state.Group(call.Subscription, call["group"]).Locks
        .Remove(call["name"]) ? new ArmReply(200) : new ArmReply(204);

    private ArmRefusal Unknown(ArmCall call, string key)
    {
        state.Violation($"{call.Path}: unknown property {key}");
        return new ArmRefusal(
            400, "InvalidRequestContent",
            $"The request content was invalid and could not be deserialized: 'Could not find member '{key}' on object of type 'ResourceGroupDefinition'.'");
    }

    [GeneratedRegex(
        @"^tagName eq '(?<name>[^']+)'(?: and tagValue eq '(?<value>(?:[^']|'')*)')?$", RegexOptions.IgnoreCase)]
    private static partial Regex TagFilter();

    [GeneratedRegex(@"^[-\w._()]{0,89}[-\w_()]$")]
    private static partial Regex NamePattern();
}
