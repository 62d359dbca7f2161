using Bunit;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;
using Portal.Web.Repositories;
using Portal.Web.Tests.Pages;

namespace Portal.Web.Tests.Repositories;

public sealed class RepositoryPagesTests(PostgresFixture postgres) : PageTest(postgres)
{
    private const string Script = "<script>alert(1)</script>";

    private static readonly RepositoryName Basket = new("orders", "basket");

    [Fact]
    public async Task Show_Repository_ListsItsFilesAndReadsItsReadme()
    {
        await NewAsync(("README.md", "# Hello basket"), ("src/a b#?.cs", "x"));

        var page = Open<RepositoryPage>("ada");

        Says(page, "Hello basket");
        Assert.Contains(
            page.FindAll("th a"), a => a.GetAttribute("href") == "/repositories/local/orders/basket/tree/src");
    }

    [Fact]
    public async Task Show_Folder_LinksNamesWhateverTheyAre()
    {
        await NewAsync(("src/a b#?%.cs", "x"), ("src/<script>", "y"));

        var page = Open<RepositoryPage>("ada", p => p.Add(r => r.Path, "src"));

        Says(page, "a b#?%.cs");
        Assert.Contains(
            page.FindAll("th a"),
            a => a.GetAttribute("href") == "/repositories/local/orders/basket/file/src/a%20b%23%3F%25.cs");
        Assert.Empty(page.FindAll("script"));
    }

    [Fact]
    public async Task Show_File_IsTextAndABinaryOneIsNamed()
    {
        await NewAsync(("a.html", Script), ("b.bin", "\0\0\0"));

        var text = Open<FilePage>("ada", p => p.Add(f => f.Path, "a.html"));
        Says(text, Script);
        Assert.Empty(text.FindAll("script"));
        var binary = Open<FilePage>("ada", p => p.Add(f => f.Path, "b.bin"));
        Says(binary, "a binary file of 3 B");
    }

    [Theory]
    [InlineData("../../secret")]
    [InlineData("./a.html")]
    [InlineData("a.html/")]
    [InlineData("absent")]
    public async Task Show_PathThatIsNone_SaysSo(string path)
    {
        await NewAsync(("a.html", "x"));

        Says(Open<FilePage>("ada", p => p.Add(f => f.Path, path)), "There is no file");
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("..")]
    [InlineData("a b")]
    public void Show_RepositoryThatIsNone_SaysSo(string name) =>
        Says(Open<RepositoryPage>("ada", name: name), "There is no repository");

    /// <summary>Exactly who may clone it may look into it.</summary>
    [Fact]
    public async Task Show_ToWhoMayNotReadIt_IsRefused()
    {
        await NewAsync(("README.md", "# Private"));
        await using (var db = Db())
        {
            foreach (var grant in db.Set<Portal.Core.Access.RoleGrant>().ToList())
            {
                if (grant.Scope == Portal.Core.Access.RoleGrant.Everywhere) db.Remove(grant);
            }
            await db.SaveChangesAsync();
        }
        // Grants that were read are used for a while.
        Clock.Advance(TimeSpan.FromMinutes(1));

        var page = Open<RepositoryPage>("ben");

        Says(page, "You may not do this");
        Assert.DoesNotContain("Private", Text(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_Commit_ShowsItsPatchAsText()
    {
        await NewAsync(("a", "1"));
        var sha = new string('b', 40);
        Browser.Commit = new CommitDetails(
            new Commit(sha, Script, "Ada", Now), "Why", [new string('c', 40)],
            [
                new ChangedFile("a", FileChange.Changed, 1, 1, $"@@ -1 +1 @@\n-1\n+{Script}\n"),
                new ChangedFile("b.bin", FileChange.Added, null, null, null),
            ], IsWhole: true);

        var page = Open<CommitPage>("ada", p => p.Add(c => c.Sha, sha));

        Says(page, Script);
        Assert.Equal($"+{Script}", page.Find(".patch .added").TextContent.Trim());
        Says(page, "A binary file.");
        Assert.Empty(page.FindAll("script"));
    }

    private IRenderedComponent<T> Open<T>(
        string person, Action<ComponentParameterCollectionBuilder<T>>? more = null, string name = "basket")
        where T : RepositoryPageBase
    {
        SignIn(person);
        return Render<T>(p =>
        {
            p.Add(r => r.Provider, "local").Add(r => r.Owner, "orders");
            p.Add(r => r.Name, name);
            more?.Invoke(p);
        });
    }

    private Task NewAsync(params (string Path, string Text)[] files) => Host.CreateAsync(
        new CreateRepository(
            Basket, "", "main", Trees.Of(files), "First", new CommitAuthor("Ada", "ada@example.org", Now), "mark",
            "group:default/orders"), CancellationToken.None);
}
