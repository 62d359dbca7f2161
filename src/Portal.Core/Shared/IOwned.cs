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
    /// <summary>
    /// The row of the repository. Left out it becomes that of the repository which has the name: the database sees to
    /// it.
    /// </summary>
    Guid? RepositoryId { get; }

    /// <summary><c>organisation/name</c>: a copy of the row's, which follows it.</summary>
    string Repository { get; }
}
