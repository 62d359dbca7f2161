using System.Text.Json.Nodes;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.Catalog;

/// <summary>Takes descriptors into the catalog: what an action that registers something needs of it.</summary>
public interface ICatalogWriter
{
    /// <summary>
    /// Creates or updates the entities of a descriptor file, all or none, with their relations and the record of it.
    /// Registering the same again changes nothing. Conflict (<c>entity-exists</c>) when an entity of that name comes
    /// from another location.
    /// </summary>
    Task<Result<IReadOnlyList<EntityRef>>> RegisterAsync(
        RegisterDescriptor request, Actor actor, CancellationToken cancellation);

    /// <summary>Which entities would be new, and the first that could not be registered. Changes nothing.</summary>
    Task<NameLook> LookAsync(RegisterDescriptor request, Actor actor, CancellationToken cancellation);

    /// <summary>Removes the entities that came from the location; none is fine.</summary>
    /// <param name="run">Only those that this run registered; null = all.</param>
    /// <param name="of">
    /// The repository that the location is in: it may have another name, and the location another address, by now.
    /// </param>
    Task<Result<int>> UnregisterAsync(
        string location, Actor actor, CancellationToken cancellation, Guid? run = null, NamedRepository? of = null);

    /// <summary>What is registered from the location, so that it can be brought back; null when nothing is.</summary>
    /// <param name="of">As at <see cref="UnregisterAsync"/>.</param>
    Task<RegisterDescriptor?> FindRegistrationAsync(string location, CancellationToken cancellation,
        NamedRepository? of = null);

    /// <summary>The entity's descriptor as JSON; null when there is none.</summary>
    Task<JsonObject?> FindDescriptorAsync(EntityRef entity, CancellationToken cancellation);
}

/// <summary>A repository by the name that somebody knows it by.</summary>
public sealed record NamedRepository(string Provider, string Name);

/// <param name="Text">YAML, one or several documents.</param>
/// <param name="Location">
/// Where it was read: <c>url:…</c>, <c>file:…</c> or <c>portal:…</c>. The identity of a registration; of a file in a
/// repository that is the repository and the path, whatever address they have.
/// </param>
/// <param name="Provider">Instance and name of the repository that it was read from, if it was.</param>
/// <param name="RunId">The run that made it.</param>
public sealed record RegisterDescriptor(
    string Text, string Location, string? Provider = null, string? Repository = null, Guid? RunId = null,
    RunProvenance? Provenance = null,
    bool IsSample = false)
{
    /// <summary>The row of the repository; null: the one that has the name.</summary>
    public Guid? RepositoryId { get; init; }

    /// <summary>The file in the repository; null: what the location says.</summary>
    public string? RepositoryPath { get; init; }

    /// <summary>Texts of the files that the descriptor includes (<c>$text</c>), by the path that it writes.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>What the catalog had before, its includes in it: it may be as large as what was taken then.</summary>
    public bool IsRestored { get; init; }
}
