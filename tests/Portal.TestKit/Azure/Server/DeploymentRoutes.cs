using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.TestKit.Azure.Templates;

namespace Portal.TestKit.Azure.Server;

internal sealed partial class DeploymentRoutes(WorldState state)
{
    private const string Group =
        "/subscriptions/{subscription}/resourcegroups/{group}/providers/Microsoft.Resources/deployments";
    private const string Base = "Microsoft.Resources/deployments";

    private static readonly string[] Versions = ["2021-04-01", "2022-09-01", "2024-03-01"];
    private static readonly string[] Allowed =

        [
            "template", "templateLink", "parameters", "parametersLink", "mode", "debugSetting", "onErrorDeployment",
            "expressionEvaluationOptions", "whatIfSettings", "validationLevel"
        ];

    private readonly DeploymentRunner runner = new(state, CancellationToken.None);

    public IEnumerable<ArmRoute> All =>
    [
        new(AzureRoutes.ListDeployments, "GET", Group, Versions, Base + "/read", call => ArmReply.List(
            state.Group(call.Subscription, call["group"]).Deployments.Values.Select(d => d.Describe()))),
        new(AzureRoutes.PutDeployment, "PUT", Group + "/{name}", Versions, Base + "/write", Put),
        new(
            AzureRoutes.GetDeployment, "GET", Group + "/{name}", Versions, Base + "/read",
            call => ArmReply.Ok(Find(call).Describe())),
        new(
            AzureRoutes.ListOperations, "GET", Group + "/{name}/operations", Versions, Base + "/operations/read",
            Operations),
        new(
            AzureRoutes.ExportTemplate, "POST", Group + "/{name}/exportTemplate", Versions,
            Base + "/exportTemplate/action",
            call => ArmReply.Ok(new JsonObject { ["template"] = Find(call).Template.DeepClone() })),
        new(
            AzureRoutes.OperationStatus, "GET", Group + "/{name}/operationStatuses/{operation}", Versions,
            Base + "/operationstatuses/read", Status),
        new(
            AzureRoutes.WhatIf, "POST", Group + "/{name}/whatIf", Versions, Base + "/whatIf/action",
            call => WhatIf(call, state.UsableGroup(call.Subscription, call["group"]))),
        new(
            AzureRoutes.WhatIf, "POST",
            "/subscriptions/{subscription}/providers/Microsoft.Resources/deployments/{name}/whatIf", Versions,
            Base + "/whatIf/action", call => WhatIf(call, null)),
    ];

    private ArmReply Put(ArmCall call)
    {
        var (name, body) = (call["name"], call.Body);
        Check(call, isInGroup: true);
        var group = state.UsableGroup(call.Subscription, call["group"]);
        if (group.Deployments.TryGetValue(name, out var before) && before.IsActive)
        {
            throw new ArmRefusal(
                409, "DeploymentActive",
                $"Unable to edit or replace deployment '{name}': previous deployment from '{before.Timestamp}' is still active (expiration time is '2026-12-01T00:00:00.0000000Z'). Please see https://aka.ms/arm-deploy for usage details.");
        }
        var plan = Plan(body, Target(call.Subscription, group));
        runner.Preflight(plan, group.Location);
        var values = (JsonObject)plan.Values.DeepClone();
        var scope = new TemplateScope(plan.Template, plan.Values, plan.Target);
        foreach (var (parameter, _) in plan.Template["parameters"] as JsonObject ?? []) values[parameter] ??=
            scope.Parameter(parameter);
        var id = $"{group.Id}/providers/Microsoft.Resources/deployments/{name}";
        var made = new StoredDeployment(
            id, name, body["tags"]?.DeepClone() as JsonObject, (JsonObject)plan.Template.DeepClone(), values);
        group.Deployments[name] = made;
        state.Ledger.Note(new AzureThing(AzureThing.Deployment, $"{group.Name}/{name}", null));
        runner.Start(group, made, plan);
        var status = call.Link($"{id}/operationStatuses/{Guid.NewGuid():N}", "2022-09-01");
        return new ArmReply(
            before is null ? 201 : 200, made.Describe(), ("Azure-AsyncOperation", status),
            ("Retry-After", $"{state.Rules.RetryAfterSeconds}"));
    }

    private ArmReply Operations(ArmCall call)
    {
        var deployment = Find(call);
        var all = deployment.Operations.Select(o => o.Describe(deployment.Id)).ToList();
        // The last one works the outputs out, and names no resource.
        if (!deployment.IsActive)
        {
            all.Add(new JsonObject
            {
                ["id"] = $"{deployment.Id}/operations/outputs", ["operationId"] = "outputs",
                ["properties"] = new JsonObject
                {
                    ["provisioningOperation"] = "EvaluateDeploymentOutput", ["provisioningState"] = deployment.State,
                    ["timestamp"] = deployment.Timestamp
                },
            });
        }
        return ArmReply.List(all);
    }

    private ArmReply Status(ArmCall call)
    {
        var deployment = Find(call);
        var status = new JsonObject { ["status"] = deployment.State };
        if (deployment.Error is not null) status["error"] = deployment.Error.DeepClone();
        return ArmReply.Ok(status) with { Headers = [("Retry-After", $"{state.Rules.RetryAfterSeconds}")] };
    }

    private ArmReply WhatIf(ArmCall call, StoredGroup? group)
    {
        Check(call, isInGroup: group is not null);
        var plan = Plan(call.Body, Target(call.Subscription, group));
        runner.Preflight(plan, group?.Location ?? call.Body["location"]!.ToString());
        var changes = new WhatIfChanges(state).Of(plan);
        return state.Begin(call, state.Rules.OperationTime, new JsonObject
        {
            ["status"] = "Succeeded",
            ["properties"] = new JsonObject { ["correlationId"] = Guid.NewGuid().ToString(), ["changes"] = changes }
        });
    }

    private StoredDeployment Find(ArmCall call) =>
        state.Group(call.Subscription, call["group"]).Deployments.GetValueOrDefault(call["name"])
            ?? throw new ArmRefusal(404, "DeploymentNotFound", $"Deployment '{call["name"]}' could not be found.");

    private void Check(ArmCall call, bool isInGroup)
    {
        if (!NamePattern().IsMatch(call["name"])) throw new ArmRefusal(
            400, "InvalidDeploymentName",
            $"The deployment name '{call["name"]}' is invalid: 1 to 64 letters, digits, '-', '.', '_', '(', ')'.");
        foreach (var (key, _) in call.Body)
        {
            if (key is "properties" or "tags" || key == "location" && !isInGroup) continue;
            state.Violation($"{call.Path}: {key} must not be there");
            throw key == "location"
                ? new ArmRefusal(
                    400, "InvalidDeployment",
                    $"The 'location' property is not allowed for '{call["name"]}' at resource group scope. Please see https://aka.ms/deploy-to-subscription for usage details.")
                : new ArmRefusal(
                    400, "InvalidRequestContent",
                    $"The request content was invalid and could not be deserialized: 'Could not find member '{key}' on object of type 'DeploymentContent'.'");
        }
        if (!isInGroup && call.Body["location"] is null)
        {
            throw new ArmRefusal(400, "LocationRequired", "The location property is required for this deployment.");
        }
        if (call.Body["properties"] is not JsonObject properties
            || properties["mode"]?.ToString() is not ("Incremental" or "Complete"))
        {
            throw new ArmRefusal(400, "InvalidRequestContent", "properties.mode must be Incremental or Complete.");
        }
        foreach (var (key, _) in properties)
        {
            if (Allowed.Contains(key)) continue;
            state.Violation($"{call.Path}: properties.{key} is unknown");
            throw new ArmRefusal(
                400, "InvalidRequestContent",
                $"The request content was invalid and could not be deserialized: 'Could not find member '{key}' on object of type 'DeploymentProperties'.'");
        }
        ResourceKinds.CheckTags(call.Body["tags"] as JsonObject ?? []);
    }

    private static TemplatePlan Plan(JsonObject body, TemplateTarget target) => TemplatePlan.Read(
        body["properties"]!["template"] as JsonObject ?? throw new ArmRefusal(
            400, "InvalidRequestContent", "properties.template is required."),
        body["properties"]!["parameters"] as JsonObject ?? [], target);

    private static TemplateTarget Target(string subscription, StoredGroup? group) =>
        new(subscription, AzureWorld.TenantId, group?.Name, group?.Location ?? "westeurope", null);

    [GeneratedRegex(@"^[-\w._()]{1,64}$")]
    private static partial Regex NamePattern();
}
