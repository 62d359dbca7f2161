namespace Portal.Providers.Local.Environments;

/// <summary>What of a <c>score.yaml</c> a process on this machine can follow.</summary>
/// <param name="Name"><c>metadata.name</c>.</param>
/// <param name="Container">The first container, which is the one that runs.</param>
/// <param name="Others">Further containers, which do not run here.</param>
/// <param name="Command">Program and arguments; run in the artifact's folder.</param>
/// <param name="MemoryLimitMiB"><c>resources.limits.memory</c>; null = that of the size.</param>
internal sealed record ScoreWorkload(
    string Name, string Container,
    IReadOnlyList<string> Others, IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Variables,
    ScoreProbe? Readiness, ScoreProbe? Liveness, int? MemoryLimitMiB);

/// <summary>An HTTP check. Its port is not followed: it is that of <c>PORT</c>.</summary>
internal sealed record ScoreProbe(string Path, IReadOnlyDictionary<string, string> Headers);
