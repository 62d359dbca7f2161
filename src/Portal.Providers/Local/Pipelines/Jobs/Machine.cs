using Portal.Providers.Local.Pipelines.Runs;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>What all runs of this machine share.</summary>
/// <param name="JobEnvironment">What every job gets beside GitHub's own variables, read anew for each run.</param>
/// <param name="ServerUrl">Where the portal is reached: GITHUB_SERVER_URL.</param>
internal sealed record Machine(
    ProcessSandbox Sandbox, RunFolders Folders, LocalPipelineOptions Options, JobSlots Slots, Concurrency Concurrency, TimeProvider Time,
    Func<IReadOnlyDictionary<string, string>> JobEnvironment, Func<string> ServerUrl)
{
    /// <summary>The folder of packages that jobs may read; null for none.</summary>
    public string? Packages { get; init; }

    /// <summary>Whether jobs have the machine's network.</summary>
    public bool Network { get; init; }
}
