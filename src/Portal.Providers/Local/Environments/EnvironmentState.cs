using System.Globalization;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Local.Environments;

/// <summary>An environment as its folder keeps it, in <c>state.json</c>.</summary>
internal sealed record EnvironmentState
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Type { get; init; }
    public required RepositoryName Repository { get; init; }
    public required string Size { get; init; }
    public required string Mark { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Kept for the environment's whole life, so that its URL stays.</summary>
    public required int Port { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public EnvironmentStatus Status { get; init; } = EnvironmentStatus.Creating;
    public string? Message { get; init; }
    public int Restarts { get; init; }
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>What serves; null until the first version is healthy.</summary>
    public LocalVersion? Version { get; init; }

    /// <summary>The process that serves, as far as there is one.</summary>
    public ProcessIdentity? Process { get; init; }

    /// <summary>Counts versions and starts, so that no folder and no tag is used twice.</summary>
    public int Counter { get; init; }

    /// <summary>Whether it should run: the supervisor sees to that.</summary>
    public bool ShouldRun => Status is EnvironmentStatus.Running or EnvironmentStatus.Unhealthy;

    /// <summary>
    /// An address of this machine's loopback that no other environment has, and the portal neither: browsers keep
    /// cookies by host and know no ports.
    /// </summary>
    public string Host => string.Create(CultureInfo.InvariantCulture, $"127.{Port >> 8}.{Port & 255}.2");

    public EnvironmentInfo Info => new(
        Id, Name, Repository, Status, $"http://{Host}:{Port}", Version?.Commit, Version?.PipelineRunId, Size, Mark,
        Restarts, Message, CreatedAt, StartedAt);
}

/// <param name="Number">Name of its folder below <c>versions</c>.</param>
internal sealed record LocalVersion(int Number, string PipelineRunId, string Commit, ScoreWorkload Workload);

/// <summary>Pid, start time and tag name a process for good.</summary>
/// <param name="Version">The number of the version that it runs.</param>
/// <param name="Start">The number of its start, which names its door.</param>
/// <param name="Port">The port that it was told; 0 for one of an earlier portal, which had no door.</param>
internal sealed record ProcessIdentity(int Pid, long StartTime, string Tag, int Version, int Start = 0, int Port = 0);
