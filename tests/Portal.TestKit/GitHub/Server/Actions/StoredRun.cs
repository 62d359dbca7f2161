namespace Portal.TestKit.GitHub.Server;

/// <summary>A run of a workflow.</summary>
internal sealed class StoredRun(long id)
{
    public long Id { get; } = id;
}
