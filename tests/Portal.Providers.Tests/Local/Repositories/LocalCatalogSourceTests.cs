using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Providers.Tests.Local.Repositories;

/// <summary>What is Local's own; the rest is in the suite.</summary>
public sealed class LocalCatalogSourceTests(LocalPortal portal) : IClassFixture<LocalPortal>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ICatalogSource Source => portal.Services.GetServices<IProvider>().OfType<ICatalogSource>().Single();

    [Fact]
    public async Task Discover_WithoutDescriptor_ProposesWhoAskedForIt()
    {
        var name = await CreateAsync(("README.md", "Hello"));
        DiscoveredRepository? found = null;
        await foreach (var repository in Source.DiscoverAsync(Cancellation))
        {
            if (repository.Name == name) found = repository;
        }

        Assert.Equal(
            (null, "payments", true), (found!.DescriptorPath, found.ProposedOwner!.Name, found.ProposedOwner.IsTeam));
        Assert.Equal(portal.Repositories.CloneUrl(name), found.WebUrl);
    }

    private async Task<RepositoryName> CreateAsync(params (string Path, string Text)[] files)
    {
        var name = new RepositoryName("payments", $"found-{Guid.NewGuid():N}"[..20]);
        var tree = new FileTree(files.Select(f => new TreeFile(f.Path, System.Text.Encoding.UTF8.GetBytes(f.Text))));
        await portal.Repositories.CreateAsync(
            new CreateRepository(
                name, "", "main", tree, "First", new CommitAuthor("Ada", "ada@example.test", DateTimeOffset.UtcNow),
                Guid.NewGuid().ToString(), "group:default/payments"), Cancellation);
        return name;
    }
}
