using Portal.Core.Shared;

namespace Portal.Core.Providers;

/// <summary>What every host of repositories says in the same words.</summary>
public static class RepositoryErrors
{
    /// <summary>Code of a repository that is in the way.</summary>
    public const string Exists = "repository-exists";

    public static Error NameTaken(RepositoryName name)
    {
        var message = $"{name} exists already. Choose another name.";
        return Error.Conflict(Exists, $"The repository {message}") with { Fields = [new FieldError("/name", message)] };
    }
}
