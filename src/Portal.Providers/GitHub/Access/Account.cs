using Portal.Core.Shared;

namespace Portal.Providers.GitHub.Access;

/// <summary>
/// As whom a call is made: as the app itself, or in an organisation (or user's account) where it is installed.
/// </summary>
/// <param name="Login">Empty for the app itself.</param>
internal readonly record struct Account(string Login)
{
    /// <summary>The app itself: its installations and itself. A token is the same everywhere.</summary>
    public static readonly Account App = new("");

    public bool IsApp => Login.Length == 0;

    public static implicit operator Account(RepositoryName repository) => new(repository.Organisation);
}
