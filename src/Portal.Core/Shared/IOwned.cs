namespace Portal.Core.Shared;

/// <summary>A stored thing that belongs to somebody.</summary>
public interface IOwned
{
    /// <summary>Key of the owning group or user; null when it has none.</summary>
    string? Owner { get; }
}

/// <summary>A stored thing of a repository: it belongs to whom the repository belongs to.</summary>
public interface IOfRepository
{
    string Provider { get; }

    /// <summary><c>organisation/name</c>.</summary>
    string Repository { get; }
}
