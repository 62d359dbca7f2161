using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Providers.Local.Repositories;

namespace Portal.Providers.Tests.Local;

public sealed class GitHttpTests(LocalPortal portal) : IClassFixture<LocalPortal>, IDisposable
{
    private readonly GitClient git = new(portal);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => git.Dispose();

    [Fact]
    public async Task Push_FromAClone_IsSeenByTheNextClone()
    {
        var name = await CreateAsync();
        await git.RunAsync("clone", "-q", git.Address($"{name}.git"), "one");
        await git.CommitAsync("one", "new.txt", "hello", "Add a file");
        await git.RunAsync("-C", "one", "push", "-q", "origin", "main");
        await git.RunAsync("clone", "-q", git.Address($"{name}.git"), "two");
        Assert.Equal("hello", await File.ReadAllTextAsync(Path.Combine(git.Folder, "two", "new.txt"), Cancellation));
        Assert.Equal("Add a file", (await portal.Repositories.CommitsAsync(name, "main", 1, Cancellation))[0].Subject);
    }

    [Fact]
    public async Task Push_OfTwoBranches_IsToldOncePerBranch()
    {
        var name = await CreateAsync();
        var before = (await portal.Repositories.FindAsync(name, Cancellation))!.HeadCommit;
        await git.RunAsync("clone", "-q", git.Address($"{name}.git"), "one");
        await git.CommitAsync("one", "a", "1", "One");
        await git.RunAsync("-C", "one", "push", "-q", "origin", "main", "main:refs/heads/feature/x");
        var after = (await git.RunAsync("-C", "one", "rev-parse", "HEAD")).Trim();
        RepositoryPush[] expected =
        [
            new(name, "feature/x", null, after, "user:default/alice"),
            new(name, "main", before, after, "user:default/alice"),
        ];
        Assert.Equal(expected, portal.Events.Pushed.Where(p => p.Repository == name));
        Assert.Equal(expected, portal.Pushes.Told.Where(p => p.Push.Repository == name).Select(p => p.Push));
        await git.RunAsync("-C", "one", "push", "-q", "origin", ":feature/x");
        Assert.Equal(
            new RepositoryPush(name, "feature/x", after, null, "user:default/alice"),
            portal.Events.Pushed.Last(p => p.Repository == name));
    }

    [Fact]
    public async Task Push_NotToldBecauseOfAFailure_IsToldByTheSweepWithTheSameId()
    {
        var name = await CreateAsync();
        await git.RunAsync("clone", "-q", git.Address($"{name}.git"), "one");
        await git.CommitAsync("one", "a", "1", "One");
        portal.Pushes.FailNext = new InvalidOperationException("as if the portal had died here");
        await git.RunAsync("-C", "one", "push", "-q", "origin", "main");
        Assert.DoesNotContain(portal.Events.Pushed, p => p.Repository == name);
        var watch = portal.Services.GetRequiredService<LocalPushWatch>();
        await watch.SweepAsync(Cancellation);
        await watch.SweepAsync(Cancellation);
        var told = Assert.Single(portal.Pushes.Told, p => p.Push.Repository == name);
        Assert.Single(portal.Events.Pushed, p => p.Repository == name);
        Assert.Equal($"1-main-{told.Push.After}", told.Id);
    }

    [Fact]
    public async Task Create_Repository_IsNoPush()
    {
        var name = await CreateAsync();
        await portal.Services.GetRequiredService<LocalPushWatch>().SweepAsync(Cancellation);
        Assert.DoesNotContain(portal.Events.Pushed, p => p.Repository == name);
    }

    [Fact]
    public async Task Clone_Shallow_HasOneCommit()
    {
        var name = await CreateAsync();
        await git.RunAsync("clone", "-q", git.Address($"{name}.git"), "one");
        await git.CommitAsync("one", "a", "1", "One");
        await git.RunAsync("-C", "one", "push", "-q", "origin", "main");
        await git.RunAsync("clone", "-q", "--depth", "1", git.Address($"{name}.git"), "shallow");
        Assert.Equal("1", (await git.RunAsync("-C", "shallow", "rev-list", "--count", "HEAD")).Trim());
    }

    [Fact]
    public async Task Push_WithoutTheRight_IsRefusedAndChangesNothing()
    {
        var name = await CreateAsync();
        portal.Rules.Rights["reader"] = "read";
        var before = (await portal.Repositories.FindAsync(name, Cancellation))!.HeadCommit;
        await git.RunAsync("clone", "-q", git.Address($"{name}.git", "reader"), "one");
        await git.CommitAsync("one", "a", "1", "One");
        var (status, said) = await git.TryAsync("-C", "one", "push", "origin", "main");
        Assert.NotEqual(0, status);
        Assert.Contains("403", said, StringComparison.Ordinal);
        Assert.Contains("You may not push to", said, StringComparison.Ordinal);
        Assert.Equal(before, (await portal.Repositories.FindAsync(name, Cancellation))!.HeadCommit);
    }

    [Fact]
    public async Task Clone_WrongPasswordUnknownPersonUnknownRepository_AreRefused()
    {
        var name = await CreateAsync();
        Assert.Contains(
            "Authentication failed",
            (await git.TryAsync("clone", git.Address($"{name}.git", password: "wrong"), "a")).Said,
            StringComparison.Ordinal);
        Assert.Contains(
            "not found", (await git.TryAsync("clone", git.Address($"{name}.git", "stranger"), "b")).Said,
            StringComparison.Ordinal);
        Assert.Contains(
            "not found", (await git.TryAsync("clone", git.Address("shop/nothing.git"), "c")).Said,
            StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(git.Folder));
    }

    [Fact]
    public async Task Push_RewrittenOrDeletedDefaultBranch_IsRefusedWithAReason()
    {
        var name = await CreateAsync();
        await git.RunAsync("clone", "-q", git.Address($"{name}.git"), "one");
        await git.RunAsync("-C", "one", "commit", "-q", "--amend", "-m", "Other");
        var (status, said) = await git.TryAsync("-C", "one", "push", "--force", "origin", "main");
        Assert.NotEqual(0, status);
        Assert.Contains("main is the default branch: its history cannot be rewritten", said, StringComparison.Ordinal);
        (status, said) = await git.TryAsync("-C", "one", "push", "origin", ":main");
        Assert.NotEqual(0, status);
        Assert.Contains("refusing to delete the current branch", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_RewrittenOtherBranch_IsTaken()
    {
        var name = await CreateAsync();
        await git.RunAsync("clone", "-q", git.Address($"{name}.git"), "one");
        await git.RunAsync("-C", "one", "push", "-q", "origin", "main:work");
        await git.RunAsync("-C", "one", "commit", "-q", "--amend", "-m", "Other");
        await git.RunAsync("-C", "one", "push", "-q", "--force", "origin", "main:work");
        Assert.Equal("Other", (await portal.Repositories.CommitsAsync(name, "work", 1, Cancellation))[0].Subject);
    }

    [Fact]
    public async Task Push_Tags_AreToldOnceEachToWhoStartsPipelinesAlone()
    {
        var name = await CreateAsync();
        await git.RunAsync("clone", "-q", git.Address($"{name}.git"), "one");
        await git.RunAsync("-C", "one", "tag", "light");
        await git.RunAsync("-C", "one", "tag", "-a", "v1/heavy", "-m", "First");
        await git.RunAsync("-C", "one", "push", "-q", "origin", "light", "v1/heavy");
        await git.RunAsync("-C", "one", "push", "-q", "origin", ":light");
        var sha = (await git.RunAsync("-C", "one", "rev-parse", "v1/heavy")).Trim();
        var told = portal.Pushes.Told.Where(p => p.Push.Repository == name).ToList();
        Assert.All(told, p => Assert.True(p.IsTag));
        var head = (await portal.Repositories.FindAsync(name, Cancellation))!.HeadCommit;
        Assert.Equal(
            [("light", null, head), ("v1/heavy", null, sha), ("light", head, null)],
            told.Select(p => (p.Push.Branch, p.Push.Before, p.Push.After)));
        Assert.Equal(3, told.Select(p => p.Id).Distinct().Count());
        Assert.DoesNotContain(portal.Events.Pushed, p => p.Repository == name);
    }

    [Fact]
    public async Task Push_Of50MB_IsTaken()
    {
        var name = await CreateAsync();
        await git.RunAsync("clone", "-q", git.Address($"{name}.git"), "one");
        await File.WriteAllBytesAsync(
            Path.Combine(git.Folder, "one", "big.bin"), RandomNumberGenerator.GetBytes(50 * 1024 * 1024), Cancellation);
        await git.RunAsync("-C", "one", "-c", "core.compression=0", "add", "-A");
        await git.RunAsync("-C", "one", "commit", "-q", "-m", "Big");
        await git.RunAsync("-C", "one", "-c", "core.compression=0", "push", "-q", "origin", "main");
        Assert.Equal("Big", (await portal.Repositories.CommitsAsync(name, "main", 1, Cancellation))[0].Subject);
    }

    [Fact]
    public async Task Push_BodyThatHasNotEnded_HasReachedGitAlready()
    {
        var name = await CreateAsync();
        var uri = new Uri(portal.Url);
        using var connection = new TcpClient();
        await connection.ConnectAsync(uri.Host, uri.Port, Cancellation);
        await using var stream = connection.GetStream();
        // "zzzz" is no length of a packet: git ends at once when it reads it. A server that waits for the whole body
        // would wait forever.
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /git/{name}.git/git-receive-pack HTTP/1.1\r\nHost: {uri.Authority}\r\n"
                + $"Authorization: {Client().DefaultRequestHeaders.Authorization}\r\nContent-Type: application/x-git-receive-pack-request\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n4\r\nzzzz\r\n"), Cancellation);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!answer.ToString().EndsWith("0\r\n\r\n", StringComparison.Ordinal))
        {
            var read =
                await stream.ReadAsync(buffer, Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
            if (read == 0) break;
            answer.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
        Assert.StartsWith("HTTP/1.1 200", answer.ToString(), StringComparison.Ordinal);
        Assert.Contains("x-git-receive-pack-result", answer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_AboveTheLimit_IsRefused()
    {
        var name = await CreateAsync();
        await git.RunAsync("clone", "-q", git.Address($"{name}.git"), "one");
        await File.WriteAllBytesAsync(
            Path.Combine(git.Folder, "one", "big.bin"), RandomNumberGenerator.GetBytes(58 * 1024 * 1024), Cancellation);
        await git.RunAsync("-C", "one", "-c", "core.compression=0", "add", "-A");
        await git.RunAsync("-C", "one", "commit", "-q", "-m", "Too big");
        Assert.NotEqual(
            0, (await git.TryAsync("-C", "one", "-c", "core.compression=0", "push", "-q", "origin", "main")).Status);
        Assert.NotEqual("Too big", (await portal.Repositories.CommitsAsync(name, "main", 1, Cancellation))[0].Subject);
    }

    [Theory]
    [InlineData("/git/shop/x.git.git/info/refs?service=git-upload-pack", 404)]
    [InlineData("/git/-flag/x.git/info/refs?service=git-upload-pack", 404)]
    [InlineData("/git/shop/-flag.git/info/refs?service=git-upload-pack", 404)]
    [InlineData("/git/shop/%2e%2e%2fx.git/info/refs?service=git-upload-pack", 404)]
    [InlineData("/git/a/..%2f..%2fb.git/info/refs?service=git-upload-pack", 404)]
    [InlineData("/git/.aside/x.git/info/refs?service=git-upload-pack", 404)]
    [InlineData("/git/NAME.git/HEAD", 404)]
    [InlineData("/git/NAME.git/config", 404)]
    [InlineData("/git/NAME.git/portal.json", 404)]
    [InlineData("/git/NAME.git/objects/info/packs", 404)]
    [InlineData("/git/NAME.git/git-upload-archive", 404)]
    [InlineData("/git/NAME.git/info/refs", 403)]
    [InlineData("/git/NAME.git/info/refs?service=git-upload-archive", 403)]
    [InlineData("/git/NAME.git/info/refs?service=git-upload-pack", 200)]
    public async Task Request_OutsideTheAllowList_IsRefused(string path, int status)
    {
        var name = await CreateAsync();
        using var client = Client();
        using var response = await client.GetAsync(
            new Uri(portal.Url + path.Replace("NAME", name.ToString(), StringComparison.Ordinal)), Cancellation);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Request_WithoutPassword_Is401BeforeAnythingElse()
    {
        using var client = new HttpClient();
        foreach (var path in (string[])["shop/x.git/info/refs?service=git-upload-pack", "anything"])
        {
            using var response = await client.GetAsync(new Uri($"{portal.Url}/git/{path}"), Cancellation);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Fact]
    public async Task Fetch_ManyReferences_SendsAGzipBodyThatIsUnderstood()
    {
        var name = await CreateAsync();
        await git.RunAsync("clone", "-q", git.Address($"{name}.git"), "one");
        var updates = new StringBuilder();
        var head = (await git.RunAsync("-C", "one", "rev-parse", "HEAD")).Trim();
        for (var i = 0; i < 60; i++) updates.Append(
            $"create refs/heads/b{i} {(await git.RunAsync("-C", "one", "commit-tree", "-m", $"c{i}", "-p", head, head + "^{tree}")).Trim()}\n");
        await File.WriteAllTextAsync(Path.Combine(
            git.Folder, "one", ".git",
            "packed-refs"), string.Concat(updates.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split(' ')).Select(p => $"{p[2]} {p[1]}\n")), Cancellation);
        await git.RunAsync("-C", "one", "push", "-q", "origin", "--all");
        // Version 0 of the protocol names every wanted commit in one body, which git then compresses.
        await git.RunAsync("-c", "protocol.version=0", "clone", "-q", git.Address($"{name}.git"), "two");
        Assert.Equal(61, (await git.RunAsync("-C", "two", "branch", "-r")).Split('\n').Count(
            l => l.Contains("origin/", StringComparison.Ordinal) && !l.Contains("->", StringComparison.Ordinal)));
    }

    private static HttpClient Client()
    {
        var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("alice:" + LocalPortal.Password)));
        return client;
    }

    private async Task<RepositoryName> CreateAsync()
    {
        var name = new RepositoryName("shop", "r" + Guid.NewGuid().ToString("N")[..10]);
        await portal.Repositories.CreateAsync(new CreateRepository(name, "Test", "main", new FileTree(
            [new TreeFile("README.md", "# Test\n"u8.ToArray())]),
            "First", new CommitAuthor("Ada", "ada@example.com", DateTimeOffset.UnixEpoch), "run-1",
            "group:default/shop"), Cancellation);
        return name;
    }
}
