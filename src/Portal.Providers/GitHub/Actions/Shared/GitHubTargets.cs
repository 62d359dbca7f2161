using Portal.Core.Catalog.Actions;
using Portal.Core.Providers;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Shared;

/// <summary>Finds which of the configured GitHubs a <c>repoUrl</c> means.</summary>
internal sealed class GitHubTargets(ProviderRegistry providers) : RepositoryTargets(
    providers, GitHubOptions.Type, "AppId and PrivateKeyFile, or Token");
