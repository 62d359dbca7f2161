using System.Text.Json.Nodes;
using Portal.Core.Catalog.Actions;
using Portal.Core.Environments.Actions.Operations;
using Portal.Core.Providers;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.Environments.Actions;

/// <summary><c>environment:create</c>.</summary>
public sealed class EnvironmentCreateAction(
    ProviderRegistry providers, EnvironmentCreateEffect effect, EnvironmentRules rules, IEnvironmentRecords records)
    : IAction
{
    public const string Id = "environment:create";

    public ActionDescription Description { get; } = new(
        Id, "Makes an environment that runs what a pipeline built, and waits until it is healthy.",
        ActionSchema.Parse($$"""
        {
          "type": "object", "required": ["repository"], "additionalProperties": false,
          "properties": {
            "repository": { "type": "string", "minLength": 1, "title": "Repository",
              "description": "organisation/name, or the address to clone it from." },
            "component": { "type": "string", "minLength": 1, "title": "Component",
              "description": "Entity reference; component:default/<repository name> unless given." },
            "name": { "type": "string", "pattern": "{{EnvironmentNames.Pattern}}", "title": "Name",
              "description": "Unique for the component: lower-case letters, digits, dashes.", "default": "dev" },
            "type": {{EnvironmentTypes.Schema}},
            "definition": { "type": "string", "minLength": 1, "title": "Definition",
              "description": "The kind of environment; the provider's first unless given." },
            "size": { "type": "string", "minLength": 1, "title": "Size",
              "description": "The definition's smallest unless given." },
            "parameters": { "type": "object", "title": "Parameters",
              "description": "As the definition declares them." },
            "lifetime": { "type": "string", "minLength": 1, "title": "Lifetime",
              "description": "After which it is destroyed: 7d, 12h, or ISO 8601 such as P7D; no end unless given." },
            "pipelineRun": { "type": "string", "minLength": 1, "title": "Pipeline run",
              "description": "Whose artifact named app it runs; the newest of the default branch unless given." },
            "reason": {{EnvironmentReasons.Schema}},
            "followsDefaultBranch": { "type": "boolean", "title": "Follows the default branch",
              "description": "Gets every version whose pipeline passes.", "default": true }
          }
        }
        """),
        ActionSchema.Parse("""
        {
          "type": "object",
          "properties": {
            "environment": { "type": "string", "title": "Id of the environment" },
            "environmentUrl": { "type": "string", "title": "Its page" },
            "url": { "type": "string", "title": "Where it answers" },
            "commit": { "type": "string", "title": "SHA that it runs" }
          }
        }
        """),
        [new ActionExample("Start the dev environment", """
            id: environment
            name: Start the dev environment
            action: environment:create
            input:
              repository: ${{ steps.publish.output.repository }}
              component: ${{ steps.register.output.entityRef }}
              name: dev
              pipelineRun: ${{ steps.pipeline.output.pipelineRun }}
            """)]);

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        var input = context.Input;
        if (context.IsUnknown("repository") || context.IsUnknown("name") || context.IsUnknown("size")
            || context.IsUnknown("definition") || context.IsUnknown("lifetime"))
        {
            context.LeaveToRun(Description, "Create", "environment", providers.Default<IEnvironmentHost>().Instance);
            return;
        }
        var repository = HostedRepository.Of(providers, input.Text("repository")!);
        var host = repository.Beside<IEnvironmentHost>(providers);
        var name = input.Text("name") ?? "dev";
        var component = context.Component(repository.Name);
        var asked = new IntendedEnvironment(
            EnvironmentChange.Created, OperationName.Create, component, name, input.Text("type") ?? "dev")
        {
            Reason = input.Text("reason"), Lifetime = EnvironmentLifetimes.Parse(input.Text("lifetime")),
            Offered = host.Definitions, Definition = input.Text("definition"), Size = input.Text("size"),
            Parameters = input["parameters"] as JsonObject,
        };
        if (context.Knows("type", "reason", "parameters")) rules.Demand(asked);
        var definition = EnvironmentDefinitions.Get(host, asked.Definition);
        var named = context.IsPlan ? null : await records.FindAsync(component, name, cancellation);
        if (named is { } taken && taken.RunId != context.RunId)
        {
            throw new ProviderException(EnvironmentErrors.NameTaken(taken, component.Name));
        }
        var args = new EnvironmentCreateArgs(
            host.Instance, repository.Host.Instance, EnvironmentIds.Of(context.RunId, component, name), name,
            asked.Type, definition.Get(asked.Size).Name, repository.Name, component.ToString(),
            input.Text("pipelineRun"), asked.Lifetime, asked.Reason,
            input.Flag("followsDefaultBranch", otherwise: true),
            context.Actor.DisplayName, context.RunId, definition.Name, asked.Parameters?.DeepClone().AsObject());
        var applied = await context.ApplyAsync(effect, host.Instance, "environment", args, cancellation);
        context.TakeOutputs(applied.Outputs);
    }
}
