using System.Text.Json.Nodes;
using Portal.TestKit.Azure.Templates;

namespace Portal.TestKit.Azure.Server;

/// <summary>
/// Makes the resources of a deployment one after the other, as long as each takes, and stops at the first that fails.
/// </summary>
internal sealed class DeploymentRunner(WorldState state, CancellationToken ends)
{
    /// <summary>Refuses what can be known before anything is made.</summary>
    public void Preflight(TemplatePlan plan, string location)
    {
        foreach (var resource in plan.Resources)
        {
            ResourceKinds.CheckDeclared(resource, location);
            var provider = resource.Type.Split('/')[0];
            if (state.Rules.Unregistered.Contains(provider))
            {
                throw new ArmRefusal(
                    409, "MissingSubscriptionRegistration",
                    $"The subscription is not registered to use namespace '{provider}'. See https://aka.ms/rps-not-found for how to register subscriptions.");
            }
            if (state.Rules.Policies.TryGetValue(resource.Type, out var policy)) throw Policy(resource, policy);
            if (Nested(plan, resource, _ => []) is { } nested) Preflight(nested, location);
        }
    }

    public void Start(StoredGroup group, StoredDeployment deployment, TemplatePlan plan)
    {
        (deployment.State, deployment.Timestamp) = ("Running", state.NowText());
        _ = Task.Run(async () =>
        {
            try
            {
                await RunAsync(group, deployment, plan);
            }
            catch (OperationCanceledException)
            {
                // The world has ended.
            }
        });
    }

    private async Task RunAsync(StoredGroup group, StoredDeployment deployment, TemplatePlan plan)
    {
        foreach (var resource in plan.Resources)
        {
            var operation = new StoredOperation(
                resource.Id, resource.Type, resource.Name) { Timestamp = state.NowText() };
            lock (state.Access) deployment.Operations.Add(operation);
            await Task.Delay(state.Rules.ResourceTime, state.Time, ends);
            lock (state.Access)
            {
                if (group.IsBeingDeleted) return;
                try
                {
                    Make(group, deployment, plan, resource);
                    (operation.State, operation.Timestamp) = ("Succeeded", state.NowText());
                }
                catch (Exception e) when (e is ArmRefusal or TemplateException)
                {
                    (operation.State, operation.Timestamp, operation.Error) = ("Failed", state.NowText(), ErrorOf(e));
                    End(deployment, "Failed", new JsonObject
                    {
                        ["code"] = "DeploymentFailed", ["target"] = deployment.Id,
                        ["message"] =
                            "At least one resource deployment operation failed. Please list deployment operations for details. Please see https://aka.ms/arm-deployment-operations for usage details.",
                        ["details"] = new JsonArray(ErrorOf(e)),
                    });
                    return;
                }
            }
        }
        lock (state.Access)
        {
            try
            {
                deployment.Outputs = plan.Outputs(Look);
                End(deployment, "Succeeded", null);
            }
            catch (TemplateException e)
            {
                End(
                    deployment, "Failed",
                    new JsonObject { ["code"] = "DeploymentOutputEvaluationFailed", ["message"] = e.Message });
            }
        }
    }

    private void End(StoredDeployment deployment, string how, JsonObject? error) =>
        (deployment.State, deployment.Timestamp, deployment.Error) = (how, state.NowText(), error);

    private void Make(StoredGroup group, StoredDeployment deployment, TemplatePlan plan, TemplateResource declared)
    {
        if (state.Rules.Failing.TryGetValue(declared.Type, out var failing))
        {
            throw new ArmRefusal(409, failing.Code, failing.Message);
        }
        if (Nested(plan, declared, Look) is { } nested)
        {
            foreach (var inner in nested.Resources) Make(group, deployment, nested, inner);
            deployment.OutputResources.Add(declared.Id);
            return;
        }
        var body = plan.Evaluate(declared, Look);
        ResourceKinds.CheckBody(declared.Type, declared.Name, body);
        var isNew = !group.Resources.TryGetValue(declared.Id, out var resource);
        resource ??= new StoredResource(declared.Id, declared.Type, declared.Name, body);
        if (isNew)
        {
            group.Resources[declared.Id] = resource;
            state.Ledger.Note(resource.Thing);
        }
        deployment.OutputResources.Add(declared.Id);
        ResourceKinds.Complete(resource, body, group, state.Port);
        try
        {
            if (AppHost.IsApp(declared.Type)) AppHost.Provision(state, resource, body);
        }
        finally
        {
            resource.Raw = body;
        }
        resource.IsStopped = false;
    }

    /// <summary>The template inside a deployment that is itself a resource.</summary>
    public static TemplatePlan? Nested(TemplatePlan plan, TemplateResource resource, Func<string, JsonObject?> look)
    {
        if (!resource.Type.Equals("Microsoft.Resources/deployments", StringComparison.OrdinalIgnoreCase)) return null;
        var properties = (JsonObject)resource.Raw["properties"]!;
        JsonObject given;
        try
        {
            given = (JsonObject)plan.Evaluate(resource, look)["properties"]!["parameters"]!;
        }
        catch (TemplateException)
        {
            // What refers to resources that are not there yet; only their types count now.
            given = new JsonObject(((JsonObject)properties["parameters"]!).Select(p =>
                KeyValuePair.Create<string, JsonNode?>(
                    p.Key, new JsonObject { ["value"] = "00000000-0000-0000-0000-000000000000" })));
        }
        var group = resource.Raw["resourceGroup"]?.ToString();
        return TemplatePlan.Read(
            (JsonObject)properties["template"]!, given,
            group is null ? plan.Target : plan.Target with { Group = group });
    }

    private JsonObject? Look(string id) => state.Resource(id)?.Properties.DeepClone() as JsonObject;

    private static JsonObject ErrorOf(Exception e) => e is ArmRefusal refusal ? refusal.Error() : new JsonObject
    {
        ["code"] = "InvalidTemplate", ["message"] = $"Unable to process template language expressions: '{e.Message}'"
    };

    private static ArmRefusal Policy(TemplateResource resource, string policy) =>
        new(400, "InvalidTemplateDeployment", "The template deployment failed because of policy violation. Please see details for more information.",
            [
                new JsonObject
                {
                    ["code"] = "RequestDisallowedByPolicy", ["target"] = resource.Name,
                    ["message"] =
                        $"Resource '{resource.Name}' was disallowed by policy. Policy identifiers: '[{{\"policyAssignment\":{{\"name\":\"{policy}\",\"id\":\"/subscriptions/x/providers/Microsoft.Authorization/policyAssignments/p\"}}}}]'.",
                    ["additionalInfo"] =
                        new JsonArray(new JsonObject { ["type"] = "PolicyViolation", ["info"] = new JsonObject
                        {
                            ["policyDefinitionDisplayName"] = policy, ["policyAssignmentDisplayName"] = policy
                        } }),
                },
            ]);
}
