using System.Net;
using System.Net.WebSockets;
using System.Text;

namespace Portal.E2E.Tests.Hosting;

/// <summary>The proxy of many replicas: <c>deploy/nginx/nginx.conf</c>.</summary>
public sealed class NginxTests(NginxFixture nginx) : IClassFixture<NginxFixture>
{
    [Fact]
    public async Task Get_WithoutCookie_IsSpread()
    {
        using var client = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = nginx.Address };
        var nodes = new HashSet<string>(StringComparer.Ordinal);

        // That one of three is never met in sixty goes has a chance of one in ten thousand millions.
        for (var i = 0; i < 60 && nodes.Count < 3; i++) nodes.Add(Node(await client.GetStringAsync("/")));

        Assert.Equal(3, nodes.Count);
    }

    [Fact]
    public async Task Get_ByOneBrowser_StaysWithOneNodeFromItsFirstAnswerOn()
    {
        for (var browser = 0; browser < 10; browser++)
        {
            using var client = new HttpClient { BaseAddress = nginx.Address };
            var first = Node(await client.GetStringAsync("/"));

            for (var i = 0; i < 5; i++) Assert.Equal(first, Node(await client.GetStringAsync("/")));
        }
    }

    [Fact]
    public async Task Get_FirstOfABrowser_SetsTheCookieOnce()
    {
        using var client = new HttpClient { BaseAddress = nginx.Address };

        using var first = await client.GetAsync("/");
        using var second = await client.GetAsync("/");

        var cookie = Assert.Single(first.Headers.GetValues("Set-Cookie"));
        Assert.Matches("^portal_node=[0-9a-f]{32}; Path=/; HttpOnly; SameSite=Lax$", cookie);
        Assert.False(second.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Get_CookieOfAnotherForm_IsReplaced()
    {
        using var client = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = nginx.Address };
        using var request = new HttpRequestMessage(
            HttpMethod.Get, "/") { Headers = { { "Cookie", "portal_node=mine" } } };

        using var answer = await client.SendAsync(request);

        Assert.True(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Get_HostAsTheBrowserNamedIt_ReachesThePortal()
    {
        using var client = new HttpClient { BaseAddress = nginx.Address };

        Assert.EndsWith($" {nginx.Address.Authority}", await client.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WebSocket_OfABrowser_MeetsTheNodeOfItsPage()
    {
        var cookies = new CookieContainer();
        using var client =
            new HttpClient(new HttpClientHandler { CookieContainer = cookies }) { BaseAddress = nginx.Address };
        var page = Node(await client.GetStringAsync("/"));
        using var socket = new ClientWebSocket { Options = { Cookies = cookies } };

        await socket.ConnectAsync(
            new UriBuilder(nginx.Address) { Scheme = "ws", Path = "/socket" }.Uri, CancellationToken.None);

        var buffer = new byte[100];
        var message = await socket.ReceiveAsync(buffer, CancellationToken.None);
        Assert.Equal(page, Encoding.UTF8.GetString(buffer, 0, message.Count));
    }

    [Fact]
    public async Task Events_ArriveWhenTheyAreSent()
    {
        nginx.ExpectEvents();
        using var client = new HttpClient { BaseAddress = nginx.Address };
        using var reader = new StreamReader(await client.GetStreamAsync("/events"));

        // The second event is sent only when the first has arrived: a proxy that keeps it back never ends this test.
        Assert.Equal("data: first", await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)));
        nginx.FirstEventSeen.SetResult();

        await reader.ReadLineAsync();
        Assert.Equal("data: second", await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Post_LargeBody_PassesThrough()
    {
        using var client = new HttpClient { BaseAddress = nginx.Address };
        using var body = new ByteArrayContent(new byte[8 << 20]);

        using var answer = await client.PostAsync("/length", body);

        Assert.Equal("8388608", await answer.Content.ReadAsStringAsync());
    }

    private static string Node(string answer) => answer.Split(' ')[0];
}

/// <summary>A node that goes: in a class of its own, because it ends one.</summary>
public sealed class NginxFailoverTests(NginxFixture nginx) : IClassFixture<NginxFixture>
{
    [Fact]
    public async Task Get_NodeThatIsGone_IsAnsweredByAnother()
    {
        using var client = new HttpClient { BaseAddress = nginx.Address };
        var before = (await client.GetStringAsync("/")).Split(' ')[0];

        await nginx.StopNodeAsync(before);

        Assert.NotEqual(before, (await client.GetStringAsync("/")).Split(' ')[0]);
    }
}
