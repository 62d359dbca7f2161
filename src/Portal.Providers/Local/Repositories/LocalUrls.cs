using Portal.Core.Shared;

namespace Portal.Providers.Local.Repositories;

/// <summary>Which addresses are of a local repository.</summary>
internal static class LocalUrls
{
    /// <summary>
    /// <c>http://portal/git/organisation/name.git</c>, or <c>https://local/organisation/name</c> as a <c>repoUrl</c>
    /// has it. Any loopback address counts as the portal's own when that is loopback too: its port may have been
    /// another yesterday.
    /// </summary>
    public static RepositoryName? Name(string url, string portal)
    {
        if (!Uri.TryCreate(
            url.Contains("://", StringComparison.Ordinal) ? url : "https://" + url, UriKind.Absolute, out var uri))
        {
            return null;
        }
        var path = uri.AbsolutePath.Trim('/');
        if (!uri.Host.Equals(LocalRepositories.Host, StringComparison.OrdinalIgnoreCase))
        {
            var own = new Uri(portal);
            if (uri.Authority != own.Authority && !(uri.IsLoopback && own.IsLoopback)) return null;
            var start = $"{own.AbsolutePath.Trim('/')}/git/".TrimStart('/');
            if (!path.StartsWith(start, StringComparison.Ordinal)) return null;
            path = path[start.Length..];
        }
        if (path.EndsWith(".git", StringComparison.Ordinal)) path = path[..^".git".Length];
        return RepositoryName.TryParse(path, out var name) ? name : null;
    }
}
