using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Local.Repositories;
using Portal.Providers.Tests.Local.Sharing;

namespace Portal.Providers.Tests.Local.Repositories;

/// <summary>Clients that connect and say nothing: they stop nobody else, and not for long.</summary>
public sealed class SilentClientsTests(SilentPortal silent) : IClassFixture<SilentPortal>, IDisposable
{
    private readonly GitClient git = new(silent.Portal);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LocalPortal Portal => silent.Portal;

    public void Dispose() => git.Dispose();

    [Fact]
    public async Task Push_ManySilentConnectionsOfOnePerson_DoNotStopAnother()
    {
        Portal.Rules.Rights["mallory"] = "push";
        var name = await CreateAsync();
        var connections = new List<TcpClient>();
        for (var i = 0; i < 26; i++) connections.Add(await SilentAsync(name, "mallory"));

        // All of them are there before anybody else asks, and hold their places longer than this takes.
        await git.RunAsync("clone", "-q", git.Address($"{name}.git"), "one");
        await git.CommitAsync("one", "a", "1", "One");
        await git.RunAsync("-C", "one", "push", "-q", "origin", "main");

        connections.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task Push_SilentConnection_IsEndedWithItsProcess()
    {
        var name = await CreateAsync();
        using var connection = await SilentAsync(name, "alice");

        await TestKit.Eventually.TrueAsync(() => Task.FromResult(Processes(name) > 0), "git to begin");
        await EndedAsync(connection.GetStream());

        await TestKit.Eventually.TrueAsync(() => Task.FromResult(Processes(name) == 0), "the end of git");
    }

    [Fact]
    public async Task Clone_ClientThatTakesNothing_IsCutOff()
    {
        var name = await CreateAsync(new byte[48 * 1024 * 1024]);
        var head = (await Portal.Repositories.FindAsync(name, Cancellation))!.HeadCommit;
        var uri = new Uri(Portal.Url);
        // Little room on the way, so that the answer waits for its reader.
        using var connection = new TcpClient { ReceiveBufferSize = 4096 };
        await connection.ConnectAsync(uri.Host, uri.Port, Cancellation);
        var body = $"0032want {head}\n00000009done\n";
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /git/{name}.git/git-upload-pack HTTP/1.1\r\nHost: {uri.Authority}\r\n{Authorization("alice")}"
                + $"Content-Type: application/x-git-upload-pack-request\r\nContent-Length: {body.Length}\r\n\r\n{body}"), Cancellation);

        await TestKit.Eventually.TrueAsync(() => Task.FromResult(Processes(name) > 0), "the clone to begin");
        await TestKit.Eventually.TrueAsync(
            () => Task.FromResult(Processes(name) == 0), "the clone to be ended", TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Take_PlaceThatDoesNotComeFree_IsRefusedAndOthersHaveTheirs()
    {
        using var places =
            new GitPlaces(new() { GitAtOnce = 3, GitAtOncePerPerson = 1, GitAtOncePerTeam = 2, GitWaitSeconds = 1 });
        using var first = await places.TakeAsync("ada", "orders", Cancellation);
        Assert.Null(await places.TakeAsync("ada", "other", Cancellation));
        using var second = await places.TakeAsync("ben", "orders", Cancellation);
        Assert.Null(await places.TakeAsync("chen", "orders", Cancellation));
        using var third = await places.TakeAsync("chen", "storefront", Cancellation);
        Assert.Null(await places.TakeAsync("dora", "platform", Cancellation));
        first!.Dispose();
        using var fourth = await places.TakeAsync("dora", "platform", Cancellation);
        Assert.NotNull(fourth);
    }

    [Fact]
    public async Task Take_WaitingThatIsGivenUp_KeepsNoPlace()
    {
        using var places =
            new GitPlaces(new() { GitAtOnce = 1, GitAtOncePerPerson = 1, GitAtOncePerTeam = 1, GitWaitSeconds = 60 });
        var first = await places.TakeAsync("ada", "orders", Cancellation);
        using var left = new CancellationTokenSource();
        var waiting = places.TakeAsync("ben", "storefront", left.Token);
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        first!.Dispose();
        using var next = await places.TakeAsync("ben", "storefront", Cancellation);
        Assert.NotNull(next);
    }

    /// <summary>A push that has begun, and nothing more.</summary>
    private async Task<TcpClient> SilentAsync(RepositoryName name, string person)
    {
        var uri = new Uri(Portal.Url);
        var connection = new TcpClient();
        await connection.ConnectAsync(uri.Host, uri.Port, Cancellation);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /git/{name}.git/git-receive-pack HTTP/1.1\r\nHost: {uri.Authority}\r\n{Authorization(person)}"
                + "Content-Type: application/x-git-receive-pack-request\r\nContent-Length: 1000\r\n\r\n"), Cancellation);
        return connection;
    }

    private static string Authorization(string person) =>
        $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{person}:{LocalPortal.Password}"))}\r\n";

    private async Task<RepositoryName> CreateAsync(byte[]? big = null)
    {
        var name = new RepositoryName("shop", "s" + Guid.NewGuid().ToString("N")[..10]);
        await Portal.Repositories.CreateAsync(SharedHost.Repository(name, ("README.md", "# Silent\n")), Cancellation);
        if (big is null) return name;
        Random.Shared.NextBytes(big);
        await git.RunAsync("clone", "-q", git.Address($"{name}.git"), "big");
        await File.WriteAllBytesAsync(Path.Combine(git.Folder, "big", "big.bin"), big, Cancellation);
        await git.RunAsync("-C", "big", "-c", "core.compression=0", "add", "-A");
        await git.RunAsync("-C", "big", "commit", "-q", "-m", "Big");
        await git.RunAsync("-C", "big", "-c", "core.compression=0", "push", "-q", "origin", "main");
        return name;
    }

    private static async Task EndedAsync(NetworkStream stream)
    {
        try
        {
            while (await stream.ReadAsync(new byte[4096], Cancellation).AsTask().WaitAsync(
                TimeSpan.FromSeconds(60), Cancellation) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Cut off.
        }
    }

    /// <summary>Processes of git that work in the repository.</summary>
    private static int Processes(RepositoryName name) => Process.GetProcessesByName("git").Count(process =>
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/environ").Contains($"/{name}.git/", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}

/// <summary>A portal that cuts silent clients off soon.</summary>
public sealed class SilentPortal : IAsyncLifetime
{
    public LocalPortal Portal { get; } =
        new() { Settings = { ["GitSilenceSeconds"] = "5", ["GitLeastBytesPerSecond"] = "1048576" } };

    public ValueTask InitializeAsync() => Portal.InitializeAsync();

    public ValueTask DisposeAsync() => Portal.DisposeAsync();
}
