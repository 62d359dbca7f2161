using System.Text.Json.Nodes;
using Portal.Core.Catalog;
using Portal.Core.Providers;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.Environments.Actions;

/// <summary>Whose an environment becomes.</summary>
public sealed class EnvironmentOwners(ICatalogWriter catalog, ProviderRegistry providers)
{
    /// <summary>The component's owner, else the repository's, else who asked.</summary>
    public async Task<EntityRef> OfAsync(
        EntityRef component, string repositoryProvider, RepositoryName repository, EntityRef asker,
        CancellationToken cancellation)
    {
        var descriptor = await catalog.FindDescriptorAsync(component, cancellation);
        if (EntityRef.Owner((descriptor?["spec"] as JsonObject)?.Text("owner")) is { } owner) return owner;
        var found = await providers.Get<IRepositoryHost>(repositoryProvider).FindAsync(repository, cancellation);
        return EntityRef.Owner(found?.Owner) ?? asker;
    }
}
