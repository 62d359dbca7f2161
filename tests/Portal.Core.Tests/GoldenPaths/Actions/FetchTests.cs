using System.Text;
using System.Text.Json.Nodes;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared.Files;
using Portal.TestKit.Fakes;

namespace Portal.Core.Tests.GoldenPaths.Actions;

public sealed class FetchTests : IDisposable
{
    private static readonly JsonObject Values = new() { ["name"] = "orders", ["up"] = "..", ["off"] = false };

    private readonly Plans plans = new();
    private readonly RunningHost host = new();

    public void Dispose() => plans.Dispose();

    [Theory]
    [InlineData("*.txt", "a.txt")]
    [InlineData("**/*.txt", "a.txt,d/b.txt,d/.e/c.txt")]
    [InlineData("d", "d/b.txt,d/x.md,d/.e/c.txt")]
    [InlineData("./d/**", "d/b.txt,d/x.md,d/.e/c.txt")]
    [InlineData("?.{txt,md}", "a.txt")]
    [InlineData("[a-c].txt", "a.txt")]
    [InlineData("d/.e/*", "d/.e/c.txt")]
    [InlineData("**/*.txt','!d/**", "a.txt")]
    public async Task FetchTemplate_CopyWithoutTemplating_CopiesContentsThatMatch(string patterns, string copied)
    {
        var files = new[] { "a.txt", "d/b.txt", "d/x.md", "d/.e/c.txt" };

        await FetchAsync($"copyWithoutTemplating: ['{patterns}']", [.. files.Select(f => (f, "${{ values.name }}"))]);

        Assert.Equal(copied.Split(',').Order(), files.Where(f => Text(f) == "${{ values.name }}").Order());
        Assert.All(files.Except(copied.Split(',')), f => Assert.Equal("orders", Text(f)));
    }

    [Fact]
    public async Task FetchTemplate_Paths_AreRenderedUnlessCopiedWithoutRender()
    {
        await FetchAsync("copyWithoutTemplating: ['**']", ("${{ values.name }}/a.txt", "${{ values.name }}"));
        await FetchAsync("copyWithoutRender: ['*.raw']", ("${{ values.name }}.raw", "${{ values.name }}"));

        Assert.Equal(["${{ values.name }}.raw", "orders/a.txt"], host.Workspace.Tree.Files.Select(f => f.Path));
        Assert.All(host.Workspace.Files, f => Assert.Equal("${{ values.name }}", Text(f.Path)));
    }

    [Theory]
    [InlineData("true", ".njk")]
    [InlineData("'.tmpl'", ".tmpl")]
    public async Task FetchTemplate_TemplateFileExtension_RendersOnlyThoseFiles(string setting, string extension)
    {
        await FetchAsync(
            $"templateFileExtension: {setting}", ($"a.txt{extension}", "${{ values.name }}"),
            ("${{ values.name }}.txt", "${{ values.name }}"));

        Assert.Equal("orders", Text("a.txt"));
        Assert.Equal("${{ values.name }}", Text("orders.txt"));
        Assert.Equal(2, host.Workspace.Count);
    }

    [Theory]
    [InlineData("", "first", "kept")]
    [InlineData("replace: true", "second", null)]
    public async Task FetchTemplate_FileThatIsThere_IsReplacedOnlyWhenAsked(
        string more, string expected, string? logged)
    {
        host.Workspace.Put("a.txt", "first");

        await FetchAsync(more, ("a.txt", "second"), ("b.txt", "b"));

        Assert.Equal((expected, "b"), (Text("a.txt"), Text("b.txt")));
        Assert.Equal(
            logged is not null, host.Lines.Exists(l => l.Message.Contains("are kept", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task FetchTemplate_BinaryFileAndModes_StayAsTheyAre()
    {
        byte[] image = [0x89, (byte)'P', (byte)'N', (byte)'G', 0, .. "${{ values.name }}"u8, 0xFF, 0xFE];
        var files = new FileTree([new TreeFile("skeleton/a.png", image), new TreeFile(
            "skeleton/run.sh", "#!/bin/sh\necho ${{ values.name }}"u8.ToArray(),
            Executable: true), Trees.Link("skeleton/link", "run.sh")]);

        await FetchAsync("", files);

        Assert.Equal(image, host.Workspace.Tree.Files.Single(f => f.Path == "a.png").Content.ToArray());
        Assert.True(host.Workspace.TryGet("run.sh", out var script) && script.Executable);
        Assert.EndsWith("echo orders", Text("run.sh"));
        Assert.True(host.Workspace.TryGet("link", out var link) && link.IsLink && Text("link") == "run.sh");
    }

    [Fact]
    public async Task FetchTemplate_PathThatRendersToNothing_IsLeftOut()
    {
        await FetchAsync(
            "", ("${{ 'a.txt' if values.off }}", "a"), ("${{ 'docs' if values.off }}/b.txt", "b"),
            ("x/${{ 'y' if values.off }}/c.txt", "c"), ("d.txt", "d"));

        Assert.Equal("d.txt", Assert.Single(host.Workspace.Files).Path);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../template.yaml")]
    [InlineData("sub/../../template.yaml")]
    public async Task FetchTemplate_LinkOutOfTheFolder_IsRefused(string target)
    {
        var error = await FailAsync("", new FileTree([Trees.Link("skeleton/link", target)]));

        Assert.Equal(
            $"The symbolic link 'link' points out of the folder, to '{target}'. Replace it by the file, or by a link that stays inside.",
            error);
        Assert.Equal(0, host.Workspace.Count);
    }

    [Theory]
    [InlineData("${{ values.up }}/a.txt", "")]
    [InlineData("a/${{ values.up }}/${{ values.up }}/b.txt", "")]
    [InlineData("a.txt", "targetPath: ../out")]
    [InlineData("a.txt", "targetPath: /tmp/out")]
    [InlineData("a.txt", "targetPath: .git/hooks")]
    [InlineData("${{ 'a' + '\\\\' + 'b' }}", "")]
    public async Task FetchTemplate_PathThatClimbsOut_IsRefused(string path, string more)
    {
        var error = await Assert.ThrowsAsync<WorkspaceException>(() => FetchAsync(more, (path, "x")));

        Assert.Contains("is refused: ", error.Message);
        Assert.Equal(0, host.Workspace.Count);
        Assert.Equal(StepStatus.Failed, Assert.Single(host.Ended).Status);
    }

    [Theory]
    [InlineData("a", "${{ 'a' if values.name }}/b", "'a/b' cannot be made: 'a' is a file already.")]
    [InlineData("a/b/c", "${{ 'a/b' if values.name }}", "'a/b' cannot be a file: it is a folder already.")]
    public async Task FetchTemplate_NameThatIsFileAndFolder_IsRefused(string first, string second, string expected)
    {
        host.Workspace.Put(first, "first");
        var error = await Assert.ThrowsAsync<WorkspaceException>(() => FetchAsync("", (second, "x")));
        Assert.Equal(expected, error.Message);
        host.Workspace.Remove("a");

        await FetchAsync("", (second, "x"));

        Assert.Equal(1, host.Workspace.Count);
    }

    [Theory]
    [InlineData("../other", "climbs out of the template's folder")]
    [InlineData("skeleton/../../x", "climbs out of the template's folder")]
    [InlineData("/etc", "is absolute")]
    [InlineData("https://example.org/x", "lies outside of the template")]
    [InlineData("./skeletn", "has no folder './skeletn'; it has: skeleton. Correct 'url'")]
    [InlineData("./template.yaml", "is a file of the template; a folder is needed here")]
    public async Task FetchTemplate_UrlThatIsNoFolderOfTheTemplate_SaysWhatToWrite(string url, string expected)
    {
        foreach (var action in (string[])["fetch:template", "fetch:plain"])
        {
            var error = await Assert.ThrowsAsync<ActionFailedException>(
                () => StepAsync($"action: '{action}', input: {{ url: '{url}' }}", Trees.Of(("skeleton/a.txt", "a"))));
            Assert.Contains(expected, error.Message);
        }
    }

    [Theory]
    [InlineData("copyWithoutRender: [a], copyWithoutTemplating: [b]", "exclude each other")]
    [InlineData(
        "templateFileExtension: true, copyWithoutTemplating: [b]",
        "templateFileExtension says which files are rendered")]
    [InlineData("cookiecutterCompat: true", "cookiecutterCompat is not supported")]
    [InlineData("copyWithoutTemplating: a", "The input 'copyWithoutTemplating' must be")]
    [InlineData("vales: {}", "'vales' is no input of fetch:template. Did you mean 'values'?")]
    public async Task FetchTemplate_WrongInput_SaysWhatToChange(string more, string expected) =>
        Assert.Contains(expected, await FailAsync(more, Trees.Of(("skeleton/a.txt", "a"))));

    [Theory]
    [InlineData("a\n  ${{ vals.name }}", "skeleton/f.txt:2:7: ")]
    [InlineData("${{ github.sha }}", "list the file in copyWithoutTemplating, or put {% raw %}")]
    [InlineData("{% include '../template.yaml' %}", "skeleton/f.txt:1:")]
    [InlineData("{% include 'none.txt' %}", "there is no template 'none.txt'")]
    public async Task FetchTemplate_FileThatFails_SaysWhere(string text, string expected) =>
        Assert.Contains(expected, await FailAsync("", Trees.Of(("skeleton/f.txt", text))));

    [Fact]
    public async Task FetchTemplate_TextThatIsNotUtf8_SaysSo()
    {
        byte[] latin = [.. Encoding.Latin1.GetBytes(new string('x', 200) + " caf\u00e9 ${{ values.name }}")];

        Assert.Contains(
            "skeleton/f.txt has expressions but is not UTF-8 text. Save it as UTF-8",
            await FailAsync("", new FileTree([new TreeFile("skeleton/f.txt", latin)])));
    }

    [Fact]
    public async Task FetchTemplate_IncludesAndBlocks_FollowTheOptions()
    {
        await FetchAsync(
            "trimBlocks: true, lstripBlocks: true, targetPath: out",
            ("a.txt", "  {% if values.name %}\n{% include 'part.txt' %}\n  {% endif %}\n"),
            ("part.txt", "${{ values.name }}"));

        Assert.Equal("orders", Text("out/a.txt"));
    }

    [Fact]
    public async Task FetchTemplateFile_OneFile_IsRenderedOrKept()
    {
        var files = Trees.Of(("README.njk", "# ${{ values.name }}"));
        const string step =
            "action: 'fetch:template:file', input: { url: ./README.njk, targetPath: docs/README.md, values: { name: orders } }";

        await StepAsync(step, files);
        host.Workspace.Put("docs/README.md", "mine");
        await StepAsync(step, files);
        Assert.Equal("mine", Text("docs/README.md"));
        await StepAsync(step.Replace("values:", "replace: true, values:"), files);

        Assert.Equal("# orders", Text("docs/README.md"));
        await Assert.ThrowsAsync<WorkspaceException>(
            () => StepAsync(step.Replace("docs/README.md", "../README.md"), files));
        Assert.Contains("has no file './none'", (await Assert.ThrowsAsync<ActionFailedException>(
            () => StepAsync(step.Replace("./README.njk", "./none"), files))).Message);
    }

    [Fact]
    public async Task FetchPlain_FolderAndFile_AreCopiedAsTheyAre()
    {
        var files = Trees.Of(("docs/a.md", "${{ values.x }}"), ("docs/b/c.md", "c"), ("LICENSE", "free"));

        await StepAsync("action: 'fetch:plain', input: { url: ./docs, targetPath: d }", files);
        await StepAsync("action: 'fetch:plain:file', input: { url: LICENSE, targetPath: L/LICENSE }", files);

        Assert.Equal(["L/LICENSE", "d/a.md", "d/b/c.md"], host.Workspace.Tree.Files.Select(f => f.Path));
        Assert.Equal("${{ values.x }}", Text("d/a.md"));
        var error = await Assert.ThrowsAsync<ActionFailedException>(() => StepAsync(
            "action: 'fetch:plain', input: { url: ./l }", new FileTree([Trees.Link("l/x", "../template.yaml")])));
        Assert.Contains("points out of the folder", error.Message);
    }

    private Task FetchAsync(string more, params (string Path, string Text)[] files) =>
        FetchAsync(more, Trees.Of([.. files.Select(f => ("skeleton/" + f.Path, f.Text))]));

    private Task FetchAsync(string more, FileTree files) =>
        StepAsync(
            $"action: 'fetch:template', input: {{ url: ./skeleton, values: '${{{{ parameters }}}}'{(more.Length == 0 ? "" : ", " + more)} }}",
            files);

    private async Task<string> FailAsync(string more, FileTree files) =>
        (await Assert.ThrowsAsync<ActionFailedException>(() => FetchAsync(more, files))).Message;

    private Task StepAsync(string step, FileTree files) =>
        plans.RunAsync($"  steps: [{{ id: one, {step} }}]", host, Values, files);

    private string? Text(string path) => host.Workspace.Tree.ReadText(path);
}
