using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>The codes of errors that say: something is called so already.</summary>
public static class TakenNames
{
    /// <summary>Of a repository, before anything is made.</summary>
    public const string Repository = "name-taken";

    public const string Entity = "entity-exists";

    public const string Environment = "environment-exists";

    /// <summary>Another run is making it.</summary>
    public const string BeingMade = "name-being-taken";

    public static bool Are(Error error) =>
        error.Code is Repository or RepositoryErrors.Exists or Entity or Environment or BeingMade;
}
