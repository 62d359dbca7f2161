namespace Portal.TestKit.GitHub;

public sealed class GitHubWorldOptions
{
    /// <summary>
    /// The world's clock: when tokens end, and the times of everything. The machine's clock unless given.
    /// </summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How long a workflow run takes; 0 = it has ended when it is asked for.</summary>
    public TimeSpan PipelineTime { get; init; } = TimeSpan.Zero;

    /// <summary>
    /// Scripts of workflow steps really run, with bash in an empty folder; otherwise only their <c>echo</c>,
    /// <c>exit</c> and <c>sleep</c> count.
    /// </summary>
    public bool RunScripts { get; init; }

    /// <summary>
    /// The X25519 private key that secrets are sealed for, to play back a recorded box; any unless given.
    /// </summary>
    public byte[]? SecretsKey { get; init; }

    /// <summary>The port on 127.0.0.1; 0 = any that is free.</summary>
    public int Port { get; init; }
}
