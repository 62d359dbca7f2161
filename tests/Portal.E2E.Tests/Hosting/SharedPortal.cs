using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Templates;
using Portal.E2E.Tests.Journeys;
using Portal.TestKit.Postgres;

namespace Portal.E2E.Tests.Hosting;

/// <summary>One portal for all tests that neither restart it nor move its clock: starting one costs seconds.</summary>
public sealed class SharedPortal : IAsyncDisposable
{
    private readonly PostgresFixture postgres = new();
    private readonly Lazy<Task<PortalHost>> portal;
    private readonly Lazy<Task<JsonObject>> handbook;

    public SharedPortal()
    {
        portal = new(() => PortalHost.StartAsync(
            postgres, $"--Portal:Templates:Sources:0={TemplateOptions.DefaultSource}",
            $"--Portal:Templates:Sources:1={Templates.Path}"));
        handbook = new(MakeAsync);
    }

    /// <summary>Templates that tests write: in the gallery beside the shipped ones.</summary>
    public TemplateFolder Templates { get; } = new();

    public Task<PortalHost> PortalAsync() => portal.Value;

    /// <summary>
    /// The run that made the static site <c>handbook</c> of Ada's team, with an environment; made once, by script.
    /// </summary>
    public Task<JsonObject> HandbookAsync() => handbook.Value;

    public async ValueTask DisposeAsync()
    {
        if (portal is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await portal.Value).DisposeAsync();
        }
        await postgres.DisposeAsync();
        Templates.Dispose();
    }

    private async Task<JsonObject> MakeAsync()
    {
        using var client = await (await PortalAsync()).ClientAsync("ada");
        return await client.CompletedAsync(await client.StartAsync(
            "static-site", new JsonObject { ["name"] = "handbook", ["owner"] = "group:default/orders" }));
    }
}
