namespace Portal.Providers.GitHub;

/// <summary>Where one GitHub is: its pages, its API and its hosts.</summary>
internal sealed class GitHubAddress
{
    private GitHubAddress(Uri web, IReadOnlyCollection<string> hosts)
    {
        Web = web;
        Hosts = hosts;
        IsCloud = web.Host.Equals("github.com", StringComparison.OrdinalIgnoreCase)
            || web.Host.EndsWith(".ghe.com", StringComparison.OrdinalIgnoreCase);
        Api = IsCloud ? new Uri($"https://api.{web.Host}/") : new Uri(web, "api/v3/");
    }

    /// <summary>Ends with a slash.</summary>
    public Uri Web { get; }

    /// <summary>Ends with a slash.</summary>
    public Uri Api { get; }

    public IReadOnlyCollection<string> Hosts { get; }

    /// <summary>GitHub's own, not an Enterprise Server.</summary>
    public bool IsCloud { get; }

    public static GitHubAddress Of(GitHubOptions options)
    {
        var web = new Uri(options.Address.TrimEnd('/') + "/");
        return new GitHubAddress(
            web, options.Hosts.Count > 0 ? options.Hosts : [web.IsDefaultPort ? web.Host : web.Authority]);
    }
}
