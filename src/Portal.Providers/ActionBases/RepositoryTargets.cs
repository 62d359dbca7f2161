using Portal.Core.Catalog.Actions;
using Portal.Core.Providers;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Providers.ActionBases;

/// <summary>Finds which of the configured hosts of one kind a <c>repoUrl</c> means.</summary>
/// <param name="type">The kind, as <see cref="IProvider.Type"/> has it and people read it.</param>
/// <param name="credentials">The keys that one is configured with, for the words of an error.</param>
internal abstract class RepositoryTargets(ProviderRegistry providers, string type, string credentials)
{
    private IEnumerable<IRepositoryHost> All => providers.All<IRepositoryHost>().Where(h => h.Type == type);

    /// <summary>The first; for what only the run will know.</summary>
    /// <exception cref="ActionFailedException">None is configured.</exception>
    public string AnyInstance => All.FirstOrDefault()?.Instance ?? throw NoneConfigured();

    /// <exception cref="ActionFailedException">It is no address of a repository, or none on a configured
    /// host.</exception>
    public RepositoryTarget Of(string repoUrl)
    {
        if (!All.Any()) throw NoneConfigured();
        var parts = RepoUrl.Parse(repoUrl);
        var host = All.FirstOrDefault(h => h.Hosts.Contains(parts.Host, StringComparer.OrdinalIgnoreCase))
            ?? throw new ActionFailedException(
                $"No configured {type} serves {Short(parts.Host)}. Choose a repository on "
                    + $"{string.Join(" or ", All.SelectMany(h => h.Hosts))}, or add a {type} for it "
                        + $"(Portal:Providers:<name> with Type {type} and Address https://{Short(parts.Host)}).");
        if (!RepositoryName.TryParse($"{parts.Organisation}/{parts.Repository}", out var name))
        {
            throw new ActionFailedException(
                $"'{Short(parts.Organisation)}/{Short(parts.Repository)}' cannot be a repository. "
                + "Use up to 100 letters, digits, dashes, dots and underscores for each, starting with a letter or "
                    + "digit.");
        }
        return new RepositoryTarget(host, name.Value);
    }

    private ActionFailedException NoneConfigured() => new(
        $"This step needs {type}, and none is configured. Add one: Portal:Providers:{type.ToLowerInvariant()}:Type = "
            + $"{type}, with {credentials}.");

    private static string Short(string text) => Words.Short(text, 80);
}
