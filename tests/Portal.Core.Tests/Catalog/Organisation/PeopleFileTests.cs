using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Organisation;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Catalog.Organisation;

/// <summary>People and teams of a file: taken, changed, gone, and whatever else a file may hold.</summary>
public sealed class PeopleFileTests(PostgresFixture postgres) : IDisposable
{
    private const string Orders = """
        apiVersion: backstage.io/v1alpha1
        kind: Group
        metadata: { name: orders, title: Orders team }
        spec: { type: team, children: [], members: [] }

        """;

    private const string Ada = """
        ---
        apiVersion: backstage.io/v1alpha1
        kind: User
        metadata: { name: ada }
        spec: { profile: { displayName: Ada Morgan, email: ada@example.test }, memberOf: [orders] }

        """;

    private const string Bo = """
        ---
        apiVersion: backstage.io/v1alpha1
        kind: User
        metadata: { name: bo }
        spec: { memberOf: [orders] }

        """;

    private readonly string path = Path.GetTempFileName();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(path);

    [Fact]
    public async Task Look_AtAFile_TakesItsPeople_AndWhoIsGoneFromItLeaves()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var file = Open(bench);
        await LookAsync(file, Orders + Ada + Bo);
        Assert.Equal((2, 1, 0), (file.State.People, file.State.Teams, file.State.Problems.Count));
        Assert.Equal(
            "group:default/orders",
            Assert.Single((await bench.Get<People>().PersonAsync(EntityRef.User("bo"), Cancellation)).Groups).Key);
        var token = await bench.Get<People>().IssueTokenAsync(EntityRef.User("bo"), Cancellation);

        await LookAsync(file, Orders + Ada);

        Assert.Null(await bench.Get<AccessTokens>().FindAsync(token, Cancellation));
        Assert.Empty((await bench.Get<People>().PersonAsync(EntityRef.User("bo"), Cancellation)).Groups);
        await using var db = bench.Database.CreateDbContext();
        Assert.True(await db.Set<AuditEvent>().AnyAsync(
            e => e.Action == "entity.removed" && e.Subject == "user:default/bo", Cancellation));
        Assert.True(await db.Set<AuditEvent>().AnyAsync(
            e => e.Action == "token.issued" && e.Subject == "user:default/bo", Cancellation));
    }

    [Fact]
    public async Task Look_AtTheSameAgain_ChangesAndRecordsNothing()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        await LookAsync(Open(bench), Orders + Ada);
        await using var db = bench.Database.CreateDbContext();
        var before = await db.Set<AuditEvent>().CountAsync(Cancellation);

        await LookAsync(Open(bench), Orders + Ada);

        Assert.Equal(before, await db.Set<AuditEvent>().CountAsync(Cancellation));
    }

    /// <summary>One typing error must not put half of the company out.</summary>
    [Theory]
    [InlineData("---\nkind: User\n", "apiVersion must be one of")]
    [InlineData("---\n{ this is: no [yaml\n", "line 11")]
    [InlineData("---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: x }\n", "neither a person")]
    [InlineData("---\napiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: { name: \"a\\0b\" }\n", "metadata.name")]
    [InlineData(
        "---\napiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: { name: x, title: \"a\\0b\" }\n", "U+0000")]
    [InlineData("---\napiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: { name: ADA }\n", "described above")]
    public async Task Look_AtAFileWithAMistake_TakesTheRest_SaysWhere_AndNobodyLeaves(string wrong, string says)
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var file = Open(bench);
        await LookAsync(file, Orders + Bo);

        await LookAsync(file, Orders + Ada + wrong);

        Assert.Contains(says, Assert.Single(file.State.Problems), StringComparison.Ordinal);
        await using var db = bench.Database.CreateDbContext();
        Assert.Equal(
            ["group:default/orders", "user:default/ada", "user:default/bo"],
            await db.Set<CatalogEntity>().OrderBy(e => e.Key).Select(e => e.Key).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Look_AtAFileThatIsGoneOrEmpty_SaysSo_AndNobodyLeaves()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var file = Open(bench);
        await LookAsync(file, Orders + Ada);

        await LookAsync(file, "");
        Assert.Contains("names nobody", Assert.Single(file.State.Problems), StringComparison.Ordinal);
        File.Delete(path);
        await file.LookAsync(Cancellation);
        Assert.Contains("does not exist", Assert.Single(file.State.Problems), StringComparison.Ordinal);

        await using var db = bench.Database.CreateDbContext();
        Assert.Equal(2, await db.Set<CatalogEntity>().CountAsync(Cancellation));
    }

    [Fact]
    public async Task Look_AtAFileThatWouldCostMuch_IsBounded()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var file = Open(bench);
        var bomb = new StringBuilder("---\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 9; i++) bomb.Append($"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n");

        await LookAsync(file, Orders + string.Concat(Enumerable.Repeat(bomb.ToString(), 200)));
        Assert.InRange(file.State.Problems.Count, 2, DescriptorDocuments.MostErrors + 1);
        Assert.Contains("is not read", file.State.Problems[^1], StringComparison.Ordinal);
        Assert.Equal(1, file.State.Teams);

        await LookAsync(file, new string('#', DescriptorLimits.MaxFile + 1));
        Assert.Contains("larger than 5 MB", Assert.Single(file.State.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_AtAFileThatTakesTheLastAdministratorOut_LeavesThemIn()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var file = Open(bench);
        await LookAsync(file, Orders + Ada + Bo);
        await bench.Get<ChangePeople>().SetAdministratorAsync(EntityRef.User("bo"), true, Actor.System, Cancellation);

        await LookAsync(file, Orders + Ada);

        Assert.Contains("Nobody would be left", Assert.Single(file.State.Problems), StringComparison.Ordinal);
        var bo = await bench.Get<People>().PersonAsync(EntityRef.User("bo"), Cancellation);
        Assert.True(await bench.Get<Authorise>().MayAsync(bo, Permissions.Administer, null, Cancellation));
    }

    [Fact]
    public async Task Look_AtWhoWasMadeHereBefore_IsTheFilesFromThen_AndWhatOthersDescribeStaysTheirs()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var token = await bench.Get<People>().IssueTokenAsync(EntityRef.User("ada"), Cancellation);
        await bench.Get<SampleOrganisation>().LoadAsync(Orders, Cancellation);
        var file = Open(bench);

        await LookAsync(file, Orders + Ada);

        Assert.Contains("sample organisation", Assert.Single(file.State.Problems), StringComparison.Ordinal);
        Assert.NotNull(await bench.Get<AccessTokens>().FindAsync(token, Cancellation));
        var edited = await bench.Get<ChangePeople>().EditAsync(
            EntityRef.User("ada"), new Profile("Other"), Actor.System, Cancellation);
        Assert.Contains("PeopleFile", edited.Error!.Message, StringComparison.Ordinal);
    }

    private PeopleFile Open(RunBench bench) => new(
        bench.Get<ChangeOrganisation>(), Options.Create(new CatalogOptions { PeopleFile = path }), TimeProvider.System,
        NullLogger<PeopleFile>.Instance);

    private async Task LookAsync(PeopleFile file, string text)
    {
        await File.WriteAllTextAsync(path, text, Cancellation);
        await file.LookAsync(Cancellation);
    }
}
