using Microsoft.Extensions.Options;
using Portal.Core.Shared;

namespace Portal.Core.Providers;

/// <summary>The configured provider instances, by name, by capability and by host.</summary>
public sealed class ProviderRegistry
{
    private readonly IReadOnlyList<IProvider> providers;
    private readonly ProviderDefaults defaults;

    public ProviderRegistry(IEnumerable<IProvider> providers, IOptions<ProviderDefaults> defaults)
    {
        this.providers = providers.ToList();
        this.defaults = defaults.Value;
        var claims = this.providers.OfType<IRepositoryHost>()
            .SelectMany(p => p.Hosts.Select(h => (Host: h.ToLowerInvariant(), p.Instance)));
        foreach (var twice in claims.GroupBy(c => c.Host).Where(g => g.Count() > 1))
        {
            throw new InvalidOperationException(
                $"The host {twice.Key} is served by {string.Join(" and ", twice.Select(c => c.Instance))}; change Hosts of one of them.");
        }
    }

    public IEnumerable<T> All<T>() where T : class, IProvider => providers.OfType<T>();

    public T? Find<T>(string instance) where T : class, IProvider =>
        providers.OfType<T>().FirstOrDefault(p => p.Instance.Equals(instance, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="ProviderException">No such instance, or it does not have that capability.</exception>
    public T Get<T>(string instance)
        where T : class, IProvider => Find<T>(instance) ?? throw ProviderException.NotFound(
        "provider-missing",
        $"No provider named '{instance}' offers {What<T>()}. Configured: {Configured<T>()}. See Portal:Providers.");

    /// <summary>
    /// The instance that <c>Portal:Defaults</c> names for the capability; where it names none, <c>local</c>, or the
    /// only one there is.
    /// </summary>
    /// <exception cref="ProviderException">None offers it, or several do and none is named.</exception>
    public T Default<T>() where T : class, IProvider
    {
        var (key, named) = defaults.Of<T>();
        if (named.Length > 0) return Get<T>(named);
        var all = All<T>().ToList();
        return all.Find(p => p.Instance == ProviderDefaults.Embedded)
            ?? (all is [var only] ? only : throw ProviderException.NotFound(
            "provider-missing",
            $"No provider is chosen for {What<T>()}. Configured: {Configured<T>()}. Name one in {ProviderDefaults.Section}:{key}."));
    }

    /// <summary>The repository host that serves a host name as in <c>repoUrl</c>.</summary>
    public Result<IRepositoryHost> ForHost(string host)
    {
        var found =
            All<IRepositoryHost>().FirstOrDefault(p => p.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase));
        if (found is not null) return Result<IRepositoryHost>.Ok(found);
        var served = string.Join(", ", All<IRepositoryHost>().SelectMany(p => p.Hosts));
        return Error.Invalid("host-not-served", $"No provider serves {host}. Served: {served}.");
    }

    /// <summary>Who has the repository behind a clone or web URL, and its name there; null when nobody does.</summary>
    public (IRepositoryHost Host, RepositoryName Name)? ForUrl(string url)
    {
        foreach (var host in All<IRepositoryHost>())
        {
            if (host.NameFromUrl(url) is { } name) return (host, name);
        }
        return null;
    }

    private string Configured<T>() where T : class, IProvider =>
        All<T>().Any() ? string.Join(", ", All<T>().Select(p => p.Instance)) : "none";

    private static string What<T>()
        where T : class, IProvider => ProviderDefaults.KeyOf<T>()?.ToLowerInvariant() ?? typeof(T).Name;
}
