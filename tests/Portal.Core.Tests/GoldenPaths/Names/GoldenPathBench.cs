using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Catalog;
using Portal.Core.Entities;
using Portal.Core.GoldenPaths;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.GoldenPaths.Names;

/// <summary>A portal with the golden paths that it ships, at a provider in memory whose pipelines pass.</summary>
internal sealed class GoldenPathBench(RunBench bench, FakeHost host) : IAsyncDisposable
{
    public static readonly string[] Shipped = [.. Directory
        .EnumerateDirectories(RepositoryRoot.Combine("templates", "golden-paths"))
        .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public RunBench Bench => bench;

    public FakeHost Host => host;

    /// <param name="folder">More templates.</param>
    public static async Task<GoldenPathBench> OpenAsync(PostgresFixture postgres, string? folder = null)
    {
        var host = new FakeHost();
        var settings = new Dictionary<string, string?>
        {
            ["Portal:Templates:Sources:0"] = RepositoryRoot.Combine("templates", "golden-paths"),
        };
        if (folder is not null) settings["Portal:Templates:Sources:1"] = folder;
        var bench = await RunBench.CreateAsync(postgres, new BenchSetup
        {
            Settings = settings, More = services => services.AddSingleton<IProvider>(host),
        });
        await OrdersService.StockAsync(host, bench.Get<ICatalogWriter>(), bench.Database);
        return new GoldenPathBench(bench, host);
    }

    public T Get<T>() where T : notnull => bench.Get<T>();

    public static JsonObject Values(string name, string owner = "group:default/orders") =>
        new() { ["name"] = name, ["owner"] = owner };

    public Task<Result<Guid>> StartAsync(string template, JsonObject values, Actor? actor = null) =>
        Get<CreateFromTemplate>().ExecuteAsync(
            new CreateRequest(Template(template), values), actor ?? RunBench.Ada, CancellationToken.None);

    /// <summary>Executes it as far as it goes by itself.</summary>
    public async Task<RunView> EndAsync(Guid run)
    {
        await bench.ExecuteAsync(run);
        return await bench.ReadAsync(run);
    }

    public async Task<RunView> RunAsync(string template, JsonObject values)
    {
        var started = await StartAsync(template, values);
        Assert.True(started.IsOk, started.Error?.ToString());
        return await EndAsync(started.Value);
    }

    public async Task<RunPlan> PlanAsync(string template, JsonObject values)
    {
        var version = (await Get<TemplateCatalogue>().FindVersionAsync(
            Template(template), CancellationToken.None)).Value;
        var form = SubmittedForm.Complete(version.Form, values, null).Value;
        return (await Get<PlanRun>().PlanAsync(
            version.Propose(form.Values, null, RunBench.Ada.Ref), RunBench.Ada, CancellationToken.None)).Value;
    }

    public async Task<Error?> CheckAsync(string template, JsonObject values) =>
        (await Get<FreeNames>().CheckAsync(
            await PlanAsync(template, values), values, CancellationToken.None)).Error;

    /// <summary>Somebody else's entry of the catalog.</summary>
    public async Task RegisterAsync(string kind, string name)
    {
        var text = $"""
            apiVersion: backstage.io/v1alpha1
            kind: {kind}
            metadata: {"{"} name: {name} {"}"}
            spec: {"{"} type: openapi, lifecycle: production, owner: platform, definition: none {"}"}
            """;
        var done = await Get<ICatalogWriter>().RegisterAsync(
            new RegisterDescriptor(text, $"url:http://elsewhere/{name}/catalog-info.yaml"), OrdersService.Pat,
            CancellationToken.None);
        Assert.True(done.IsOk, done.Error?.ToString());
    }

    public async Task<IReadOnlyList<string>> EntitiesAsync()
    {
        await using var db = bench.Database.CreateDbContext();
        return await db.Set<CatalogEntity>().Select(e => e.Key).Order().ToListAsync();
    }

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    private static EntityRef Template(string name) => new("template", "default", name);
}
