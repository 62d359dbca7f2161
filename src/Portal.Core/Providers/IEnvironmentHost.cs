using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Portal.Core.Shared;

namespace Portal.Core.Providers;

/// <summary>
/// Capability: running environments, made from what a pipeline run left and the repository's <c>score.yaml</c>.
/// </summary>
public interface IEnvironmentHost : IProvider
{
    /// <summary>
    /// One sentence that says where environments run and as whom; null where the host's own pages say it.
    /// </summary>
    string? RunsAs => null;

    /// <summary>
    /// True: every change of every environment is told through <see cref="IProviderEvents"/> and none is lost. False:
    /// the portal also asks, once a minute.
    /// </summary>
    bool TellsAll => false;

    /// <summary>The kinds of environments on offer, the default first; at least one.</summary>
    IReadOnlyList<EnvironmentDefinition> Definitions { get; }

    /// <summary>False where <see cref="PlanAsync"/> never has an answer, so that nobody need ask.</summary>
    bool CanPlan => true;

    /// <summary>
    /// What the host says it would change for this request, without changing it; null where it cannot tell. A look, not
    /// a promise: it needs the host, and may be wrong where the host is.
    /// </summary>
    Task<EnvironmentPlan?> PlanAsync(CreateEnvironment request, CancellationToken cancellation) =>
        Task.FromResult<EnvironmentPlan?>(null);

    /// <summary>
    /// Makes the environment and waits until it is healthy. When it does not become healthy, throws with the end of its
    /// log in the message and leaves nothing behind. The same <see cref="CreateEnvironment.Mark"/> again returns what
    /// it made before.
    /// </summary>
    Task<EnvironmentInfo> CreateAsync(CreateEnvironment request, CancellationToken cancellation);

    Task<EnvironmentInfo?> FindByMarkAsync(string mark, CancellationToken cancellation);

    Task<EnvironmentInfo?> FindAsync(string id, CancellationToken cancellation);

    Task<IReadOnlyList<EnvironmentInfo>> ListAsync(CancellationToken cancellation);

    /// <summary>
    /// Puts another version into it. The URL stays. A version that does not become healthy is taken away again,
    /// the old one goes on serving, and the call throws.
    /// </summary>
    Task<EnvironmentInfo> DeployAsync(string id, EnvironmentVersion version, CancellationToken cancellation);

    Task<EnvironmentInfo> StopAsync(string id, CancellationToken cancellation);

    Task<EnvironmentInfo> StartAsync(string id, CancellationToken cancellation);

    /// <summary>Removes it with its data and logs. One that is not there is fine.</summary>
    Task DestroyAsync(string id, CancellationToken cancellation);

    Task<IReadOnlyList<HostLogLine>> ReadLogAsync(string id, long after, int limit, CancellationToken cancellation);
}

/// <param name="Cpu">Cores.</param>
/// <param name="MemoryMiB">Mebibytes.</param>
/// <param name="PricePerHour">While it runs; from the price sheet named in <paramref name="PriceSource"/>.</param>
public sealed record EnvironmentSize(string Name, decimal Cpu, int MemoryMiB, Money PricePerHour, string PriceSource)
{
    /// <summary>How <see cref="Money.PerMonth"/> of its price is worked out.</summary>
    [JsonIgnore]
    public string Working => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}, {Cpu:0.##} cores, {MemoryMiB} MiB: {PricePerHour.Amount:0.####} {PricePerHour.Currency} per hour " +
        $"× {Money.HoursPerMonth:0} h ({PriceSource})");
}

/// <param name="Name">As requests name it, e.g. <c>container-app</c>.</param>
/// <param name="Sizes">Smallest first, with what they cost; at least one.</param>
/// <param name="Parameters">JSON Schema (an object) of what a person may set beside the size; without properties when
/// nothing.</param>
/// <param name="RunsVersion">Whether it runs what a pipeline built; false for what stands by itself, such as a
/// database.</param>
public sealed record EnvironmentDefinition(
    string Name, string Title, string Description, IReadOnlyList<EnvironmentSize> Sizes, JsonObject Parameters,
    bool RunsVersion = true);

/// <summary>What an environment runs.</summary>
/// <param name="PipelineRunId">Whose artifact named <c>app</c>, or image, it is.</param>
/// <param name="Commit">Full SHA that the pipeline ran on.</param>
/// <param name="Workload">Text of the repository's <c>score.yaml</c> at that commit; null when there is none.</param>
public sealed record EnvironmentVersion(string PipelineRunId, string Commit, string? Workload = null);

/// <param name="Id">Given by the caller, unique, lower-case letters, digits and dashes: the portal's own id of the
/// environment.</param>
/// <param name="Version">Null only for a definition that runs none.</param>
/// <param name="Definition">One of <see cref="IEnvironmentHost.Definitions"/>; null = the first.</param>
/// <param name="Mark">Unique for the effect that makes it; kept with the environment.</param>
/// <param name="Labels">
/// Kept with the environment, shown to its process as OTEL_RESOURCE_ATTRIBUTES or set as tags: <c>service.name</c>,
/// <c>deployment.environment.name</c>, <c>portal.run</c>, <c>portal.owner</c>, and <c>portal.expires</c> (ISO 8601)
/// when it ends.
/// </param>
public sealed record CreateEnvironment(
    string Id, string Name, string Type, RepositoryName Repository, EnvironmentVersion? Version, string Size,
    string Mark,
    IReadOnlyDictionary<string, string> Labels, string? Definition = null, JsonObject? Parameters = null)
{
    /// <summary>
    /// Told of each step while it is made, in one line; may be left unused, and does not travel to another process.
    /// </summary>
    [JsonIgnore]
    public IProgress<string>? Progress { get; init; }
}

public enum PlannedChange { Create, Modify, Delete, NoChange, Ignore, Unknown }

/// <param name="Type">Of the resource, in the host's words, e.g. <c>Microsoft.App/containerApps</c>.</param>
/// <param name="Details">What changes in it: "tags.owner: payments → checkout".</param>
public sealed record PlannedResource(PlannedChange Change, string Type, string Name, IReadOnlyList<string> Details);

/// <param name="Note">What the host could not tell; null when nothing.</param>
public sealed record EnvironmentPlan(IReadOnlyList<PlannedResource> Resources, string? Note = null);

/// <summary><see cref="Unhealthy"/>: it runs but does not answer its check, or restarts again and again.</summary>
public enum EnvironmentStatus { Creating, Running, Unhealthy, Stopped, Failed, Destroyed }

public sealed record EnvironmentInfo(
    string Id, string Name, RepositoryName Repository, EnvironmentStatus Status, string? Url, string? Commit,
    string? PipelineRunId, string Size,
    string? Mark, int Restarts, string? Message, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt);
