namespace Portal.Core.Data.PrivateCluster;

/// <summary>
/// The private PostgreSQL cannot run. The message is one line: what is wrong, and how to mend it. It holds no secret.
/// </summary>
public sealed class PrivateClusterException(
    string message, Exception? inner = null) : Exception(message.ReplaceLineEndings(" ").Trim(), inner);
