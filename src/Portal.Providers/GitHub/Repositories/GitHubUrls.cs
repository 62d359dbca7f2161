using Portal.Core.Shared;

namespace Portal.Providers.GitHub.Repositories;

/// <summary>Addresses of repositories on the hosts of one instance.</summary>
internal sealed class GitHubUrls(GitHubAddress address)
{
    /// <summary>First segments of GitHub's pages that are no organisation.</summary>
    private static readonly HashSet<string> NoOrganisation = new(StringComparer.OrdinalIgnoreCase)
    {
        "orgs", "organizations", "users", "settings", "apps", "marketplace", "login", "topics", "sponsors",
        "enterprises", "api", "search", "notifications",
    };

    public string Page(RepositoryName name) => $"{address.Web}{name}";

    public string Clone(RepositoryName name) => $"{address.Web}{name}.git";

    /// <summary>
    /// Of <c>https://host/org/name</c> with or without <c>.git</c>, <c>/blob/main/…</c>, <c>/tree/…</c>;
    /// <c>git@host:org/name.git</c>; <c>ssh://…</c>.
    /// </summary>
    public RepositoryName? NameOf(string url)
    {
        if (Scp(url) is { } scp) return scp;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri)) return null;
        var isSsh = uri.Scheme is "ssh" or "git+ssh";
        if (!isSsh && uri.Scheme is not ("https" or "http")) return null;
        return IsOurs(uri, isSsh) ? Name(uri.AbsolutePath) : null;
    }

    /// <summary>A port of SSH's says nothing about the host.</summary>
    private bool IsOurs(Uri uri, bool isSsh) => isSsh ? IsOurHost(uri.Host)
        : address.Hosts.Contains(uri.IsDefaultPort ? uri.Host : uri.Authority, StringComparer.OrdinalIgnoreCase)
            || address.Hosts.Contains(uri.Authority, StringComparer.OrdinalIgnoreCase);

    private bool IsOurHost(string host) =>
        address.Hosts.Any(h => h.Split(':')[0].Equals(host, StringComparison.OrdinalIgnoreCase));

    private RepositoryName? Scp(string url)
    {
        if (url.Contains("://", StringComparison.Ordinal) || url.Split(':') is not [var who, var path]
            || who.Split('@') is not [_, var host]) return null;
        return IsOurHost(host) ? Name(path) : null;
    }

    private static RepositoryName? Name(string path)
    {
        if (path.Trim('/').Split('/') is not [var organisation, var name, ..] || NoOrganisation.Contains(organisation))
        {
            return null;
        }
        if (name.EndsWith(".git", StringComparison.OrdinalIgnoreCase)) name = name[..^4];
        return RepositoryName.TryParse($"{organisation}/{name}", out var parsed) ? parsed : null;
    }
}
