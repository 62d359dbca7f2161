namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>
/// Build servers of .NET outlive the build that started them. A job's are ended with the job: starting them costs time
/// and memory for nothing, and one that holds the job's output makes a step look unfinished.
/// </summary>
internal static class BuildServers
{
    /// <summary>Variables that leave them out, where nobody has set them otherwise.</summary>
    public static readonly IReadOnlyDictionary<string, string> Off = new Dictionary<string, string>(
        StringComparer.Ordinal)
    {
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        ["UseSharedCompilation"] = "false",
    };
}
