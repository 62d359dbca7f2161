namespace Portal.Core.Providers;

/// <summary>Capability: running environments, made from the artifact of a pipeline run and the repository's <c>score.yaml</c>.</summary>
public interface IEnvironmentHost : IProvider
{
    /// <summary>The sizes on offer, smallest first, with what they cost.</summary>
    IReadOnlyList<EnvironmentSize> Sizes { get; }

    /// <summary>
    /// Makes the environment and waits until it is healthy. When it does not become healthy, throws with the end of its log in the
    /// message and leaves nothing behind. The same <see cref="CreateEnvironment.Mark"/> again returns what it made before.
    /// </summary>
    Task<EnvironmentInfo> CreateAsync(CreateEnvironment request, CancellationToken cancellation);

    Task<EnvironmentInfo?> FindByMarkAsync(string mark, CancellationToken cancellation);

    Task<EnvironmentInfo?> FindAsync(string id, CancellationToken cancellation);

    Task<IReadOnlyList<EnvironmentInfo>> ListAsync(CancellationToken cancellation);

    /// <summary>
    /// Puts the artifact of another pipeline run into it. The URL stays. A version that does not become healthy is taken away again,
    /// the old one goes on serving, and the call throws.
    /// </summary>
    Task<EnvironmentInfo> DeployAsync(string id, string pipelineRunId, CancellationToken cancellation);

    Task<EnvironmentInfo> StopAsync(string id, CancellationToken cancellation);

    Task<EnvironmentInfo> StartAsync(string id, CancellationToken cancellation);

    /// <summary>Removes it with its data and logs. One that is not there is fine.</summary>
    Task DestroyAsync(string id, CancellationToken cancellation);

    Task<IReadOnlyList<HostLogLine>> ReadLogAsync(string id, long after, int limit, CancellationToken cancellation);
}

/// <param name="Cpu">Cores.</param>
/// <param name="MemoryMiB">Mebibytes.</param>
/// <param name="PricePerHour">While it runs; from the price sheet named in <paramref name="PriceSource"/>.</param>
public sealed record EnvironmentSize(string Name, decimal Cpu, int MemoryMiB, Shared.Money PricePerHour, string PriceSource);

/// <param name="Id">Given by the caller, unique, lower-case letters, digits and dashes: the portal's own id of the environment.</param>
/// <param name="PipelineRunId">Whose artifact named <c>app</c> it runs.</param>
/// <param name="Labels">Shown to the process as OTEL_RESOURCE_ATTRIBUTES and kept with the environment.</param>
public sealed record CreateEnvironment(
    string Id, string Name, string Type, RepositoryName Repository, string PipelineRunId, string Size, string Mark,
    IReadOnlyDictionary<string, string> Labels);

/// <summary><see cref="Unhealthy"/>: it runs but does not answer its check, or restarts again and again.</summary>
public enum EnvironmentStatus { Creating, Running, Unhealthy, Stopped, Failed, Destroyed }

public sealed record EnvironmentInfo(
    string Id, string Name, RepositoryName Repository, EnvironmentStatus Status, string? Url, string? Commit, string? PipelineRunId, string Size,
    string? Mark, int Restarts, string? Message, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt);
