using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Portal.E2E.Tests.Journeys;
using Portal.TestKit;
using Portal.TestKit.Postgres;

namespace Portal.E2E.Tests.Hosting;

/// <summary>What arrives at a receiver of OTLP over HTTP. Names in a protobuf body are plain UTF-8.</summary>
public sealed class TelemetryTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> received = [];
    private readonly TemplateFolder templates = new();
    private WebApplication receiver = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        receiver = builder.Build();
        receiver.Urls.Add("http://127.0.0.1:0");
        receiver.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            received.GetOrAdd(signal, _ => [])
                .Enqueue($"{request.ContentType} {Encoding.UTF8.GetString(body.ToArray())}");
        });
        await receiver.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await receiver.DisposeAsync();
        templates.Dispose();
    }

    [Fact]
    public async Task Endpoint_Set_MetricsAndTracesOfARunArrive()
    {
        templates.Write("one/template.yaml", """
            apiVersion: scaffolder.backstage.io/v1beta3
            kind: Template
            metadata: { name: one, title: One step }
            spec:
              owner: group:default/platform
              type: service
              steps:
                - { id: say, name: Say, action: 'debug:log', input: { message: hello } }
            """);
        var address =
            receiver.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        await using var portal = await PortalHost.StartAsync(postgres,
            $"--OTEL_EXPORTER_OTLP_ENDPOINT={address}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
            "--OTEL_METRIC_EXPORT_INTERVAL=200", "--OTEL_BSP_SCHEDULE_DELAY=200",
            "--Portal:Replica:Name=replica-seven", $"--Portal:Templates:Sources:0={templates.Path}");
        using var client = await portal.ClientAsync("ada");
        await client.KnowsTemplateAsync("one");
        await client.CompletedAsync(await client.StartAsync("one", []));

        foreach (var name in new[]
        {
            "portal.run.duration", "http.server.request.duration", "dotnet.gc.collections",
            "db.client.operation.duration", "replica-seven"
        })
        {
            await ArrivesAsync("metrics", name);
        }

        await ArrivesAsync("traces", "portal.run.id");
        Assert.All(
            received["metrics"], body => Assert.StartsWith("application/x-protobuf", body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Endpoint_NotSet_NothingIsRegistered()
    {
        await using var portal = await PortalHost.StartAsync(postgres);

        Assert.Null(portal.Services.GetService<MeterProvider>());
        Assert.Null(portal.Services.GetService<TracerProvider>());
    }

    private Task ArrivesAsync(string signal, string text) => Eventually.TrueAsync(
        () => Task.FromResult(received.TryGetValue(signal, out var bodies)
            && bodies.Any(body => body.Contains(text, StringComparison.Ordinal))),
        $"{text} among the {signal}");
}
