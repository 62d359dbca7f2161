using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Catalog;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Catalog;

public sealed class ReadDependenciesTests(PostgresFixture postgres)
{
    private static readonly Actor Pat = new(EntityRef.User("pat"), "Pat", [EntityRef.Group("platform")]);

    [Fact]
    public async Task Around_GoesTwoStepsToEachSideThroughApis()
    {
        await using var bench = await BenchAsync(
            Component("web", "consumesApis: [orders-api]"), Component("app", "dependsOn: [component:default/web]"),
            Component("far", "dependsOn: [component:default/app]"),
            Component(
                "orders", "providesApis: [orders-api]", "consumesApis: [stock-api]",
                "dependsOn: [component:default/base]"),
            Api("orders-api"), Api("stock-api"),
            Component("stock", "providesApis: [stock-api]", "dependsOn: [component:default/deep]"),
            Component("base"), Component("deep"));

        var around = await AroundAsync(bench, "orders", Pat);

        Assert.True(around.IsWhole);
        Assert.Equal(
            [("web", -2), ("orders-api", -1), ("orders", 0), ("base", 1), ("stock-api", 1), ("stock", 2)],
            around.Nodes.Select(n => (n.Entity.Name, n.Level)).OrderBy(n => n.Level).ThenBy(n => n.Name));
        Assert.Equal(
            ["orders > base", "orders > stock-api", "orders-api > orders", "stock-api > stock", "web > orders-api"],
            around.Edges.Select(e => $"{Name(e.From)} > {Name(e.To)}").Order());
    }

    [Fact]
    public async Task Around_ACircle_NamesEachOnce()
    {
        await using var bench = await BenchAsync(
            Component("a", "dependsOn: [component:default/b]"), Component("b", "dependsOn: [component:default/a]"));

        var around = await AroundAsync(bench, "a", Pat);

        Assert.Equal([("a", 0), ("b", 1)], around.Nodes.Select(n => (n.Entity.Name, n.Level)));
        Assert.Equal(["a > b"], around.Edges.Select(e => $"{Name(e.From)} > {Name(e.To)}"));
    }

    [Fact]
    public async Task Around_MoreThanAColumnHolds_ShowsSomeAndSaysSo()
    {
        var users = Enumerable.Range(0, ReadDependencies.MostOfALevel + 1)
            .Select(i => Component($"user-{i:00}", "dependsOn: [component:default/base]"));
        await using var bench = await BenchAsync([Component("base"), .. users]);

        var around = await AroundAsync(bench, "base", Pat);

        Assert.False(around.IsWhole);
        Assert.Equal(ReadDependencies.MostOfALevel, around.Nodes.Count(n => n.Level == -1));
        Assert.All(around.Edges, e => Assert.Contains(around.Nodes, n => n.Entity.Key == e.From));
    }

    /// <summary>A grant for one's own things shows nothing of others, nor what lies behind them.</summary>
    [Fact]
    public async Task Around_WhatThePersonMayNotSee_IsLeftOut()
    {
        await using var bench = await BenchAsync(
            Component("mine", "dependsOn: [component:default/theirs]"),
            Component("theirs", "dependsOn: [component:default/mine-too]").Replace("owner: orders", "owner: billing"),
            Component("mine-too"));
        await using (var db = bench.Database.CreateDbContext())
        {
            await db.Set<RoleGrant>().ExecuteDeleteAsync();
            db.Add(new RolePermission { Role = "reader", Permission = Permissions.CatalogRead });
            db.Add(new RoleGrant { Subject = "group:default/orders", Role = "reader", Scope = RoleGrant.Owned });
            await db.SaveChangesAsync();
        }
        var ada = new Actor(EntityRef.User("ada"), "Ada", [EntityRef.Group("orders")]);

        Assert.Equal(["mine"], (await AroundAsync(bench, "mine", ada)).Nodes.Select(n => n.Entity.Name));
    }

    private async Task<RunBench> BenchAsync(params string[] descriptors)
    {
        var bench = await RunBench.CreateAsync(postgres);
        var all = string.Join("\n---\n", descriptors);
        var done = await bench.Get<ICatalogWriter>().RegisterAsync(
            new RegisterDescriptor(all, "url:http://x/catalog-info.yaml"), Actor.System, CancellationToken.None);
        Assert.True(done.IsOk, done.Error?.ToString());
        return bench;
    }

    private static async Task<Dependencies> AroundAsync(RunBench bench, string name, Actor actor)
    {
        await using var db = bench.Database.CreateDbContext();
        var entity = await db.Set<CatalogEntity>().AsNoTracking().SingleAsync(e => e.Name == name);
        return await bench.Get<ReadDependencies>().AroundAsync(entity, actor, CancellationToken.None);
    }

    private static string Name(string key) => key.Split('/')[^1];

    private static string Component(string name, params string[] more) =>
        string.Join("\n", ["apiVersion: backstage.io/v1alpha1", "kind: Component", $"metadata: {{ name: {name} }}",
            "spec:", "  type: service", "  lifecycle: production", "  owner: orders", .. more.Select(m => $"  {m}")]);

    private static string Api(string name) =>
        string.Join("\n", "apiVersion: backstage.io/v1alpha1", "kind: API", $"metadata: {{ name: {name} }}",
            "spec:", "  type: openapi", "  lifecycle: production", "  owner: orders", "  definition: none");
}
