using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Catalog;
using Portal.Core.Data;
using Portal.Core.Delivery;
using Portal.Core.Entities;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.TestKit.Fakes;

/// <summary>
/// The service orders, with a repository whose pipeline run-1 has passed, at a provider in memory; Pat of the platform
/// team, and Ada of its own.
/// </summary>
public static class OrdersService
{
    public static readonly EntityRef Ref = EntityRef.Component("orders");

    /// <summary>May do everything.</summary>
    public static readonly Actor Pat = new(EntityRef.User("pat"), "Pat", [EntityRef.Group("platform")]);

    public static readonly RepositoryName Repository = new("orders", "orders");

    private const string Descriptor = """
        apiVersion: backstage.io/v1alpha1
        kind: Component
        metadata: { name: orders }
        spec: { type: service, lifecycle: production, owner: orders }
        """;

    private const string People = """
        apiVersion: backstage.io/v1alpha1
        kind: User
        metadata: { name: pat }
        spec: { memberOf: [platform] }
        ---
        apiVersion: backstage.io/v1alpha1
        kind: User
        metadata: { name: ada }
        spec: { memberOf: [orders] }
        """;

    public static async Task StockAsync(
        FakeHost host, ICatalogWriter catalog, IDbContextFactory<PortalDbContext> database)
    {
        var author = new CommitAuthor("Ada", "ada@example.org", DateTimeOffset.UnixEpoch);
        await host.CreateAsync(new CreateRepository(
            Repository, "", "main", FileTree.Empty, "First", author, "earlier",
            "group:default/orders"), CancellationToken.None);
        var run =
            await host.TriggerAsync(new TriggerPipeline(Repository, "ci.yml", "main", "first"), CancellationToken.None);
        await using var db = await database.CreateDbContextAsync();
        db.Add(Row(host.Instance, run with { Status = PipelineStatus.Passed, FinishedAt = DateTimeOffset.UnixEpoch }));
        await db.SaveChangesAsync();
        foreach (var request in new[] { new RegisterDescriptor(
            Descriptor, "url:here", host.Instance,
            Repository.ToString()), new RegisterDescriptor(People, "portal:people") })
        {
            if ((await catalog.RegisterAsync(request, Pat, CancellationToken.None)).Error is { } error)
            {
                throw new InvalidOperationException(error.ToString());
            }
        }
    }

    public static PipelineRun Row(string provider, PipelineRunInfo info)
    {
        var row = new PipelineRun
        {
            Provider = provider, Id = info.Id, Repository = info.Repository.ToString(), Number = info.Number,
            Branch = info.Branch, Commit = info.Commit, CreatedAt = info.CreatedAt,
        };
        row.Follow(info);
        return row;
    }

    /// <summary>A row of an environment of it, as if it had been made.</summary>
    public static PortalEnvironment Environment(
        string name, string provider, DateTimeOffset at, string? adoptedFrom = null) => new()
    {
        Id = $"orders-{name}-000000", Name = name, Component = Ref.Key, Owner = "group:default/orders", Type = "dev",
        Size = adoptedFrom is null ? "small" : "adopted",
        Provider = provider, Repository = Repository.ToString(), CreatedBy = "user:default/ada",
        RunId = Guid.CreateVersion7(),
        PricePerHour = adoptedFrom is null ? 0.01m : 0m, Currency = "EUR", CreatedAt = at, AdoptedFrom = adoptedFrom,
    };
}
