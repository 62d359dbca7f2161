using Portal.Core.Catalog.Actions;
using Portal.Core.Providers;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Providers.GitHub.Actions.Shared;

/// <summary>The repository that an action is about, and who has it.</summary>
internal sealed record GitHubTarget(IRepositoryHost Host, RepositoryName Name)
{
    public string Instance => Host.Instance;
}

/// <summary>Finds which of the configured GitHubs a <c>repoUrl</c> means.</summary>
internal sealed class GitHubTargets(ProviderRegistry providers)
{
    private IEnumerable<IRepositoryHost> All => providers.All<IRepositoryHost>().Where(h => h.Type == GitHubOptions.Type);

    /// <summary>The first; for what only the run will know.</summary>
    /// <exception cref="ActionFailedException">None is configured.</exception>
    public string AnyInstance => All.FirstOrDefault()?.Instance ?? throw NoneConfigured();

    /// <exception cref="ActionFailedException">It is no address of a repository, or none on a configured GitHub.</exception>
    public GitHubTarget Of(string repoUrl)
    {
        if (!All.Any()) throw NoneConfigured();
        var parts = RepoUrl.Parse(repoUrl);
        var host = All.FirstOrDefault(h => h.Hosts.Contains(parts.Host, StringComparer.OrdinalIgnoreCase)) ?? throw new ActionFailedException(
            $"No configured GitHub serves {Short(parts.Host)}. Choose a repository on {string.Join(" or ", All.SelectMany(h => h.Hosts))}, or add a GitHub for it (Portal:Providers:<name> with Type {GitHubOptions.Type} and Address https://{Short(parts.Host)}).");
        if (!RepositoryName.TryParse($"{parts.Organisation}/{parts.Repository}", out var name)) throw new ActionFailedException(
            $"'{Short(parts.Organisation)}/{Short(parts.Repository)}' cannot be a repository. Use up to 100 letters, digits, dashes, dots and underscores for each, starting with a letter or digit.");
        return new GitHubTarget(host, name.Value);
    }

    private static ActionFailedException NoneConfigured() => new(
        $"This step needs GitHub, and none is configured. Add one: Portal:Providers:github:Type = {GitHubOptions.Type}, with AppId and PrivateKeyFile, or Token.");

    private static string Short(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
