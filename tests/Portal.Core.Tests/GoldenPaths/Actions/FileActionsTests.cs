using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared.Files;
using Portal.TestKit;
using Portal.TestKit.Fakes;

namespace Portal.Core.Tests.GoldenPaths.Actions;

/// <summary>fs:*, debug:* and catalog:write, over a workspace of three files.</summary>
public sealed class FileActionsTests : IDisposable
{
    private readonly FakeTimeProvider clock = new();
    private readonly Plans plans;
    private readonly RunningHost host = new();

    public FileActionsTests()
    {
        plans = new Plans(services => services.AddSingleton<TimeProvider>(clock));
        foreach (var path in (string[])["a.txt", "d/b.txt", "d/e/c.md"]) host.Workspace.Put(path, path);
    }

    public void Dispose() => plans.Dispose();

    [Theory]
    [InlineData("[a.txt]", "d/b.txt,d/e/c.md")]
    [InlineData("[d]", "a.txt")]
    [InlineData("[./d/e/]", "a.txt,d/b.txt")]
    [InlineData("['**/*.txt']", "d/e/c.md")]
    [InlineData("[none.txt]", "a.txt,d/b.txt,d/e/c.md")]
    public async Task FsDelete_Paths_AreRemoved(string files, string left)
    {
        await RunAsync($"action: 'fs:delete', input: {{ files: {files} }}");

        Assert.Equal(left, Paths());
        Assert.Equal(files == "[none.txt]", host.Lines.Exists(l => l.Level == RunEventType.Warning));
    }

    [Theory]
    [InlineData("{ from: a.txt, to: x/y.txt }", "d/b.txt,d/e/c.md,x/y.txt")]
    [InlineData("{ from: d, to: f }", "a.txt,f/b.txt,f/e/c.md")]
    [InlineData("{ from: a.txt, to: d/b.txt, overwrite: true }", "d/b.txt,d/e/c.md")]
    public async Task FsRename_Paths_Move(string file, string left)
    {
        await RunAsync($"action: 'fs:rename', input: {{ files: [{file}] }}");

        Assert.Equal(left, Paths());
    }

    [Theory]
    [InlineData("action: 'fs:delete', input: { files: ['.'] }", "is the whole workspace. Name what is to be removed.")]
    [InlineData("action: 'fs:delete', input: { files: [''] }, each: []", null)]
    [InlineData(
        "action: 'fs:rename', input: { files: [{ from: none, to: x }] }",
        "There is no 'none' in the workspace to rename.")]
    [InlineData(
        "action: 'fs:rename', input: { files: [{ from: a.txt, to: d/b.txt }] }",
        "'d/b.txt' is there already. Set 'overwrite'")]
    [InlineData("action: 'fs:rename', input: { files: [{ from: d, to: d/e }] }", "'d' cannot be renamed to 'd/e'.")]
    [InlineData("action: 'fs:rename', input: { files: [{ from: a.txt }] }", "The input 'files.0.to' is missing.")]
    [InlineData("action: 'fs:read', input: { path: none.txt }", "There is no file 'none.txt' in the workspace.")]
    [InlineData("action: 'fs:readdir', input: { paths: [none] }", "There is no folder 'none' in the workspace.")]
    [InlineData("action: 'debug:wait', input: { minutes: 11 }", "debug:wait waits at most 10 minutes.")]
    [InlineData("action: 'debug:wait', input: { seconds: -1 }", "The input 'seconds' must be")]
    [InlineData("action: 'debug:log', input: { listWorkspace: all }", "The input 'listWorkspace' must")]
    [InlineData("action: 'catalog:write', input: { entity: text }", "The input 'entity' must be")]
    public async Task Action_WrongInput_SaysWhatToChange(string step, string? expected)
    {
        if (expected is null)
        {
            await RunAsync(step);
            Assert.Equal(3, host.Workspace.Count);
            return;
        }
        var error = await Assert.ThrowsAsync<ActionFailedException>(() => RunAsync(step));

        Assert.Contains(expected, error.Message);
        Assert.Equal("a.txt,d/b.txt,d/e/c.md", Paths());
    }

    [Theory]
    [InlineData("action: 'fs:delete', input: { files: ['../x'] }")]
    [InlineData("action: 'fs:rename', input: { files: [{ from: a.txt, to: ../x }] }")]
    [InlineData("action: 'fs:rename', input: { files: [{ from: /etc/passwd, to: x }] }")]
    [InlineData("action: 'fs:read', input: { path: ../../etc/passwd }")]
    [InlineData("action: 'fs:readdir', input: { paths: ['..'] }")]
    [InlineData("action: 'catalog:write', input: { filePath: ../x.yaml, entity: {} }")]
    public async Task Action_PathThatClimbsOut_IsRefused(string step)
    {
        var error = await Assert.ThrowsAsync<WorkspaceException>(() => RunAsync(step));

        Assert.Contains("is refused: ", error.Message);
        Assert.Equal("a.txt,d/b.txt,d/e/c.md", Paths());
    }

    [Fact]
    public async Task FsRead_File_GivesItsText()
    {
        Assert.Equal(
            "d/b.txt", (await RunAsync("action: 'fs:read', input: { path: d/b.txt }"))!["content"]!.GetValue<string>());
        host.Workspace.Put("large.txt", new string('x', 1024 * 1024 + 1));
        Assert.Contains("is larger than 1 MB", (await Assert.ThrowsAsync<ActionFailedException>(
            () => RunAsync("action: 'fs:read', input: { path: large.txt }"))).Message);
    }

    [Theory]
    [InlineData("paths: ['.']", "a.txt", "d")]
    [InlineData("paths: [d]", "d/b.txt", "d/e")]
    [InlineData("paths: ['.'], recursive: true", "a.txt,d/b.txt,d/e/c.md", "d,d/e")]
    public async Task FsReaddir_Folder_ListsFilesAndFolders(string input, string files, string folders)
    {
        var output = await RunAsync($"action: 'fs:readdir', input: {{ {input} }}");

        Assert.Equal(files, string.Join(',', output!["files"]!.AsArray().Select(f => f!["fullPath"]!.ToString())));
        Assert.Equal(folders, string.Join(',', output["folders"]!.AsArray().Select(f => f!["fullPath"]!.ToString())));
    }

    [Theory]
    [InlineData("message: hello", "hello")]
    [InlineData("message: { a: [1] }", "{\"a\":[1]}")]
    [InlineData("listWorkspace: true", "Workspace: 3 files\n  - a.txt\n  - d/b.txt\n  - d/e/c.md")]
    [InlineData(
        "listWorkspace: with-contents",
        "Workspace: 3 files\n  - a.txt\na.txt\n  - d/b.txt\nd/b.txt\n  - d/e/c.md\nd/e/c.md")]
    public async Task DebugLog_Input_IsWritten(string input, string expected)
    {
        await RunAsync($"action: 'debug:log', input: {{ {input} }}");

        Assert.Equal(expected, Assert.Single(host.Lines).Message);
    }

    [Fact]
    public async Task DebugWait_Time_IsWaitedFor()
    {
        var run = RunAsync("action: 'debug:wait', input: { minutes: 1, seconds: 2 }");
        Assert.False(run.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.False(run.IsCompleted);

        clock.Advance(TimeSpan.FromSeconds(1));

        await run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal("Waiting for 62 seconds.", Assert.Single(host.Lines).Message);
    }

    [Fact]
    public async Task CatalogWrite_Entity_IsWrittenAsYaml()
    {
        await RunAsync(
            "action: 'catalog:write', input: { entity: { kind: Component, metadata: { name: 'yes', description: 'a: b' }, spec: { on: 'true' } } }");

        var written = Portal.Core.Shared.Yaml.Parse(host.Workspace.Tree.ReadText("catalog-info.yaml")!).Single().Root!;
        Assert.Equal(
            """{"kind":"Component","metadata":{"name":"yes","description":"a: b"},"spec":{"on":"true"}}""",
            written.ToJsonString());
    }

    private async Task<JsonNode?> RunAsync(string step)
    {
        await plans.RunAsync($"  steps: [{{ id: one, {step} }}]", host);
        return host.Ended[^1].Output;
    }

    private string Paths() => string.Join(',', host.Workspace.Tree.Files.Select(f => f.Path));
}
