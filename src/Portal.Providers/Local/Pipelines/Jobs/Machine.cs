using Portal.Providers.Local.Pipelines.Runs;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>What all runs of this machine share.</summary>
/// <param name="JobEnvironment">What every job gets beside GitHub's own variables, read anew for each run.</param>
/// <param name="ServerUrl">Where the portal is reached: GITHUB_SERVER_URL.</param>
internal sealed record Machine(
    ProcessSandbox Sandbox, RunFolders Folders, LocalPipelineOptions Options, JobSlots Slots, Concurrency Concurrency,
    TimeProvider Time,
    Func<IReadOnlyDictionary<string, string>> JobEnvironment, Func<string> ServerUrl)
{
    /// <summary>The folder of packages that jobs may read; null for none.</summary>
    public string? Packages { get; init; }

    /// <summary>What jobs do not reach of the network outside; null: they have none.</summary>
    public DeniedNetworks? Network { get; init; }

    /// <summary>
    /// Why jobs cannot have the network that they are to have; null otherwise. Without walls they have the machine's
    /// own.
    /// </summary>
    public string? NetworkMissing => Network is not null && Sandbox.Isolation.Works ? Sandbox.NetworkMissing : null;

    /// <summary>In words, for pages.</summary>
    public string Description => (Network is not null && Sandbox.Isolation.Works, NetworkMissing) switch
    {
        (false, _) => Sandbox.Description,
        (true, null) => $"{Sandbox.Description} Its jobs reach the network outside, and not this machine.",
        (true, { } why) => $"{Sandbox.Description} Its jobs fail, because they are to have the network outside: {why}.",
    };
}
