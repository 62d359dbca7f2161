using Portal.Core.Catalog;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Catalog;

public sealed class CatalogWriterTests(PostgresFixture postgres)
{
    private const string Orders = """
        apiVersion: backstage.io/v1alpha1
        kind: Component
        metadata: { name: orders, tags: [dotnet] }
        spec: { type: service, lifecycle: production, owner: orders, system: shop, providesApis: [orders-api] }
        ---
        apiVersion: backstage.io/v1alpha1
        kind: API
        metadata: { name: orders-api }
        spec: { type: openapi, lifecycle: production, owner: orders, definition: { $text: ./openapi.yaml } }
        """;

    [Fact]
    public async Task Register_TwoEntities_StoresBothEndsOfEveryRelationAndTheIncludedText()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var request = new RegisterDescriptor(
            Orders, "url:here") { Files = new Dictionary<string, string> { ["./openapi.yaml"] = "openapi: 3.1.0" } };

        Assert.Equal(2, (await bench.Get<ICatalogWriter>().RegisterAsync(
            request, RunBench.Ada, CancellationToken.None)).Value.Count);

        var api = (await bench.Get<ReadCatalog>().FindAsync(
            new EntityRef("api", "default", "orders-api"), RunBench.Ada, CancellationToken.None)).Value;
        Assert.Contains(api.Relations, r => r is { Type: Relations.ApiProvidedBy, Target: "component:default/orders" });
        Assert.Contains("openapi: 3.1.0", api.Entity.Descriptor, StringComparison.Ordinal);
        Assert.Equal("group:default/orders", api.Entity.Owner);
    }

    [Fact]
    public async Task Register_AgainWithoutARelation_RemovesBothEnds()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var writer = bench.Get<ICatalogWriter>();
        await writer.RegisterAsync(new RegisterDescriptor(Orders, "url:here"), RunBench.Ada, CancellationToken.None);

        await writer.RegisterAsync(
            new RegisterDescriptor(Orders.Replace(", providesApis: [orders-api]", ""), "url:here"), RunBench.Ada,
            CancellationToken.None);

        var api = (await bench.Get<ReadCatalog>().FindAsync(
            new EntityRef("api", "default", "orders-api"), RunBench.Ada, CancellationToken.None)).Value;
        Assert.DoesNotContain(api.Relations, r => r.Type == Relations.ApiProvidedBy);
    }

    [Fact]
    public async Task Register_NameOfAnotherLocation_IsAConflictAndStoresNothing()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var writer = bench.Get<ICatalogWriter>();
        await writer.RegisterAsync(new RegisterDescriptor(Orders, "url:here"), RunBench.Ada, CancellationToken.None);

        var second = await writer.RegisterAsync(
            new RegisterDescriptor(Orders, "url:there"), RunBench.Ada, CancellationToken.None);

        Assert.Equal(("entity-exists", ErrorKind.Conflict), (second.Error!.Code, second.Error.Kind));
    }

    [Fact]
    public async Task Register_ChangeBySomebodyElsesTeam_IsForbidden()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var writer = bench.Get<ICatalogWriter>();
        await writer.RegisterAsync(new RegisterDescriptor(Orders, "url:here"), RunBench.Ada, CancellationToken.None);
        var ben = new Actor(EntityRef.User("ben"), "Ben", [EntityRef.Group("storefront")]);

        var change = await writer.RegisterAsync(
            new RegisterDescriptor(Orders.Replace("dotnet", "java"), "url:here"), ben, CancellationToken.None);

        Assert.Equal(ErrorKind.Forbidden, change.Error!.Kind);
    }

    [Theory]
    [InlineData("kind: Component", "line 1: apiVersion must be one of")]
    [InlineData(
        "apiVersion: backstage.io/v1alpha1\nkind: Gadget\nmetadata: { name: a }", "line 2: kind must be one of")]
    [InlineData(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: 'a b' }",
        "line 3: metadata.name must be")]
    [InlineData("a: [", "line")]
    public void ParseAll_WrongDescriptor_NamesFileAndLine(string text, string expected)
    {
        var error = Descriptor.ParseAll(text, "catalog-info.yaml").Error!;

        Assert.StartsWith("catalog-info.yaml, ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_FacetsAndSearch_CountWhatTheOtherChoicesLeave()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        await bench.Get<ICatalogWriter>().RegisterAsync(
            new RegisterDescriptor(Orders, "url:here"), RunBench.Ada, CancellationToken.None);
        var read = bench.Get<ReadCatalog>();

        var facets = (await read.FacetsAsync(
            new CatalogFilter { Kinds = ["Component"] }, RunBench.Ada, CancellationToken.None)).Value;
        var found =
            (await read.ListAsync(new CatalogFilter { Search = "DOTNET" }, RunBench.Ada, CancellationToken.None)).Value;

        Assert.Equal(["API", "Component"], facets.Kinds.Select(k => k.Value));
        Assert.Equal(["service"], facets.Types.Select(t => t.Value));
        Assert.Equal(["orders"], found.Items.Select(e => e.Name));
    }
}
