using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ${{ values.project }}.Api.Tests;

/// <summary>The service as an environment runs it: a process of its own, with a real OTLP receiver.</summary>
public sealed partial class ProcessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sigterm_WhileRunning_SendsTelemetryAndEndsWithZero()
    {
        var received = new ConcurrentDictionary<string, string>();
        await using var collector = await StartCollectorAsync(received);
        var endpoint = collector.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        using var process = Start(("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint), ("OTEL_SERVICE_NAME", "named-by-the-environment"));
        try
        {
            using var client = new HttpClient { BaseAddress = await ReadAddressAsync(process) };
            using var response = await client.GetAsync("/api/v1/greetings/Ada", Cancellation);
            response.EnsureSuccessStatusCode();

            using var kill = Process.Start("sh", ["-c", $"kill -TERM {process.Id}"]);
            // What it still writes has to be read, or a full pipe would hold it.
            await process.StandardOutput.ReadToEndAsync(Cancellation);
            await process.WaitForExitAsync(Cancellation);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        Assert.Equal(0, process.ExitCode);
        Assert.All(["/v1/traces", "/v1/metrics", "/v1/logs"], path =>
            Assert.Contains("named-by-the-environment", received.GetValueOrDefault(path, ""), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_PortIsNoNumber_EndsWithTheReason()
    {
        using var process = Start(("PORT", "http"));
        var output = await process.StandardOutput.ReadToEndAsync(Cancellation) + await process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);

        Assert.NotEqual(0, process.ExitCode);
        Assert.Contains("PORT must be a number", output, StringComparison.Ordinal);
    }

    private static Process Start(params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PORT"] = "0";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static async Task<Uri> ReadAddressAsync(Process process)
    {
        var output = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            output.AppendLine(line);
            if (ListeningLine().Match(line) is { Success: true } match)
            {
                return new Uri($"http://127.0.0.1:{match.Groups[1].Value}");
            }
        }

        throw new InvalidOperationException($"It did not start: {output}");
    }

    private static async Task<WebApplication> StartCollectorAsync(ConcurrentDictionary<string, string> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/{signal}", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body, Encoding.Latin1);
            var body = await reader.ReadToEndAsync(Cancellation);
            received.AddOrUpdate(request.Path, body, (_, before) => before + body);
        });
        await app.StartAsync(Cancellation);
        return app;
    }

    [GeneratedRegex(@"Now listening on: http://[^""]*?:(\d+)")]
    private static partial Regex ListeningLine();
}
