using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Local.Processes;
using Portal.TestKit;

namespace Portal.Providers.Tests.Local.Attacks;

/// <summary>What the code of an environment, or its <c>score.yaml</c>, would try.</summary>
[Trait("Category", "Attack")]
public sealed class EnvironmentAttacks(LocalPortal portal) : IClassFixture<LocalPortal>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IEnvironmentHost Host => portal.Services.GetRequiredService<IEnvironmentHost>();

    [Theory]
    [InlineData("PATH", "/tmp/evil")]
    [InlineData("LD_PRELOAD", "/tmp/evil.so")]
    [InlineData("LD_LIBRARY_PATH", "/tmp/evil")]
    [InlineData("BASH_ENV", "/tmp/evil")]
    [InlineData("PORTAL_V0", "PATH=/tmp/evil")]
    [InlineData("NODE_OPTIONS", "--require=/tmp/evil.js")]
    public async Task Score_SetsVariables_NothingButTheCommandSeesThem(string name, string value)
    {
        var score =
            FakeArtifacts.Score.Replace("command: [node]", $"command: [{Program("node")}]", StringComparison.Ordinal)
                .Replace(
                    "GREETING: \"from ${metadata.name}, costs $$5\"", $"{name}: \"{value}\"", StringComparison.Ordinal);
        // A program of that path would run as whoever starts it: there is none inside, so the command starts or fails
        // alone.
        try
        {
            await WithAsync(
                FakeArtifacts.Service("ok"), async made => Assert.Equal(Uid, await GetAsync(made, "/user")), score);
        }
        catch (ProviderException refused)
        {
            Assert.Equal("environment-unhealthy", refused.Error.Code);
        }
    }

    [Fact]
    public async Task Code_LooksAround_SeesItsOwnFilesAndNoOthers()
    {
        await File.WriteAllTextAsync(Path.Combine(portal.Data, "secret"), "hunter2", Cancellation);
        var script = Answering($$"""
            const fs = require('node:fs');
            const tried = {};
            for (const path of ['{{portal.Data}}/secret', '/etc/shadow', '/proc/1/environ', '/proc/{{Environment.ProcessId}}/environ', '/root', '/home'])
              try { const found = fs.statSync(path).isDirectory() ? fs.readdirSync(path) : fs.readFileSync(path, 'utf8'); tried[path] = String(found); } catch { }
            try { fs.writeFileSync(__dirname + '/main.js', ''); tried.own = 'written'; } catch { }
            return JSON.stringify(tried);
            """);

        await WithAsync(script, async made =>
        {
            var seen = JsonSerializer.Deserialize<Dictionary<string, string>>(await GetAsync(made, "/"))!;
            Assert.Equal(["/proc/1/environ"], seen.Keys);
            Assert.DoesNotContain("ConnectionStrings", seen["/proc/1/environ"], StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Code_ConnectsToTheMachine_GetsNowhere()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        var other = await MakeAsync(FakeArtifacts.Service("other"));
        var targets = new[]
        {
            ("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port),
            (new Uri(other.Url!).Host, new Uri(other.Url!).Port), ("169.254.169.254", 80),
            ("127.0.0.1", new Uri(portal.Url).Port)
        };
        var script = Answering($$"""
            const net = require('node:net');
            const tries = {{JsonSerializer.Serialize(targets.Select(t => new { host = t.Item1, port = t.Item2 }))}}.map(t => new Promise(done => {
              const socket = net.connect(t.port, t.host, () => done(t.host + ':' + t.port));
              socket.on('error', () => done(null)); socket.setTimeout(1000, () => done(null));
            }));
            return JSON.stringify((await Promise.all(tries)).filter(t => t));
            """);
        try
        {
            await WithAsync(script, async made => Assert.Equal("[]", await GetAsync(made, "/")));
            Assert.False(listener.Pending());
        }
        finally
        {
            await Host.DestroyAsync(other.Id, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Code_PutsAnotherSocketBehindItsDoor_TheAddressStillLeadsToItAlone()
    {
        // A socket of the machine that only the portal's user may reach, as that of a database is.
        var target = Path.Combine(portal.Data, "private.sock");
        using var database = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        database.Bind(new UnixDomainSocketEndPoint(target));
        database.Listen(1);
        // At once, before the portal has looked, and again and again.
        var script = $$"""
            const fs = require('node:fs');
            const replace = () => { try { fs.rmSync('/run/door/in.sock', { force: true }); fs.symlinkSync('{{target}}', '/run/door/in.sock'); } catch { } };
            replace();
            setInterval(replace, 1);
            """ + Answering("replace(); return 'done';");
        try
        {
            await WithAsync(script, async made =>
            {
                Assert.Equal("done", await GetAsync(made, "/"));
                var version =
                    await portal.Artifacts.AddAsync(portal.Repositories, made.Repository, FakeArtifacts.Service("new"));
                await Host.DeployAsync(made.Id, new EnvironmentVersion(version, new string('a', 40)), Cancellation);
                Assert.Equal("new", await GetAsync(made, "/"));
            });
        }
        catch (ProviderException unhealthy)
        {
            // It was quick enough to lock itself out.
            Assert.Equal("environment-unhealthy", unhealthy.Error.Code);
        }

        Assert.False(database.Poll(0, SelectMode.SelectRead), "The portal's own socket was connected to.");
    }

    [Fact]
    public async Task Code_EndsEveryProcessThatItCan_TheOtherEnvironmentGoesOn()
    {
        var other = await MakeAsync(FakeArtifacts.Service("other"));
        try
        {
            await WithAsync(Answering("setTimeout(() => process.kill(-1, 'SIGKILL'), 50); return 'ok';"), async made =>
            {
                Assert.Equal("ok", await GetAsync(made, "/"));
                await Eventually.TrueAsync(
                    async () => (await Host.FindAsync(made.Id, Cancellation))!.Restarts > 0,
                    "the supervisor to start it again");
            });
            Assert.Equal("other", await GetAsync(other, "/"));
            Assert.Equal(0, (await Host.FindAsync(other.Id, Cancellation))!.Restarts);
        }
        finally
        {
            await Host.DestroyAsync(other.Id, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Addresses_OfThePortalAndOfEnvironments_ShareNoCookie()
    {
        var (one, two) = (await MakeAsync(FakeArtifacts.Service("one")), await MakeAsync(FakeArtifacts.Service("two")));
        try
        {
            // A browser sends a cookie to every port of the host that set it.
            Assert.Equal(3, new[] { portal.Url, one.Url!, two.Url! }.Select(u => new Uri(u).Host).Distinct().Count());
            foreach (var host in (string[])["127.0.0.1", "localhost"])
            {
                using var client = new TcpClient();
                await Assert.ThrowsAnyAsync<SocketException>(
                    () => client.ConnectAsync(host, new Uri(one.Url!).Port, Cancellation).AsTask());
            }
        }
        finally
        {
            await Host.DestroyAsync(one.Id, CancellationToken.None);
            await Host.DestroyAsync(two.Id, CancellationToken.None);
        }
    }

    private static string Uid =>
        (JobUser.Get().Uid ?? Native.CurrentUser()).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Program(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin").Split(':')
        .Select(p => Path.Combine(p, name)).First(File.Exists);

    /// <summary>A service whose answer at / is what the text returns.</summary>
    private static string Answering(string body) => $$"""
        const answer = async () => { {{body}} };
        require('node:http').createServer(async (request, response) => {
          response.end(request.url.endsWith('z') ? 'ok' : String(await answer().catch(e => e.stack)));
        }).listen(process.env.PORT, '127.0.0.1');
        """;

    private async Task<EnvironmentInfo> MakeAsync(string service, string? score = FakeArtifacts.Score)
    {
        var name = $"attack-{Guid.NewGuid():N}"[..15];
        var repository = new RepositoryName("shop", name);
        var run = await portal.Artifacts.AddAsync(portal.Repositories, repository, service, score);
        return await Host.CreateAsync(
            new CreateEnvironment(
                name, "dev", "dev", repository, new EnvironmentVersion(run, new string('a', 40)), "small", name,
                new Dictionary<string, string>()), Cancellation);
    }

    private async Task WithAsync(string service, Func<EnvironmentInfo, Task> use, string? score = FakeArtifacts.Score)
    {
        var made = await MakeAsync(service, score);
        try
        {
            await use(made);
        }
        finally
        {
            await Host.DestroyAsync(made.Id, CancellationToken.None);
        }
    }

    private static async Task<string> GetAsync(EnvironmentInfo environment, string path)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri(environment.Url + path), Cancellation);
    }
}
