using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace Portal.Benchmarks;

/// <summary>Uses the routes that scripts written for Backstage use.</summary>
internal sealed class PortalClient : IDisposable
{
    private const string Scaffolder = "/api/scaffolder/v2";

    private readonly HttpClient http;

    public PortalClient(Uri address, string token)
    {
        http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 256 })
        {
            BaseAddress = address, Timeout = TimeSpan.FromMinutes(5)
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>From the request until the event stream said "completed".</summary>
    public async Task<TimeSpan> RunAsync(string template, JsonObject values, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await http.PostAsJsonAsync(
            Scaffolder + "/tasks", new { templateRef = $"template:default/{template}", values }, cancellation);
        var body = await answer.Content.ReadAsStringAsync(cancellation);
        if (!answer.IsSuccessStatusCode) throw new BenchmarkException($"a task of {template} was refused: {body}");
        await using var stream =
            await http.GetStreamAsync($"{Scaffolder}/tasks/{JsonNode.Parse(body)!["id"]}/eventstream", cancellation);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellation))
        {
            if (item.EventType is not ("completion" or "cancelled")) continue;
            var status = JsonNode.Parse(item.Data)!["body"]?["status"]?.ToString();
            return status == "completed"
                ? Stopwatch.GetElapsedTime(started)
                : throw new BenchmarkException($"a task of {template} did not complete: {item.Data}");
        }
        throw new BenchmarkException($"the event stream of a task of {template} ended before the task");
    }

    /// <summary>From the request until the whole answer was read.</summary>
    public async Task<TimeSpan> DryRunAsync(HttpContent body, int files, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await http.PostAsync(Scaffolder + "/dry-run", body, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        var taken = Stopwatch.GetElapsedTime(started);
        if (!answer.IsSuccessStatusCode) throw new BenchmarkException($"a dry run was refused: {text}");
        var made = JsonNode.Parse(text)!["directoryContents"]!.AsArray().Count;
        return made == files ? taken : throw new BenchmarkException($"a dry run of {files} files made {made}");
    }

    public void Dispose() => http.Dispose();
}
