using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Local;

/// <summary>
/// Where the provider keeps what: <c>repositories</c>, <c>pipelines</c> and <c>environments</c> below one data folder.
/// </summary>
internal sealed class LocalFolders
{
    public LocalFolders(IOptions<LocalOptions> options, IConfiguration configuration)
        : this(options.Value.Data.Length > 0
            ? options.Value.Data
            : Path.Combine(configuration["Portal:Data"] ?? ".data", "local"))
    {
    }

    public LocalFolders(string root)
    {
        Root = Path.GetFullPath(root);
        Repositories = Path.Combine(Root, "repositories");
        Pipelines = Path.Combine(Root, "pipelines");
        Environments = Path.Combine(Root, "environments");
    }

    public string Root { get; }

    public string Repositories { get; }

    /// <summary>
    /// Where repositories are made and taken apart. No organisation can have this name: a name starts with a letter or
    /// digit.
    /// </summary>
    public string Aside => Path.Combine(Repositories, ".aside");

    public string Pipelines { get; }

    public string Environments { get; }

    /// <summary>The bare repository; the name's own rules keep it below <see cref="Repositories"/>.</summary>
    public string Repository(RepositoryName name) => Path.Combine(Repositories, name.Organisation, name.Name + ".git");

    /// <summary>The repositories that are here, by name.</summary>
    public IEnumerable<RepositoryName> RepositoryNames()
    {
        if (!Directory.Exists(Repositories)) yield break;
        foreach (var organisation
            in Directory.EnumerateDirectories(Repositories).Select(Path.GetFileName).Order(StringComparer.Ordinal))
        {
            if (!RepositoryName.IsValidPart(organisation)) continue;
            foreach (var folder in Directory.EnumerateDirectories(Path.Combine(Repositories, organisation!), "*.git")
                .Order(StringComparer.Ordinal))
            {
                var name = Path.GetFileNameWithoutExtension(folder);
                if (RepositoryName.IsValidPart(name)) yield return new RepositoryName(organisation!, name);
            }
        }
    }
}
