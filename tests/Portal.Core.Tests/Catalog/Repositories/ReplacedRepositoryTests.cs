using Microsoft.EntityFrameworkCore;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Entities;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Catalog.Repositories;

/// <summary>The catalog's entries are of a repository and a file in it, not of an address.</summary>
public sealed class ReplacedRepositoryTests(PostgresFixture postgres)
{
    private const string Address = "url:https://forge.example/shop/orders/catalog-info.yaml";
    private static readonly string Other =
        Forge.Text.Replace("owner: orders", "owner: strangers", StringComparison.Ordinal);
    private static readonly Actor Stranger = new(EntityRef.User("eve"), "Eve", [EntityRef.Group("strangers")]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MadeAnew_DiscoveryDoesNotHandTheEntryOver()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        await forge.ChangedAsync(RepositoryChangeKind.Deleted, "shop/orders", "1");

        await forge.DiscoveredAsync("shop/orders", "2", Other);

        Assert.Equal("group:default/orders", (await EntityAsync(forge)).Owner);
        await using var db = forge.Bench.Database.CreateDbContext();
        var found = await db.Set<FoundRepository>().SingleAsync(Cancellation);
        Assert.Equal(
            "component:default/orders was read from another repository that was called shop/orders and is gone. "
            + "Who may change the entry registers it anew, or has it removed from the catalog.", found.Problem);
    }

    [Fact]
    public async Task MadeAnew_WhoMayChangeTheEntryRegistersIt_AndNobodyElse()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        await forge.ChangedAsync(RepositoryChangeKind.Deleted, "shop/orders", "1");
        await forge.ChangedAsync(RepositoryChangeKind.Created, "shop/orders", "2");
        var catalog = forge.Bench.Get<ICatalogWriter>();
        var request = new RegisterDescriptor(Other, Address, "forge", "shop/orders");

        Assert.Equal(ErrorKind.Forbidden, (await catalog.RegisterAsync(request, Stranger, Cancellation)).Error?.Kind);
        Assert.True((await catalog.RegisterAsync(request, RunBench.Ada, Cancellation)).IsOk);

        var entity = await EntityAsync(forge);
        Assert.Equal(((await forge.RowAsync("2")).Id, "group:default/strangers"),
            (entity.RepositoryId!.Value, entity.Owner));
        Assert.Null(entity.RepositoryGoneAt);
    }

    /// <summary>The first one lives under another name, and its entry still has the old address.</summary>
    [Fact]
    public async Task NameTakenOver_FromOneThatIsElsewhere_TheEntryStaysThere()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        await forge.RenamedAsync("shop/orders", "store/sales", "1");
        await forge.ChangedAsync(RepositoryChangeKind.Created, "shop/orders", "2");

        var taken = await forge.Bench.Get<ICatalogWriter>().RegisterAsync(
            new RegisterDescriptor(Other, Address, "forge", "shop/orders"), RunBench.Ada, Cancellation);

        Assert.Equal("entity-exists", taken.Error?.Code);
        Assert.Equal("store/sales", (await EntityAsync(forge)).Repository);
    }

    [Fact]
    public async Task Renamed_ReadAgain_IsTheSameEntryAtAnotherAddress_WithItsText()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        var before = await EntityAsync(forge);
        await forge.RenamedAsync("shop/orders", "store/sales", "1");

        await forge.DiscoveredAsync("store/sales", "1", Forge.Text + "\n# Moved.\n", commit: "2");

        var after = await EntityAsync(forge);
        Assert.Equal((before.Id, "url:https://forge.example/store/sales/catalog-info.yaml"),
            (after.Id, after.Location));
        Assert.EndsWith("# Moved.\n", await forge.Bench.Get<ReadCatalog>().TextAsync(after, Cancellation),
            StringComparison.Ordinal);
        await using var db = forge.Bench.Database.CreateDbContext();
        Assert.Equal(1, await db.Set<DescriptorFile>().CountAsync(Cancellation));
    }

    /// <summary>A push and the look through everything meet at one repository.</summary>
    [Fact]
    public async Task Registered_ByManyAtOnce_IsOneEntry()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        var catalog = forge.Bench.Get<ICatalogWriter>();
        var text = Forge.Text.Replace("name: orders", "name: menu", StringComparison.Ordinal);
        var request = new RegisterDescriptor(text, "url:https://forge.example/shop/menu/catalog-info.yaml", "forge", "shop/menu");

        var done = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => Task.Run(() => catalog.RegisterAsync(request, Actor.System, Cancellation))));

        Assert.All(done, r => Assert.Null(r.Error));
    }

    [Fact]
    public async Task Renamed_RegistrationOfARun_IsUndoneByItsOldAddress()
    {
        await using var forge = await Forge.OpenAsync(postgres, id: "1");
        var (catalog, run) = (forge.Bench.Get<ICatalogWriter>(), Guid.CreateVersion7());
        var text = Forge.Text.Replace("name: orders", "name: menu", StringComparison.Ordinal);
        const string address = "url:https://forge.example/shop/menu/catalog-info.yaml";
        await catalog.RegisterAsync(new RegisterDescriptor(text, address, "forge", "shop/menu", run), RunBench.Ada,
            Cancellation);
        await forge.DiscoveredAsync("shop/menu", "2", text);
        await forge.RenamedAsync("shop/menu", "shop/carte", "2");
        await forge.DiscoveredAsync("shop/carte", "2", text);

        var removed =
            await catalog.UnregisterAsync(address, RunBench.Ada, Cancellation, run,
            new NamedRepository("forge", "shop/menu"));

        Assert.Equal(1, removed.Value);
    }

    [Fact]
    public async Task Renamed_WhatWasThereBeforeARun_IsBroughtBackToWhereItIsNow()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        var catalog = forge.Bench.Get<ICatalogWriter>();
        var before =
            await catalog.FindRegistrationAsync(Address, Cancellation, new NamedRepository("forge", "shop/orders"));
        await forge.RenamedAsync("shop/orders", "store/sales", "1");
        await forge.DiscoveredAsync("store/sales", "1", Forge.Text + "\n# Moved.\n", commit: "2");

        Assert.True((await catalog.RegisterAsync(before!, RunBench.Ada.ByPortal(), Cancellation)).IsOk);

        Assert.Equal("url:https://forge.example/store/sales/catalog-info.yaml", (await EntityAsync(forge)).Location);
    }

    [Fact]
    public async Task Gone_ItsComponentGetsNoEnvironmentOfAnother()
    {
        await using var forge = await Forge.OpenAsync(postgres);
        await forge.ChangedAsync(RepositoryChangeKind.Deleted, "shop/orders", "1");
        await forge.ChangedAsync(RepositoryChangeKind.Created, "shop/orders", "2");

        await using var db = forge.Bench.Database.CreateDbContext();
        var subject = await forge.Bench.Get<EnvironmentSubjects>()
            .FindAsync(db, EntityRef.Component("orders"), RunBench.Ada, Cancellation);

        Assert.Equal("repository-gone", subject.Error?.Code);
    }

    private static async Task<CatalogEntity> EntityAsync(Forge forge)
    {
        await using var db = forge.Bench.Database.CreateDbContext();
        return await db.Set<CatalogEntity>().AsNoTracking().SingleAsync(e => e.Name == "orders", Cancellation);
    }
}
