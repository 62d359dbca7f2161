using System.Text.Json.Nodes;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Actions;

/// <summary><c>catalog:write</c>: writes a descriptor into the workspace.</summary>
public sealed class CatalogWrite : IAction
{
    private const string SourceTemplate = "backstage.io/source-template";

    public ActionDescription Description { get; } = new(
        "catalog:write", "Writes an entity's descriptor into the workspace.",
        ActionSchema.Parse("""
        {
          "type": "object", "required": ["entity"], "additionalProperties": false,
          "properties": {
            "filePath": { "type": "string", "minLength": 1, "title": "Path", "description": "In the workspace.", "default": "catalog-info.yaml" },
            "entity": { "type": "object", "title": "Entity", "description": "The descriptor." }
          }
        }
        """),
        ActionSchema.Nothing,
        [new ActionExample("Write a component", """
            id: descriptor
            action: catalog:write
            input:
              entity:
                apiVersion: backstage.io/v1alpha1
                kind: Component
                metadata:
                  name: ${{ parameters.name }}
                spec:
                  type: service
                  lifecycle: production
                  owner: ${{ parameters.owner }}
            """)]);

    public Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        var entity = context.Input["entity"]!.DeepClone().AsObject();
        if (context.Provenance is { } provenance && entity["metadata"] is JsonObject metadata)
        {
            if (metadata["annotations"] is not JsonObject annotations) metadata["annotations"] = annotations = [];
            annotations.TryAdd(SourceTemplate, JsonValue.Create(provenance.Template));
        }
        var path = context.Input.Text("filePath") ?? "catalog-info.yaml";
        context.Workspace.Put(path, Yaml.Write(entity));
        context.Log($"Wrote {path}.");
        return Task.CompletedTask;
    }
}
