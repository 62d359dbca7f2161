using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Actions;

/// <summary><c>catalog:propose</c>.</summary>
public sealed class CatalogPropose(ProviderRegistry providers, CatalogProposeEffect effect) : IAction
{
    public const string Id = "catalog:propose";

    /// <summary>Where the descriptor is put.</summary>
    public const string Path = "catalog-info.yaml";

    public ActionDescription Description { get; } = new(
        Id, "Proposes a catalog-info.yaml to a repository, as a pull request.",
        ActionSchema.Parse("""
        {
          "type": "object", "required": ["repository", "entity"], "additionalProperties": false,
          "properties": {
            "repository": { "type": "string", "minLength": 1, "title": "Repository", "description": "organisation/name, or the address to clone it from." },
            "entity": { "type": "object", "title": "Entity", "description": "The descriptor." },
            "reason": { "type": "string", "maxLength": 500, "title": "Reason", "description": "Why this owner, for who reads the pull request." }
          }
        }
        """),
        ActionSchema.Parse("""
        {
          "type": "object",
          "properties": {
            "pullRequest": { "type": "integer", "title": "Its number" },
            "pullRequestUrl": { "type": "string", "title": "Its page" }
          }
        }
        """),
        [new ActionExample("Propose a component", """
            id: propose
            action: catalog:propose
            input:
              repository: shop/orders
              entity:
                apiVersion: backstage.io/v1alpha1
                kind: Component
                metadata:
                  name: orders
                spec:
                  type: service
                  lifecycle: production
                  owner: group:default/orders
            """)]);

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        if (context.IsUnknown("repository") || Runs.JsonValues.HoldsUnknown(context.Input["entity"]))
        {
            context.LeaveToRun(Description, "Open", "pull request", "the repository's host");
            return;
        }
        var repository = HostedRepository.Of(providers, context.Input.Text("repository")!);
        if (providers.Find<IPullRequestHost>(repository.Host.Instance) is not { } host)
        {
            throw new ActionFailedException(
                $"{repository.Host.Instance} takes no pull requests. Add {Path} to {repository.Name} by hand.");
        }
        var text = Yaml.Write(context.Input["entity"] as JsonObject);
        if (Core.Entities.Descriptor.ParseAll(text, Path).Error is { } wrong)
        {
            throw ActionFailedException.Wrong($"This is no descriptor: {wrong.Message}");
        }
        var args = new CatalogProposeArgs(
            host.Instance, repository.Name, Path, text, context.Input.Text("reason"), context.Actor.DisplayName);
        var applied = await context.ApplyAsync(effect, host.Instance, "pull-request", args, cancellation);
        context.TakeOutputs(applied.Outputs);
    }
}
