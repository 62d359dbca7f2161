namespace Portal.TestKit.GitHub.Server;

internal enum CallerKind
{
    /// <summary>The app itself, with a JSON web token.</summary>
    App,

    Installation,

    User,
}

/// <summary>Who asks.</summary>
/// <param name="Login">Of an app <c>portal[bot]</c>.</param>
/// <param name="Organisation">Where the installation is.</param>
/// <param name="Permissions">A token may be made with less than the installation has; null = all that it has.</param>
/// <param name="Repositories">Ids; null = all of the organisation.</param>
internal sealed record Caller(
    CallerKind Kind, string Login, GitHubOrganisation? Organisation = null,
    IReadOnlyDictionary<string, string>? Permissions = null,
    IReadOnlyList<long>? Repositories = null, DateTimeOffset? Expires = null, bool IsAdmin = false)
{
    private static readonly string[] Levels = ["read", "write", "admin"];

    /// <param name="needed">Such as <c>contents:write</c>.</param>
    public bool May(string needed)
    {
        if (Kind != CallerKind.Installation) return true;
        var (name, level) = (needed[..needed.IndexOf(':')], needed[(needed.IndexOf(':') + 1)..]);
        return Covers(Organisation!.Permissions) && (Permissions is null || Covers(Permissions));

        bool Covers(IReadOnlyDictionary<string, string> has) =>
            name == "metadata" || (has.TryGetValue(name, out var given)
                && Array.IndexOf(Levels, given) >= Array.IndexOf(Levels, level));
    }

    public bool Sees(StoredRepository repository) => repository.IsPublic || Kind switch
    {
        CallerKind.User => IsAdmin || repository.Organisation is null
            || repository.Organisation.Members.ContainsKey(Login)
            || repository.Find(Kinds.Collaborator, Login) is not null,
        CallerKind.Installation => repository.Organisation == Organisation
            && (Repositories is null || Repositories.Contains(repository.Id)),
        _ => false,
    };
}
