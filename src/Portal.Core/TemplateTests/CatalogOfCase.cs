using System.Text.Json.Nodes;
using Portal.Core.Catalog;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.TemplateTests;

/// <summary>
/// The catalog that a case of a template test describes: a test needs no database, and finds the same on every machine.
/// </summary>
internal sealed class CatalogOfCase : ICatalogWriter
{
    private readonly Dictionary<EntityRef, JsonObject> entities = [];

    /// <summary>Replaces what was there.</summary>
    public void Fill(IEnumerable<JsonObject> descriptors)
    {
        entities.Clear();
        foreach (var descriptor in descriptors)
        {
            var metadata = descriptor["metadata"] as JsonObject;
            if (TemplateManifest.Text(descriptor, "kind") is { } kind
                && TemplateManifest.Text(metadata, "name") is { } name)
            {
                entities[new EntityRef(
                    kind, TemplateManifest.Text(metadata, "namespace") ?? EntityRef.DefaultNamespace,
                    name)] = descriptor;
            }
        }
    }

    public Task<JsonObject?> FindDescriptorAsync(EntityRef entity, CancellationToken cancellation) =>
        Task.FromResult(entities.GetValueOrDefault(entity)?.DeepClone().AsObject());

    public Task<RegisterDescriptor?> FindRegistrationAsync(
        string location, CancellationToken cancellation, NamedRepository? of = null) =>
        throw new InvalidOperationException("A plan looks up no registration.");

    public Task<Result<IReadOnlyList<EntityRef>>> RegisterAsync(
        RegisterDescriptor request, Actor actor, CancellationToken cancellation) =>
        throw new InvalidOperationException("A plan registers nothing.");

    public Task<NameLook> LookAsync(RegisterDescriptor request, Actor actor, CancellationToken cancellation) =>
        Task.FromResult(NameLook.None);

    public Task<Result<int>> UnregisterAsync(
        string location, Actor actor, CancellationToken cancellation, Guid? run = null, NamedRepository? of = null) =>
        throw new InvalidOperationException("A plan unregisters nothing.");
}
