using System.Text.Json.Nodes;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.Catalog;

/// <summary>Takes descriptors into the catalog: what an action that registers something needs of it.</summary>
public interface ICatalogWriter
{
    /// <summary>
    /// Creates or updates the entities of a descriptor file, all or none, with their relations and the record of it. Registering
    /// the same again changes nothing. Conflict (<c>entity-exists</c>) when an entity of that name comes from another location.
    /// </summary>
    Task<Result<IReadOnlyList<EntityRef>>> RegisterAsync(RegisterDescriptor request, Actor actor, CancellationToken cancellation);

    /// <summary>Removes the entities that came from the location; none is fine.</summary>
    /// <param name="run">Only those that this run registered; null = all.</param>
    Task<Result<int>> UnregisterAsync(string location, Actor actor, CancellationToken cancellation, Guid? run = null);

    /// <summary>What is registered from the location, so that it can be brought back; null when nothing is.</summary>
    Task<RegisterDescriptor?> FindRegistrationAsync(string location, CancellationToken cancellation);

    /// <summary>The entity's descriptor as JSON; null when there is none.</summary>
    Task<JsonObject?> FindDescriptorAsync(EntityRef entity, CancellationToken cancellation);
}

/// <param name="Text">YAML, one or several documents.</param>
/// <param name="Location">Where it was read: <c>url:…</c>, <c>file:…</c> or <c>portal:…</c>. The identity of a registration.</param>
/// <param name="Provider">Instance and name of the repository that it was read from, if it was.</param>
/// <param name="RunId">The run that made it.</param>
public sealed record RegisterDescriptor(
    string Text, string Location, string? Provider = null, string? Repository = null, Guid? RunId = null, RunProvenance? Provenance = null,
    bool IsSample = false)
{
    /// <summary>Texts of the files that the descriptor includes (<c>$text</c>), by the path that it writes.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>What the catalog had before, its includes in it: it may be as large as what was taken then.</summary>
    public bool IsRestored { get; init; }
}
