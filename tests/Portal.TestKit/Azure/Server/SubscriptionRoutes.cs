using System.Text.Json.Nodes;

namespace Portal.TestKit.Azure.Server;

internal sealed class SubscriptionRoutes(WorldState state)
{
    public static readonly string[] Versions = ["2021-04-01", "2022-09-01", "2022-12-01", "2024-03-01"];

    public IEnumerable<ArmRoute> All =>
    [
        new(
            AzureRoutes.GetSubscription, "GET", "/subscriptions/{subscription}", Versions,
            "Microsoft.Resources/subscriptions/read", Get),
        new(
            AzureRoutes.Permissions, "GET",
            "/subscriptions/{subscription}/providers/Microsoft.Authorization/permissions", ["2022-04-01"],
            "Microsoft.Authorization/permissions/read", Permissions),
        new(
            AzureRoutes.GetProvider, "GET", "/subscriptions/{subscription}/providers/{namespace}", Versions,
            "Microsoft.Resources/subscriptions/providers/read", Provider),
        new(
            AzureRoutes.RegisterProvider, "POST", "/subscriptions/{subscription}/providers/{namespace}/register",
            Versions, "Microsoft.Resources/subscriptions/providers/register/action", Register),
        new(
            AzureRoutes.OperationResult, "GET", "/subscriptions/{subscription}/operationresults/{id}", Versions,
            "Microsoft.Resources/subscriptions/operationresults/read", Result),
        new(
            AzureRoutes.OperationStatus, "GET", "/subscriptions/{subscription}/operationstatuses/{id}",
            [.. Versions, "2024-08-01"], "Microsoft.Resources/subscriptions/operationresults/read", Status),
    ];

    private ArmReply Get(ArmCall call) => ArmReply.Ok(new JsonObject
    {
        ["id"] = $"/subscriptions/{call.Subscription}", ["subscriptionId"] = call.Subscription,
        ["tenantId"] = AzureWorld.TenantId, ["displayName"] = "Shop development",
        ["state"] = state.Rules.SubscriptionState,
        ["subscriptionPolicies"] = new JsonObject { ["quotaId"] = "PayAsYouGo_2014-09-01", ["spendingLimit"] = "Off" },
    });

    private ArmReply Permissions(ArmCall call)
    {
        var permission = new JsonObject
        {
            ["actions"] = new JsonArray("*"),
            ["notActions"] = new JsonArray([.. state.Rules.Forbidden.Select(a => (JsonNode)a)]),
            ["dataActions"] = new JsonArray(), ["notDataActions"] = new JsonArray(),
        };
        return ArmReply.List([permission]);
    }

    private ArmReply Provider(ArmCall call)
    {
        var name = ResourceKinds.Namespaces.FirstOrDefault(
            n => n.Equals(call["namespace"], StringComparison.OrdinalIgnoreCase))
            ?? throw new ArmRefusal(
                404, "InvalidResourceNamespace", $"The resource namespace '{call["namespace"]}' is invalid.");
        var types = ResourceKinds.Of(name).Select(k => (JsonNode)new JsonObject
        {
            ["resourceType"] = k.Type, ["locations"] = new JsonArray("West Europe"),
            ["apiVersions"] = new JsonArray([.. k.Kind.Versions.Select(v => (JsonNode)v)]),
        });
        return ArmReply.Ok(new JsonObject
        {
            ["id"] = $"/subscriptions/{call.Subscription}/providers/{name}", ["namespace"] = name,
            ["registrationState"] = state.Rules.Unregistered.Contains(name) ? "NotRegistered" : "Registered",
            ["resourceTypes"] = new JsonArray([.. types]),
        });
    }

    private ArmReply Register(ArmCall call)
    {
        state.Rules.Unregistered.Remove(call["namespace"]);
        return Provider(call);
    }

    private ArmReply Result(ArmCall call)
    {
        var (until, result) = Operation(call);
        if (state.Now() < until)
        {
            return new ArmReply(
                202, null, ("Location", call.Link(call.Path, "2022-09-01")),
                ("Retry-After", $"{state.Rules.RetryAfterSeconds}"));
        }
        return new ArmReply(200, result?.DeepClone());
    }

    private ArmReply Status(ArmCall call) =>
        ArmReply.Ok(new JsonObject { ["status"] = state.Now() < Operation(call).Until ? "InProgress" : "Succeeded" })
            with { Headers = [("Retry-After", $"{state.Rules.RetryAfterSeconds}")] };

    private (DateTimeOffset Until, JsonNode? Result) Operation(ArmCall call) =>
        state.Operations.TryGetValue(call["id"], out var operation)
            ? operation
            : throw new ArmRefusal(404, "OperationNotFound", "The operation could not be found.");
}

internal static class LongRunning
{
    /// <summary>202, with where to ask.</summary>
    public static ArmReply Begin(
        this WorldState state, ArmCall call, TimeSpan time, JsonNode? result, bool byStatus = false)
    {
        var id = Guid.NewGuid().ToString("N");
        state.Operations[id] = (state.Now() + time, result);
        var link = call.Link(
            $"/subscriptions/{call.Subscription}/{(byStatus ? "operationstatuses" : "operationresults")}/{id}",
            "2022-09-01");
        return new ArmReply(
            202, null, (byStatus ? "Azure-AsyncOperation" : "Location", link),
            ("Retry-After", $"{state.Rules.RetryAfterSeconds}"));
    }
}
