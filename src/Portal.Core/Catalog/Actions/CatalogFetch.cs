using System.Text.Json.Nodes;
using Portal.Core.Access;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Actions;

/// <summary><c>catalog:fetch</c>.</summary>
public sealed class CatalogFetch(ICatalogWriter catalog) : IAction
{
    public ActionDescription Description { get; } = new(
        "catalog:fetch", "Reads entities of the catalog.",
        ActionSchema.Parse("""
        {
          "type": "object", "additionalProperties": false,
          "anyOf": [{ "required": ["entityRef"] }, { "required": ["entityRefs"] }],
          "properties": {
            "entityRef": { "type": "string", "minLength": 1, "title": "Entity", "description": "Entity reference." },
            "entityRefs": { "type": "array", "items": { "type": "string" }, "title": "Entities" },
            "optional": { "type": "boolean", "title": "Optional", "description": "An entity that is not there is fine.", "default": false },
            "defaultKind": { "type": "string", "title": "Default kind", "default": "Component" },
            "defaultNamespace": { "type": "string", "title": "Default namespace", "default": "default" }
          }
        }
        """),
        ActionSchema.Parse("""
        {
          "type": "object",
          "properties": {
            "entity": { "type": "object", "title": "The descriptor of entityRef" },
            "entities": { "type": "array", "items": { "type": "object" }, "title": "The descriptors of entityRefs" }
          }
        }
        """),
        [new ActionExample("Read the system", """
            id: system
            action: catalog:fetch
            input:
              entityRef: ${{ parameters.system }}
            """)]);

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        if (context.IsPlan && (Runs.UnknownValue.Is(context.Input["entityRef"], out _)
            || Runs.JsonValues.HoldsUnknown(context.Input["entityRefs"])))
        {
            (context.Outputs["entity"], context.Outputs["entities"]) =
                (Runs.UnknownValue.Of("the entity"), Runs.UnknownValue.Of("the entities"));
            return;
        }
        if (context.Input.Text("entityRef") is { } one && await FindAsync(context, one, cancellation) is { } entity)
        {
            context.Outputs["entity"] = entity;
        }
        if (!context.Input.ContainsKey("entityRefs")) return;
        var entities = new JsonArray();
        foreach (var reference in context.Input.Texts("entityRefs"))
        {
            entities.Add(await FindAsync(context, reference, cancellation));
        }
        context.Outputs["entities"] = entities;
    }

    private async Task<JsonObject?> FindAsync(ActionContext context, string text, CancellationToken cancellation)
    {
        if (!EntityRef.TryParse(text, context.Input.Text("defaultKind") ?? "Component", out var reference))
        {
            throw ActionFailedException.Wrong($"'{text}' is no entity reference. Write kind:namespace/name.");
        }
        if (!text.Contains('/') && context.Input.Text("defaultNamespace") is { } ns)
        {
            reference = reference.Value with { Namespace = ns };
        }
        await context.DemandAsync([new Runs.RightOnEntity(reference.Value, Permissions.CatalogRead)], cancellation);
        var found = await catalog.FindDescriptorAsync(reference.Value, cancellation);
        if (found is null && !context.Input.Flag("optional"))
        {
            throw new ActionFailedException(
                $"There is no {reference} in the catalog. Register it, choose another, or set 'optional'.");
        }
        return found;
    }
}
