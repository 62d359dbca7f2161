using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Web.Shared;

namespace Portal.Web.Repositories;

/// <summary>A repository at a commit, as far as there are pages of it.</summary>
/// <param name="Home">Address of its page; null where there is none.</param>
/// <param name="Commit">Address of the commit's page.</param>
public sealed record SourceAt(string? Home, string? Commit, Func<string, int?, string?> Page)
{
    public static readonly SourceAt Unknown = new(null, null, (_, _) => null);

    /// <summary>Null for what is not in the repository.</summary>
    public string? File(string? path, int? line) =>
        path is null or "" || path.StartsWith('/') || path.Contains("..", StringComparison.Ordinal)
            || path.Any(char.IsControl) ? null : Page(path, line);
}

/// <summary>Where repositories, their files and commits can be looked at: at their host, or here.</summary>
internal sealed class SourceLinks(ProviderRegistry providers)
{
    public SourceAt At(string provider, RepositoryName name, string commit)
    {
        if (providers.Find<IRepositoryBrowser>(provider) is not null)
        {
            return new SourceAt(
                PortalUrls.Repository(provider, name), PortalUrls.Commit(provider, name, commit),
                (path, line) => PortalUrls.RepositoryFile(provider, name, path, commit, line));
        }
        return providers.Find<IRepositoryHost>(provider) is { } host
            ? new SourceAt(
                SafeLink(host.PageUrl(name)), SafeLink(host.CommitUrl(name, commit)),
                (path, line) => SafeLink(host.FileUrl(name, commit, path, line)))
            : SourceAt.Unknown;
    }

    /// <summary>The repository's page; null where there is none.</summary>
    public string? Home(string provider, RepositoryName name) =>
        providers.Find<IRepositoryBrowser>(provider) is not null
            ? PortalUrls.Repository(provider, name)
            : SafeLink(providers.Find<IRepositoryHost>(provider)?.PageUrl(name));

    /// <summary>The page of the repository that an address to clone from points at; null where there is none.</summary>
    public string? HomeOfUrl(string url) =>
        providers.ForUrl(url) is { } found ? Home(found.Host.Instance, found.Name) : null;

    private static string? SafeLink(string? url) => Controls.SafeLinks.OrNull(url);
}
