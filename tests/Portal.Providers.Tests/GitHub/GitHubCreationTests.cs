using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.TestKit.Outside;

namespace Portal.Providers.Tests.GitHub;

public sealed class GitHubCreationTests(GitHubFixture github) : IClassFixture<GitHubFixture>
{
    private const string Create = "POST /orgs/{org}/repos";

    private const string Finish = "PATCH /repos/{owner}/{repo}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Create, OutsideFault.CutAfter)]
    [InlineData(Create, OutsideFault.FailAfter)]
    [InlineData("POST /repos/{owner}/{repo}/git/trees", OutsideFault.CutAfter)]
    [InlineData("POST /repos/{owner}/{repo}/git/commits", OutsideFault.FailAfter)]
    [InlineData("PATCH /repos/{owner}/{repo}/git/refs/{ref}", OutsideFault.CutAfter)]
    [InlineData(Finish, OutsideFault.FailAfter)]
    [InlineData(Finish, OutsideFault.FailBefore)]
    public async Task Create_AnswerLost_IsFinishedByTheNextCallAndMadeOnce(string operation, OutsideFault fault)
    {
        var request = GitHubThings.Request(GitHubThings.NewName(), ("README.md", "# Orders\n"));
        // As often as the pipeline repeats what it may repeat, and once more.
        github.World.Faults.Plan(operation, fault, operation == Create ? 1 : 4);
        var lost =
            await Assert.ThrowsAsync<ProviderException>(() => github.Repositories.CreateAsync(request, Cancellation));
        Assert.True(lost.MayHaveHappened);
        // After the last call it is whole; before, it looks as if it were not there.
        var isWhole = operation == Finish && fault == OutsideFault.FailAfter;
        Assert.Equal(
            isWhole, (await github.Repositories.FindAsync(request.Name, Cancellation))?.HeadCommit is not null);
        var made = await github.Repositories.CreateAsync(request, Cancellation);
        Assert.Equal(made, await github.Repositories.FindAsync(request.Name, Cancellation));
        Assert.NotNull(made.HeadCommit);
        Assert.Equal(
            made.HeadCommit,
            Assert.Single(await github.Repositories.CommitsAsync(request.Name, "main", 10, Cancellation)).Sha);
        Assert.Single(github.World.Ledger.MadeOf(OutsideThing.Repository), t => t.Name == request.Name.ToString());
        Assert.Empty(github.World.Ledger.Duplicates);
    }

    [Fact]
    public async Task Create_SameMarkWhenWhole_IsTheSame()
    {
        var request = GitHubThings.Request(GitHubThings.NewName(), ("README.md", "# Orders\n"));
        var made = await github.Repositories.CreateAsync(request, Cancellation);
        Assert.Equal(made, await github.Repositories.CreateAsync(request, Cancellation));
    }

    [Fact]
    public async Task Create_AnyFiles_HasTheTreeThatGitWouldWrite()
    {
        var tree = new FileTree(
        [
            new TreeFile("README.md", "# Grüße 🔑\r\n"u8.ToArray()), new TreeFile("bom.txt", "\uFEFFtext"u8.ToArray()),
            new TreeFile("empty", default), new TreeFile("also-empty", default),
            new TreeFile("zero.bin", new byte[] { 1, 0, 2 }), new TreeFile("latin.txt", new byte[] { 0xE4, 0xF6 }),
            new TreeFile("bin/run", "#!/bin/sh\n"u8.ToArray(), Executable: true),
            new TreeFile("bin/tool", new byte[] { 0x7F, 0x45, 0xFF }, Executable: true),
            new TreeFile("link", "bin/run"u8.ToArray(), IsLink: true),
            new TreeFile("a/b/c/large.txt", new byte[600_000].Select((_, i) => (byte)('a' + (i % 26))).ToArray()),
        ]);
        var made =
            await github.Repositories.CreateAsync(GitHubThings.Request(GitHubThings.NewName(), tree), Cancellation);
        var folder = github.World.FolderOf(made.Name.ToString());
        Assert.Equal(await WrittenByGitAsync(tree), await GitAsync(folder, "rev-parse", "main^{tree}"));
        Assert.Equal(
            "Ada <ada@example.com> 1795251600 +0100",
            await GitAsync(folder, "log", "-1", "--format=%an <%ae> %ad", "--date=raw", "main"));
        Assert.Equal("", await GitAsync(folder, "log", "-1", "--format=%P", "main"));
    }

    [Theory]
    [InlineData(20, 5)]
    [InlineData(200, 5)]
    [InlineData(1000, 6)]
    public async Task Create_TextFiles_TakesFewCalls(int files, int expected)
    {
        await github.Repositories.CreateAsync(
            GitHubThings.Request(GitHubThings.NewName(), ("warm", "up")), Cancellation);
        var tree = new FileTree(Enumerable.Range(0, files).Select(i => new TreeFile(
            $"src/{i % 20}/file{i}.cs", System.Text.Encoding.UTF8.GetBytes($"// file {i}\n{new string('x', 2000)}"))));
        var before = github.World.Limits.Used;
        await github.Repositories.CreateAsync(GitHubThings.Request(GitHubThings.NewName(), tree), Cancellation);
        Assert.Equal(expected, github.World.Limits.Used - before);
    }

    [Fact]
    public async Task Create_OtherDefaultBranch_HasThatBranchAlone()
    {
        var made = await github.Repositories.CreateAsync(
            GitHubThings.Request(GitHubThings.NewName(), GitHubThings.Tree(("a", "b")), "release/next"), Cancellation);
        Assert.Equal("release/next", made.DefaultBranch);
        Assert.Equal(
            "release/next",
            await GitAsync(github.World.FolderOf(made.Name.ToString()), "for-each-ref", "--format=%(refname:short)"));
    }

    [Fact]
    public async Task Create_WithSettings_AreGitHubsOwn()
    {
        var request = GitHubThings.Request(GitHubThings.NewName(), ("a", "b")) with
        {
            Settings = new RepositorySettings
            {
                Visibility = RepositoryVisibility.Public, Topics = ["orders", "dotnet"],
                Homepage = "https://docs.shop.example/orders", HasWiki = false, HasIssues = false,
                AllowMergeCommit = false, AllowSquashMerge = true, AllowUpdateBranch = true, DeleteBranchOnMerge = true,
                SquashMergeCommitTitle = "PR_TITLE", SquashMergeCommitMessage = "PR_BODY",
            },
        };
        var made = await github.Repositories.CreateAsync(request, Cancellation);
        var seen = await SeenAsync(made.Name);
        Assert.Equal(
            (false, false, false, false, true, true, true),
            ((bool)seen["private"]!, (bool)seen["has_wiki"]!, (bool)seen["has_issues"]!, (bool)seen["allow_merge_commit"]!,
                (bool)seen["allow_squash_merge"]!, (bool)seen["allow_update_branch"]!,
                (bool)seen["delete_branch_on_merge"]!));
        Assert.Equal(["dotnet", "orders"], seen["topics"]!.AsArray().Select(t => (string)t!).Order());
        Assert.StartsWith(
            "https://docs.shop.example/orders#portal-run=", (string)seen["homepage"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("making", (string)seen["homepage"]!, StringComparison.Ordinal);
        Assert.Equal(request.Mark, made.Mark);
    }

    [Fact]
    public async Task Create_WithAMarkProperty_LeavesTheWebsiteAlone()
    {
        github.World.AddProperty("shop", "portal_run");
        var host = github.Portal(null, github.AppSettings(("MarkProperty", "portal_run"))).GetServices<IProvider>()
            .OfType<IRepositoryHost>().Single();
        var request = GitHubThings.Request(
            GitHubThings.NewName(),
            ("a", "b")) with { Settings = new RepositorySettings { Homepage = "https://docs.shop.example" } };
        github.World.Faults.Plan("POST /repos/{owner}/{repo}/git/commits", OutsideFault.FailAfter, 4);
        await Assert.ThrowsAsync<ProviderException>(() => host.CreateAsync(request, Cancellation));
        Assert.Equal((request.Mark, null), ((await host.FindAsync(
            request.Name, Cancellation))!.Mark, (await host.FindAsync(request.Name, Cancellation))!.HeadCommit));
        var made = await host.CreateAsync(request, Cancellation);
        Assert.Equal((request.Mark, made), (made.Mark, await host.FindAsync(request.Name, Cancellation)));
        Assert.NotNull(made.HeadCommit);
        Assert.Equal("https://docs.shop.example", (string)(await SeenAsync(made.Name))["homepage"]!);
    }

    [Fact]
    public async Task Find_Renamed_IsFoundByItsFormerName()
    {
        var made = await github.Repositories.CreateAsync(
            GitHubThings.Request(GitHubThings.NewName(), ("a", "b")), Cancellation);
        var renamed = new RepositoryName("shop", made.Name.Name + "-now");
        await github.World.RenameAsync(made.Name.ToString(), renamed.Name);
        Assert.Equal(
            (renamed, made.HeadCommit, made.Mark),
            ((await github.Repositories.FindAsync(made.Name, Cancellation))!.Name,
                (await github.Repositories.FindAsync(made.Name, Cancellation))!.HeadCommit,
                (await github.Repositories.FindAsync(made.Name, Cancellation))!.Mark));
        Assert.Equal("b"u8.ToArray(), await github.Repositories.ReadFileAsync(made.Name, "main", "a", Cancellation));
        // A change keeps its method and its body on the way.
        await github.Repositories.ArchiveAsync(made.Name, Cancellation);
        await github.Repositories.ArchiveAsync(made.Name, Cancellation);
        Assert.True((bool)(await SeenAsync(renamed))["archived"]!);
    }

    [Fact]
    public async Task Find_Again_CostsNothing()
    {
        var made = await github.Repositories.CreateAsync(
            GitHubThings.Request(GitHubThings.NewName(), ("a", "b")), Cancellation);
        await github.Repositories.FindAsync(made.Name, Cancellation);
        var before = github.World.Limits.Used;
        Assert.Equal(made, await github.Repositories.FindAsync(made.Name, Cancellation));
        Assert.Equal(before, github.World.Limits.Used);
        await github.World.PushAsync(made.Name.ToString(), "a", "c");
        Assert.NotEqual(made.HeadCommit, (await github.Repositories.FindAsync(made.Name, Cancellation))!.HeadCommit);
    }

    private async Task<JsonNode> SeenAsync(RepositoryName name)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(github.World.ApiAddress, $"repos/{name}"));
        request.Headers.UserAgent.ParseAdd("test");
        request.Headers.Authorization = new("Bearer", github.World.Token);
        using var answer = await client.SendAsync(request, Cancellation);
        return JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Cancellation))!;
    }

    private static async Task<string> WrittenByGitAsync(FileTree tree)
    {
        var folder = Directory.CreateTempSubdirectory("portal-tree-").FullName;
        try
        {
            await GitAsync(folder, "init", "-q", ".");
            foreach (var file in tree.Files)
            {
                var path = Path.Combine(folder, file.Path);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                if (file.IsLink) File.CreateSymbolicLink(path, System.Text.Encoding.UTF8.GetString(file.Content.Span));
                else await File.WriteAllBytesAsync(path, file.Content.ToArray(), Cancellation);
                if (file.Executable) File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
            }
            await GitAsync(folder, "-c", "core.autocrlf=false", "add", "-A");
            return await GitAsync(folder, "write-tree");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> GitAsync(string folder, params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo(
            "git", ["-C", folder, .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = await git.StandardOutput.ReadToEndAsync(Cancellation);
        await git.WaitForExitAsync(Cancellation);
        Assert.Equal(0, git.ExitCode);
        return output.Trim();
    }
}
