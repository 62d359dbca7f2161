using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Web.Tests.Requests;

/// <summary>
/// Every address of the portal, with malformed values in each place that its code reads: no answer is a failure of the
/// portal's, and none tells of its inside.
/// </summary>
public sealed partial class EveryRouteTests(LivePortal portal) : IClassFixture<LivePortal>
{
    /// <summary>They end what the others need, so they come last.</summary>
    private static readonly string[] Last = ["/api/v1/catalog/sample", "/sign-out"];

    private readonly List<string> failures = [];
    private int sent;

    [Fact]
    public async Task EveryRoute_MalformedValues_IsNeverAFailureOfThePortal()
    {
        // Of the platform team, who gets past each permission.
        var token = await portal.TokenAsync("chen");
        using var browser = await portal.SignInAsync("chen");
        var routes = Routes();
        Assert.True(routes.Count > 70, $"only {routes.Count} routes");
        foreach (var route in routes)
        {
            foreach (var method in route.Methods)
            {
                foreach (var path in Addresses(route))
                {
                    await SendAsync(method, path, route, null, "", token, browser.Cookie);
                }
                if (!route.TakesBody || method == "GET") continue;
                foreach (var (body, type) in Malformed.Bodies) await SendAsync(
                    method, route.Path(), route, body, type, token, browser.Cookie);
                foreach (var body in Malformed.With(route.BodyMembers))
                {
                    await SendAsync(method, route.Path(), route, body, "application/json", token, browser.Cookie);
                }
            }
        }
        Assert.True(
            failures.Count == 0,
            $"{failures.Count} of {sent}:\n{string.Join('\n', failures.GroupBy(f => f.Split(':')[0]).SelectMany(g => g.Take(4)).Take(80))}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{sent} requests to {routes.Count} routes");
    }

    private List<RouteUnderTest> Routes() =>
    [
        .. portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Select(e => new RouteUnderTest(e)).Where(r => !r.IsAsset)
            .OrderBy(r => Array.IndexOf(Last, r.Path())),
    ];

    private static IEnumerable<string> Addresses(RouteUnderTest route)
    {
        var parameters = route.PathParameters;
        yield return route.Path();
        foreach (var parameter in parameters)
        {
            foreach (var value in Malformed.Values) yield return route.Path(parameter, value);
        }
        foreach (var name in route.QueryParameters)
        {
            foreach (var value in Malformed.Values) yield return $"{route.Path()}?{name}={value}";
            yield return $"{route.Path()}?{name}";
            yield return $"{route.Path()}?{name}=1&{name}=x&{name}=";
        }
    }

    /// <summary>Byte by byte: a client of the framework's would mend what is malformed.</summary>
    private async Task SendAsync(
        string method, string path, RouteUnderTest route, byte[]? body, string type, string token, string cookie)
    {
        sent++;
        using var connection = new TcpClient();
        await connection.ConnectAsync(portal.Address.Host, portal.Address.Port);
        await using var stream = connection.GetStream();
        var origin = portal.Address.GetLeftPart(UriPartial.Authority);
        var head =
            $"{method} {path} HTTP/1.1\r\nHost: {portal.Address.Authority}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\nCookie: {cookie}\r\nOrigin: {origin}\r\nSec-Fetch-Site: same-origin\r\n"
                + (body is null
                    ? (method is "GET" or "HEAD" ? "" : "Content-Length: 0\r\n")
                    : $"Content-Type: {type}\r\nContent-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n")
                        + "\r\n";
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        string answer;
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(head), limit.Token);
            if (body is not null) await stream.WriteAsync(body, limit.Token);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            answer = await reader.ReadToEndAsync(limit.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            failures.Add($"{route.Name}: {method} {Short(path)} {Short(body)}: {e.GetType().Name}");
            return;
        }
        var status = answer.Length > 12 ? answer[9..12] : "";
        if (status is not ['1' or '2' or '3' or '4', ..]) failures.Add(
            $"{route.Name}: {method} {Short(path)} {Short(body)}: {status} {portal.Failures.Last}");
        else if (answer.Contains(token, StringComparison.Ordinal) || Inside().IsMatch(answer))
        {
            failures.Add(
                $"{route.Name}: {method} {Short(path)} {Short(body)} tells '{(answer.Contains(token, StringComparison.Ordinal) ? "the token" : Inside().Match(answer).Value)}'");
        }
    }

    private static string Short(string text, int length = 120) => text.Length <= length ? text : text[..length] + "…";

    private static string Short(byte[]? body) => body is null ? "" : Short(Encoding.UTF8.GetString(body));

    /// <summary>A line of a stack trace, or the name of a type of the portal's or of what it stands on.</summary>
    [GeneratedRegex(
        @"\n\s+at [\w.<>]+\(|\b(System|Npgsql|Microsoft|Quartz|Portal\.(Core|Web|Providers|Templating))\.[A-Z]\w+|[A-Z][a-z]{2,20}Exception\b",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Inside();
}
