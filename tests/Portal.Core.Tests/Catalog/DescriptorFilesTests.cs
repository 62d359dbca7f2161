using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Catalog;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Catalog;

/// <summary>What a descriptor file costs grows with its size, not with the square of it.</summary>
public sealed class DescriptorFilesTests(PostgresFixture postgres)
{
    private const string Here = "url:here/catalog-info.yaml";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Register_FiveThousandEntitiesInAFile_StoresItsTextOnce()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var text = Entities(5_000);

        var registered = await RegisterAsync(bench, text);

        Assert.Equal(5_000, registered.Value.Count);
        Assert.Equal(text, Assert.Single(await FilesAsync(bench)).Text);
        // The rows and the file: less than ten times the text, however many entities are in it.
        Assert.InRange(await DiskAsync(bench), text.Length, 10 * text.Length);
    }

    [Fact]
    public async Task Register_OneLabelOfManyChanged_ChangesThatEntityAndKeepsNoOldText()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        await RegisterAsync(bench, Entities(1_000));
        await using var db = bench.Database.CreateDbContext();
        var before = await db.Set<CatalogEntity>().MaxAsync(e => e.UpdatedAt, Cancellation);
        var changed = Entities(1_000).Replace(
            "name: part-500\n", "name: part-500\n  labels: { tier: gold }\n", StringComparison.Ordinal);

        await RegisterAsync(bench, changed);

        var updated = Assert.Single(
            await db.Set<CatalogEntity>().AsNoTracking().Where(e => e.UpdatedAt > before).ToListAsync(Cancellation));
        Assert.Equal("part-500", updated.Name);
        Assert.Equal(changed, Assert.Single(await FilesAsync(bench)).Text);
        Assert.Contains("tier: gold", await TextAsync(bench, "part-500"), StringComparison.Ordinal);
        Assert.DoesNotContain("part-998", await TextAsync(bench, "part-999"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_OfEachDocument_IsAsItsAuthorWroteIt()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var first =
            "# 🚀 the first\r\napiVersion: backstage.io/v1alpha1\r\nkind: Component\r\nmetadata: { name: one, title: 'é🚀' }\r\nspec: { owner: orders }\r\n";
        var second =
            "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata:\n  name: two   # kept\nspec: { owner: orders }\n";
        var third =
            " {apiVersion: backstage.io/v1alpha1, kind: System, metadata: {name: three}, spec: {owner: orders}}\n";

        await RegisterAsync(bench, $"\uFEFF{first}---\n{second}---{third}...\n---\n");

        Assert.Equal(first, await TextAsync(bench, "one"));
        Assert.Equal(second, await TextAsync(bench, "two", "api"));
        Assert.StartsWith(third, await TextAsync(bench, "three", "system"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_WithoutAnEntityThatWasThere_KeepsItButNotTheOldFile()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        await RegisterAsync(bench, Entities(3));

        await RegisterAsync(bench, Entities(2));

        Assert.Single(await FilesAsync(bench));
        Assert.StartsWith(
            "apiVersion: backstage.io/v1alpha1\n", await TextAsync(bench, "part-2"), StringComparison.Ordinal);
        Assert.Equal(3, (await bench.Get<ICatalogWriter>().UnregisterAsync(Here, RunBench.Ada, Cancellation)).Value);
        Assert.Empty(await FilesAsync(bench));
    }

    [Theory]
    [InlineData("describes more than 10000 entities")]
    [InlineData("larger than 5 MB")]
    [InlineData("is described above already")]
    [InlineData("longer than 2000000 characters")]
    [InlineData("longer than 20000000 characters together")]
    [InlineData("names more than 2000 other entities")]
    [InlineData("longer than 200 characters")]
    public async Task Register_MoreThanALimit_SaysWhichLimit(string words)
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var request = words switch
        {
            "describes more than 10000 entities" => new RegisterDescriptor(Entities(10_001), Here),
            "larger than 5 MB" => new RegisterDescriptor(Entities(1) + "#" + new string('x', 5_000_000), Here),
            "is described above already" => new RegisterDescriptor(Entities(1) + "---\n" + Entities(1), Here),
            "names more than 2000 other entities" => new RegisterDescriptor(
                Entities(1).TrimEnd()
                    + $"\n  dependsOn: [{string.Join(", ", Enumerable.Range(0, 2_001).Select(i => $"component:c{i}"))}]\n", Here),
            "longer than 200 characters" => new RegisterDescriptor(
                Entities(1).Replace("owner: orders", "owner: " + new string('o', 3_000)), Here),
            // A small file that multiplies another one.
            _ => new RegisterDescriptor(string.Join(
                "---\n",
                Enumerable.Range(0, 100).Select(i => One($"api-{i}", "  definition: { $text: ./big.txt }\n"))), Here)
            {
                Files = new Dictionary<string, string> { ["./big.txt"] = new(
                    'x', words.Contains("together") ? 1_000_000 : 2_000_000) },
            },
        };

        var refused = (await bench.Get<ICatalogWriter>().RegisterAsync(request, RunBench.Ada, Cancellation)).Error;

        Assert.Contains(words, refused!.Message, StringComparison.Ordinal);
        Assert.Empty(await FilesAsync(bench));
    }

    private static Task<Result<IReadOnlyList<EntityRef>>> RegisterAsync(RunBench bench, string text) =>
        bench.Get<ICatalogWriter>().RegisterAsync(new RegisterDescriptor(text, Here), RunBench.Ada, Cancellation);

    private static async Task<string> TextAsync(RunBench bench, string name, string kind = "component")
    {
        var catalog = bench.Get<ReadCatalog>();
        return await catalog.TextAsync(
            (await catalog.FindAsync(new EntityRef(kind, "default", name), RunBench.Ada, Cancellation)).Value.Entity,
            Cancellation);
    }

    private static async Task<List<DescriptorFile>> FilesAsync(RunBench bench)
    {
        await using var db = bench.Database.CreateDbContext();
        return await db.Set<DescriptorFile>().AsNoTracking().ToListAsync(Cancellation);
    }

    private static async Task<long> DiskAsync(RunBench bench)
    {
        await using var db = bench.Database.CreateDbContext();
        return await db.Database.SqlQuery<long>(
            $"select pg_total_relation_size('catalog_entities') + pg_total_relation_size('descriptor_files') as \"Value\"").SingleAsync(
                Cancellation);
    }

    private static string Entities(int count)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++) text.Append(i == 0 ? "" : "---\n").Append(One($"part-{i}"));
        return text.ToString();
    }

    private static string One(string name, string more = "") => $"""
        apiVersion: backstage.io/v1alpha1
        kind: Component
        metadata:
          name: {name}
          description: What it is for, in a sentence that is as long as such sentences are.
          tags: [java, orders]
          annotations:
            example.com/dashboard: https://dashboards.example.com/services/{name}
          links:
            - url: https://wiki.example.com/{name}
              title: Wiki
        spec:
          type: service
          lifecycle: production
          owner: orders
          system: shop
        {more}
        """.Trim() + "\n";
}
