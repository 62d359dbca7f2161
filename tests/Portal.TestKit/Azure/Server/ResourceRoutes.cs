using System.Text.Json.Nodes;

namespace Portal.TestKit.Azure.Server;

internal sealed class ResourceRoutes(WorldState state)
{
    private const string Group = "/subscriptions/{subscription}/resourcegroups/{group}";
    private const string One = Group + "/providers/{provider}/{type}/{name}";

    public IEnumerable<ArmRoute> All =>
    [
        new(
            AzureRoutes.ListResources, "GET", "/subscriptions/{subscription}/resources", ["2021-04-01", "2022-09-01"],
            "Microsoft.Resources/subscriptions/resources/read", ListAll),
        new(
            AzureRoutes.ListResources, "GET", Group + "/resources", ["2021-04-01", "2022-09-01"],
            "Microsoft.Resources/subscriptions/resourceGroups/resources/read", List),
        new(
            AzureRoutes.GetRevision, "GET",
            Group + "/providers/Microsoft.App/containerApps/{name}/revisions/{revision}",
            ResourceKinds.VersionsOf("Microsoft.App/containerApps"), "Microsoft.App/containerApps/revisions/read",
            Revision),
        new(
            AzureRoutes.ListInstances, "GET", Group + "/providers/Microsoft.Web/sites/{name}/instances",
            ResourceKinds.VersionsOf("Microsoft.Web/sites"), "Microsoft.Web/sites/instances/read", Instances),
        new(AzureRoutes.StopResource, "POST", One + "/stop", [], "stop/action", call => Switch(call, stopped: true)),
        new(
            AzureRoutes.StartResource, "POST", One + "/start", [], "start/action",
            call => Switch(call, stopped: false)),
        new(
            AzureRoutes.GetResource, "GET", One, [], "resources/read",
            call => ArmReply.Ok(Describe(Find(call, call["provider"], call["type"])))),
    ];

    private ArmReply List(ArmCall call) =>
        ArmReply.List(state.Group(call.Subscription, call["group"]).Resources.Values.Select(Short));

    private ArmReply ListAll(ArmCall call) =>
        ArmReply.List(state.Groups.Values.Where(g => g.Subscription.Equals(
            call.Subscription, StringComparison.OrdinalIgnoreCase)).SelectMany(g => g.Resources.Values).Select(Short));

    private static JsonObject Short(StoredResource resource) => new()
    {
        ["id"] = resource.Id, ["name"] = resource.Name, ["type"] = resource.Type,
        ["location"] = resource.Raw["location"]?.DeepClone(), ["tags"] = resource.Raw["tags"]?.DeepClone(),
    };

    private ArmReply Revision(ArmCall call)
    {
        var app = Find(call, "Microsoft.App", "containerApps");
        return ArmReply.Ok(AppHost.DescribeRevision(app, call["revision"]) ?? throw new ArmRefusal(
            404, "RevisionNotFound", $"The revision '{call["revision"]}' was not found."));
    }

    private ArmReply Instances(ArmCall call)
    {
        var site = Find(call, "Microsoft.Web", "sites");
        return ArmReply.List(site.IsStopped ? [] : [new JsonObject
        {
            ["name"] = "i1", ["properties"] = new JsonObject { ["state"] = site.Serves is null ? "STOPPED" : "READY" }
        }]);
    }

    private ArmReply Switch(ArmCall call, bool stopped)
    {
        var resource = Find(call, call["provider"], call["type"]);
        resource.IsStopped = stopped;
        // Web apps are switched at once, the others take a while.
        if (AppHost.IsSite(resource.Type)) return new ArmReply(200);
        return state.Begin(call, state.Rules.OperationTime, null, byStatus: !AppHost.IsContainerApp(resource.Type));
    }

    private StoredResource Find(ArmCall call, string provider, string type)
    {
        var group = state.Group(call.Subscription, call["group"]);
        return group.Resources.GetValueOrDefault($"{group.Id}/providers/{provider}/{type}/{call["name"]}")
            ?? throw ArmRefusal.NoResource($"{provider}/{type}", call["name"], group.Name);
    }

    private static JsonObject Describe(StoredResource resource)
    {
        var described = (JsonObject)resource.Raw.DeepClone();
        (described["id"], described["name"], described["type"]) = (resource.Id, resource.Name, resource.Type);
        if (described["properties"] is JsonObject properties && resource.IsStopped)
        {
            if (AppHost.IsSite(resource.Type)) properties["state"] = "Stopped";
            if (AppHost.IsContainerApp(resource.Type)) properties["runningStatus"] = "Stopped";
        }
        return described;
    }
}
