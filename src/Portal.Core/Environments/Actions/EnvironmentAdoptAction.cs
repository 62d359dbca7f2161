using Portal.Core.Catalog.Actions;
using Portal.Core.Environments.Actions.Operations;
using Portal.Core.Providers;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.Environments.Actions;

/// <summary><c>environment:adopt</c>.</summary>
public sealed class EnvironmentAdoptAction(
    ProviderRegistry providers, EnvironmentAdoptEffect effect, EnvironmentRules rules, IEnvironmentRecords records,
    EnvironmentSubjects subjects) : IAction
{
    public const string Id = "environment:adopt";

    public ActionDescription Description { get; } = new(
        Id, "Takes over an environment that exists at a provider already. Nothing in it is made anew.",
        ActionSchema.Parse($$"""
        {
          "type": "object", "required": ["externalId", "repository"], "additionalProperties": false,
          "properties": {
            "externalId": { "type": "string", "minLength": 1, "title": "External id",
              "description": "The provider's id of what is adopted." },
            "provider": { "type": "string", "minLength": 1, "title": "Provider",
              "description": "The instance that has it; the first that can adopt unless given." },
            "repository": { "type": "string", "minLength": 1, "title": "Repository",
              "description": "organisation/name of its component, or the address to clone it from." },
            "component": { "type": "string", "minLength": 1, "title": "Component",
              "description": "Entity reference; component:default/<repository name> unless given." },
            "name": { "type": "string", "pattern": "{{EnvironmentNames.Pattern}}", "title": "Name",
              "description": "Unique for the component: lower-case letters, digits, dashes.", "default": "dev" },
            "type": {{EnvironmentTypes.Schema}},
            "reason": {{EnvironmentReasons.Schema}}
          }
        }
        """),
        ActionSchema.Parse("""
        {
          "type": "object",
          "properties": {
            "environment": { "type": "string", "title": "Id of the environment" },
            "environmentUrl": { "type": "string", "title": "Its page" },
            "url": { "type": "string", "title": "Where it answers" }
          }
        }
        """),
        [new ActionExample("Adopt a resource group", """
            id: environment
            name: Adopt the test environment
            action: environment:adopt
            input:
              provider: azure
              externalId: /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/orders-test
              repository: orders/orders
              name: test
              type: test
            """)]);

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        var input = context.Input;
        if (context.IsUnknown("repository") || context.IsUnknown("name") || context.IsUnknown("externalId")
            || context.IsUnknown("provider"))
        {
            context.LeaveToRun(Description, "Adopt", "environment", Host(null).Instance);
            return;
        }
        var host = Host(input.Text("provider"));
        var repository = HostedRepository.Of(providers, input.Text("repository")!);
        var component = context.Component(repository.Name);
        var name = input.Text("name") ?? "dev";
        var asked = new IntendedEnvironment(
            EnvironmentChange.Adopted, OperationName.Adopt, component, name, input.Text("type") ?? "dev")
        {
            Reason = input.Text("reason"), AdoptedFrom = input.Text("externalId"),
        };
        if (context.Knows("type", "reason")) rules.Demand(asked);
        if (!context.IsPlan) await RefuseAsync(context, component, name, cancellation);
        var args = new EnvironmentAdoptArgs(
            host.Instance, repository.Host.Instance, EnvironmentIds.Of(context.RunId, component, name),
            input.Text("externalId")!, name, asked.Type,
            repository.Name, component.ToString(), asked.Reason, context.Actor.DisplayName, context.RunId);
        var applied = await context.ApplyAsync(effect, host.Instance, "environment", args, cancellation);
        context.TakeOutputs(applied.Outputs);
    }

    /// <summary>A template may leave the id to who fills in its form, so what counts is who that is.</summary>
    private async Task RefuseAsync(
        ActionContext context, EntityRef component, string name, CancellationToken cancellation)
    {
        if (await subjects.WhyNotAdoptAsync(context.Actor, cancellation) is { } refused)
        {
            throw new ActionFailedException(refused.Message);
        }
        if (await records.FindAsync(component, name, cancellation) is { } taken && taken.RunId != context.RunId)
        {
            throw new ProviderException(EnvironmentErrors.NameTaken(taken, component.Name));
        }
    }

    private IEnvironmentAdoption Host(string? instance) => instance is not null
        ? providers.Get<IEnvironmentAdoption>(instance)
        : providers.All<IEnvironmentAdoption>().FirstOrDefault()
            ?? throw new ActionFailedException(
                "No provider that is set up can adopt environments. See Portal:Providers.");
}
