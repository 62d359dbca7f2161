using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.Environments.Actions.Operations;

/// <summary>The action of an operation: finds the environment and has it done through the journal.</summary>
public sealed class OperationAction<TOperation>(
    TOperation operation, OperationRecords records, ProviderRegistry providers) : IAction
    where TOperation : EnvironmentOperation
{
    public ActionDescription Description { get; } = DescriptionOf(operation);

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        var input = context.Input;
        if (input.Any(i => UnknownValue.Is(i.Value, out _)))
        {
            context.LeaveToRun(
                Description, operation.Name.Verb, "environment", providers.Default<IEnvironmentHost>().Instance);
            return;
        }
        var id = input.Text("environment")!;
        var row = await records.FindAsync(id, cancellation)
            ?? throw new ProviderException(EnvironmentErrors.NotFound(id));
        var args = operation.ArgsOf(row, input);
        await context.DemandAsync(operation.Needs(args), cancellation);
        if (await records.WhyNotYetAsync(row, operation.Name, context.RunId, cancellation) is { } early)
        {
            throw new ProviderException(early);
        }
        if (row.Status != EnvironmentStatus.Destroyed)
        {
            records.Rules.Demand(IntendedEnvironment.Of(row, operation, args));
        }
        if (operation.AsksHost) providers.Get<IEnvironmentHost>(row.Provider);
        if (await operation.WhyNotAsync(row, input, cancellation) is { } impossible)
        {
            throw new ProviderException(impossible);
        }
        var applied = await context.ApplyAsync(operation, row.Provider, "environment", args, cancellation);
        context.TakeOutputs(applied.Outputs);
    }

    private static ActionDescription DescriptionOf(EnvironmentOperation operation)
    {
        var name = operation.Name;
        var properties = ActionSchema.Parse("""
            { "environment": { "type": "string", "minLength": 1, "title": "Environment", "description": "Its id." } }
            """);
        foreach (var (property, schema) in operation.Input) properties[property] = schema!.DeepClone();
        var input = new JsonObject
        {
            ["type"] = "object", ["required"] = new JsonArray(["environment", .. operation.Required]),
            ["additionalProperties"] = false, ["properties"] = properties,
        };
        string[] example =
        [
            $"id: {name.Word}", $"name: {name.Verb} the environment", $"action: {name.Action}", "input:",
            "  environment: ${{ steps.environment.output.environment }}",
            .. operation.Example.Select(line => $"  {line}"),
        ];
        return new ActionDescription(
            name.Action, operation.Summary, input, Output,
            [new ActionExample($"{name.Verb} an environment", string.Join('\n', example))]);
    }

    private static JsonObject Output => ActionSchema.Parse("""
        {
          "type": "object",
          "properties": {
            "environment": { "type": "string", "title": "Id of the environment" },
            "environmentUrl": { "type": "string", "title": "Its page" },
            "url": { "type": "string", "title": "Where it answers" },
            "commit": { "type": "string", "title": "SHA that it runs" }
          }
        }
        """);
}
