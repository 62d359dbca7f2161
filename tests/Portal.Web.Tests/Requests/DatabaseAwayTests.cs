using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Data.PrivateCluster;

namespace Portal.Web.Tests.Requests;

/// <summary>While its server is down, every address says so in words, and when it is worth to ask again.</summary>
public sealed class DatabaseAwayTests
{
    /// <summary>Each open request may wait for the server for a moment.</summary>
    private const int AtOnce = 16;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryRoute_DatabaseAway_SaysSoAndWhenToComeBack()
    {
        // Made by the server: it may run as another user, who must get there.
        var folder = Path.Combine(
            Path.GetTempPath(), $"portal-away-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}");
        var cluster = new PrivatePostgres(new PrivatePostgresOptions { Folder = folder, Durable = false });
        try
        {
            await using var portal = new LivePortal { Connection = await cluster.EnsureRunningAsync(Cancellation) };
            await portal.InitializeAsync();
            var token = await portal.TokenAsync("chen");
            using var browser = await portal.SignInAsync("chen");
            await cluster.StopAsync(Cancellation);

            var wrong = new System.Collections.Concurrent.ConcurrentQueue<string>();
            var said = 0;
            await Parallel.ForEachAsync(
                Requests(portal),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancellation },
                async (asked, cancellation) =>
                {
                    var (method, path, isPage) = asked;
                    using var client = new HttpClient(new SocketsHttpHandler
                    {
                        AllowAutoRedirect = false, UseCookies = false
                    }) { BaseAddress = portal.Address, Timeout = TimeSpan.FromSeconds(60) };
                    using var request = new HttpRequestMessage(new HttpMethod(method), path);
                    request.Headers.Add("Origin", portal.Address.GetLeftPart(UriPartial.Authority));
                    request.Headers.Add("Sec-Fetch-Site", "same-origin");
                    if (isPage) request.Headers.Add("Cookie", browser.Cookie);
                    else request.Headers.Authorization = new AuthenticationHeaderValue(
                        "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"chen:{token}")));
                    if (isPage) request.Headers.Add("Accept", "text/html");
                    if (method is not "GET")
                    {
                        request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
                    }
                    using var answer = await client.SendAsync(request, cancellation);
                    var text = await answer.Content.ReadAsStringAsync(cancellation);
                    if (answer.StatusCode == HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter is not null
                        && text.Contains(
                            "database does not answer", StringComparison.Ordinal)) Interlocked.Increment(ref said);
                    // What needs no database is answered as ever; nothing else is.
                    else if ((int)answer.StatusCode >= 500) wrong.Enqueue(
                        $"{method} {path}: {((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture)} {text[..Math.Min(200, text.Length)]} {portal.Failures.Last}");
                });

            Assert.True(wrong.IsEmpty, string.Join('\n', wrong));
            Assert.True(said > 60, $"only {said} routes said it");
            await cluster.EnsureRunningAsync(Cancellation);
        }
        finally
        {
            await cluster.StopAsync(CancellationToken.None);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<(string Method, string Path, bool IsPage)> Requests(LivePortal portal) =>
        from endpoint in portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let route = new RouteUnderTest(endpoint)
        // Health says what it says for those who watch; the circuit's own addresses speak no words.
        where !route.IsAsset && !route.Path().StartsWith("/health", StringComparison.Ordinal)
            && !route.Path().StartsWith("/_", StringComparison.Ordinal)
        from method in route.Methods
        let isPage = !route.Path().StartsWith("/api", StringComparison.Ordinal)
            && !route.Path().StartsWith("/git", StringComparison.Ordinal)
            && !route.Path().StartsWith("/webhooks", StringComparison.Ordinal)
        from path in route.Path().EndsWith("/info/refs", StringComparison.Ordinal)
            ? [route.Path() + "?service=git-upload-pack"]
            : new[] { route.Path() }
        select (method, path, isPage);
}
