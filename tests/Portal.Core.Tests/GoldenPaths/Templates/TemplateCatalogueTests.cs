using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.TestKit.Fakes;

namespace Portal.Core.Tests.GoldenPaths.Templates;

public sealed class TemplateCatalogueTests : IDisposable
{
    private const string Spec = """
          parameters: { properties: { name: { type: string } } }
          steps: [{ id: fetch, action: 'fetch:template', input: { url: ./skeleton, values: { name: '${{ parameters.name }}' } } }]
        """;

    private static readonly EntityRef Example = EntityRef.Parse("template:default/example");

    private readonly TemplateOnDisk folder = new();
    private readonly Plans plans = new();
    private readonly TemplateCatalogue catalogue;

    public TemplateCatalogueTests()
    {
        plans.Get<IOptions<TemplateOptions>>().Value.Sources = [folder.Path];
        catalogue = plans.Get<TemplateCatalogue>();
    }

    public void Dispose()
    {
        plans.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Refresh_ChangesOnDisk_AreSeenAndToldOnce()
    {
        Add("one");
        var told = 0;
        Assert.Single(catalogue.All);
        catalogue.Changed += () => told++;

        Assert.False(catalogue.Refresh());
        Add("two", name: "other");
        Assert.True(catalogue.Refresh());
        Assert.Equal(["example", "other"], catalogue.All.Select(t => t.Ref.Name));
        folder.Write("one/skeleton/README.md", "longer than before");
        Assert.True(catalogue.Refresh());
        Directory.Delete(folder.Of("two"), recursive: true);
        Assert.True(catalogue.Refresh());

        Assert.False(catalogue.Refresh());
        Assert.Equal((3, 1), (told, catalogue.All.Count));
    }

    [Fact]
    public async Task Watcher_ChangedFile_ShowsWithoutARestart()
    {
        Add("one");
        Assert.Single(catalogue.All);
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // A look may fall between the emptying and the writing of the file; the next one sees it whole.
        catalogue.Changed += () =>
        {
            if (catalogue.Find(Example)?.Title == "Another title") changed.TrySetResult();
        };
        var watcher = plans.Get<IEnumerable<IHostedService>>().OfType<TemplateWatcher>().Single();
        await watcher.StartAsync(TestContext.Current.CancellationToken);

        folder.Write(
            "one/template.yaml", Plans.Text(Spec).Replace("name: example", "name: example\n  title: Another title"));

        await changed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await watcher.StopAsync(TestContext.Current.CancellationToken);
        Assert.Single(catalogue.All);
    }

    [Fact]
    public async Task FindVersionAsync_EditedWhilePinned_GivesEachItsOwnFiles()
    {
        Add("one");
        var reviewed = (await catalogue.FindVersionAsync(Example, TestContext.Current.CancellationToken)).Value;
        folder.Write("one/skeleton/README.md", "# another ${{ values.name }}");
        folder.Write("one/template.yaml", Plans.Text(Spec.Replace("id: fetch", "id: render")));
        catalogue.Refresh();

        var pinned =
            (await catalogue.FindVersionAsync(Example, reviewed.TreeHash, TestContext.Current.CancellationToken)).Value;
        var newest = (await catalogue.FindVersionAsync(Example, TestContext.Current.CancellationToken)).Value;

        Assert.Equal(("fetch", "render"), (pinned.Spec.Steps[0].Id, newest.Spec.Steps[0].Id));
        Assert.NotEqual(pinned.TreeHash, newest.TreeHash);
        Assert.Equal("# orders", await ReadmeAsync(pinned));
        Assert.Equal("# another orders", await ReadmeAsync(newest));
    }

    [Fact]
    public async Task FindVersionAsync_TemplateThatIsGone_IsStillThereForWhoPinnedIt()
    {
        Add("one");
        var reviewed = (await catalogue.FindVersionAsync(Example, TestContext.Current.CancellationToken)).Value;
        Directory.Delete(folder.Of("one"), recursive: true);
        catalogue.Refresh();

        Assert.Equal(
            "template-not-found",
            (await catalogue.FindVersionAsync(Example, TestContext.Current.CancellationToken)).Error!.Code);
        Assert.Equal("# orders", await ReadmeAsync((await catalogue.FindVersionAsync(
            Example, reviewed.TreeHash, TestContext.Current.CancellationToken)).Value));
    }

    [Theory]
    [InlineData("a: [\n", "template.yaml:2: This is not YAML that can be read: ")]
    [InlineData("", "template.yaml:1: The file is empty. Start it with 'apiVersion: scaffolder.backstage.io/v1beta3'.")]
    [InlineData("- a\n", "template.yaml:1: A template is a mapping with apiVersion, kind, metadata and spec.")]
    [InlineData(
        "apiVersion: scaffolder.backstage.io/v9\nkind: Template\n",
        "template.yaml:1: apiVersion 'scaffolder.backstage.io/v9' is not one that the portal reads. Write 'apiVersion: scaffolder.backstage.io/v1beta3'.")]
    [InlineData(
        "apiVersion: backstage.io/v1beta2\nkind: Template\n",
        "template.yaml:1: apiVersion 'backstage.io/v1beta2' is not one that the portal reads. Write 'apiVersion: scaffolder.backstage.io/v1beta3' and move to its format")]
    [InlineData(
        "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Component\n",
        "template.yaml:2: kind 'Component' is no template.")]
    [InlineData(
        "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: { name: 'a b' }\nspec: { type: x, steps: [{ action: 'debug:log' }] }\n",
        "template.yaml:3: 'a b' cannot be a name.")]
    [InlineData(
        "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: { name: a }\nspec:\n  type: x\n  steps:\n    - name: no action\n",
        "template.yaml:7: Step 1 has no action.")]
    public async Task All_TemplateThatCannotBeRead_SaysWhereAndWhatToChange(string text, string expected)
    {
        folder.Write("broken/template.yaml", text);
        Add("fine");

        var entry = catalogue.Find(EntityRef.Parse("template:default/broken"))!;

        Assert.StartsWith(expected, entry.Errors[0].ToString());
        Assert.False(entry.CanCreate);
        var error = (await catalogue.FindVersionAsync(entry.Ref, TestContext.Current.CancellationToken)).Error!;
        Assert.Equal("template-invalid", error.Code);
        Assert.Contains(expected, error.Message);
        Assert.True(catalogue.Find(Example)!.CanCreate);
    }

    [Fact]
    public async Task FindVersionAsync_SkeletonThatIsMissing_FailsThePlanWithWhatToDo()
    {
        folder.Write("one/template.yaml", Plans.Text(Spec));

        var version = (await catalogue.FindVersionAsync(Example, TestContext.Current.CancellationToken)).Value;
        var plan = await plans.Get<PlanRun>().PlanAsync(
            version.Propose([], null, Plans.Ada.Ref), Plans.Ada, TestContext.Current.CancellationToken);

        Assert.Equal(
            "The template has no folder './skeleton' and no folders at all. Correct 'url', or add the folder with at least one file.",
            plan.Error!.Message);
    }

    [Fact]
    public void All_FileOf200Megabytes_IsNamedWithoutBeingRead()
    {
        Add("one");
        using (var large = File.Create(folder.Of("one/skeleton/large.bin"))) large.SetLength(200L * 1024 * 1024);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var entry = catalogue.Find(Example)!;

        Assert.Equal(
            "skeleton/large.bin:1: The file has 200 MB; a file of a template may have at most 20 MB. Take it out, let the template fetch it later, or raise Portal:Templates:MaxFileSize.",
            Assert.Single(entry.Errors).ToString());
        Assert.False(entry.Load().IsOk);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 20L * 1024 * 1024);
    }

    [Fact]
    public async Task Complete_ValueOfOneMegabyte_IsRefusedByName()
    {
        Add("one");
        var form = (await catalogue.FindVersionAsync(Example, TestContext.Current.CancellationToken)).Value.Form;

        var submitted = SubmittedForm.Complete(form, new JsonObject { ["name"] = new string('x', 1024 * 1024) }, null);

        var wrong = Assert.Single(submitted.Error!.Fields);
        Assert.Equal(
            ("/name", "The text is too long: 1,048,576 bytes; at most 500,000 are allowed."),
            (wrong.Path, wrong.Message));
    }

    [Fact]
    public void All_SymbolicLinkOutOfTheFolder_IsNeverFollowed()
    {
        Add("one");
        Directory.CreateSymbolicLink(folder.Of("one/skeleton/outside"), "/etc");
        File.CreateSymbolicLink(folder.Of("one/skeleton/passwd"), "/etc/passwd");

        var tree = catalogue.Find(Example)!.Load().Value.Tree;

        Assert.Equal("/etc/passwd", tree.ReadText("skeleton/passwd"));
        Assert.Equal("/etc", tree.ReadText("skeleton/outside"));
        Assert.Equal(4, tree.Count);
    }

    private void Add(string at, string name = "example")
    {
        folder.Write($"{at}/template.yaml", Plans.Text(Spec).Replace("name: example", $"name: {name}"));
        folder.Write($"{at}/skeleton/README.md", "# ${{ values.name }}");
    }

    private async Task<string?> ReadmeAsync(TemplateVersion version) =>
        (await plans.Get<PlanRun>().PlanAsync(
            version.Propose(new JsonObject { ["name"] = "orders" }, null, Plans.Ada.Ref), Plans.Ada,
            TestContext.Current.CancellationToken)).Value.Workspace.ReadText("README.md");
}
