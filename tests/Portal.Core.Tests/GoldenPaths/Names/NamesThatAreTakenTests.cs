using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.GoldenPaths.Names;

/// <summary>
/// A name is free only if all is that would be made of it; if it is not, a run is refused before anything is made, and
/// the review says what the start would.
/// </summary>
public sealed class NamesThatAreTakenTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Template = "node-http-service";

    [Theory]
    [InlineData("repository", "name-taken")]
    [InlineData("component", "entity-exists")]
    [InlineData("component in other case", "entity-exists")]
    [InlineData("api", "entity-exists")]
    [InlineData("environment", "environment-exists")]
    public async Task Start_OneOfTheNamesIsTaken_IsRefusedByReviewAndStartAndNothingIsMade(string which, string code)
    {
        await using var bench = await GoldenPathBench.OpenAsync(postgres);
        await TakeAsync(bench, which);
        var (entities, changes) = (await bench.EntitiesAsync(), bench.Host.Changes.ToList());

        var review = await bench.CheckAsync(Template, GoldenPathBench.Values("checkout"));
        var start = await bench.StartAsync(Template, GoldenPathBench.Values("checkout"));

        Assert.Equal((ErrorKind.Conflict, code), (review!.Kind, review.Code));
        Assert.Equal((review.Code, review.Message), (start.Error!.Code, start.Error.Message));
        Assert.Equal("/name", Assert.Single(start.Error.Fields).Path);
        Assert.Equal(changes, bench.Host.Changes);
        Assert.Equal(entities, await bench.EntitiesAsync());
        Assert.Null(await bench.CheckAsync(Template, GoldenPathBench.Values("checkout-two")));
    }

    [Fact]
    public async Task Start_WhileAnotherTeamsRunMakesTheSameName_IsRefusedAndNamesThatRun()
    {
        await using var bench = await GoldenPathBench.OpenAsync(postgres);
        var first = await bench.StartAsync(Template, GoldenPathBench.Values("checkout"));

        var second = await bench.StartAsync(
            "static-site", GoldenPathBench.Values("checkout", "group:default/platform"), OrdersService.Pat);

        Assert.Equal("name-being-taken", second.Error!.Code);
        Assert.Contains($"/runs/{first.Value}", second.Error.Message, StringComparison.Ordinal);
        Assert.Equal("/name", Assert.Single(second.Error.Fields).Path);
        Assert.Equal(RunStatus.Completed, (await bench.EndAsync(first.Value)).Run.Status);
    }

    [Fact]
    public async Task Start_ManyAtOnceOfOneName_LetsOneIn()
    {
        await using var bench = await GoldenPathBench.OpenAsync(postgres);

        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => bench.StartAsync(
            Template, GoldenPathBench.Values("checkout", $"group:default/team-{i}"), OrdersService.Pat)));

        Assert.Single(all, r => r.IsOk);
        Assert.All(all.Where(r => !r.IsOk), r => Assert.Equal("name-being-taken", r.Error!.Code));
    }

    [Fact]
    public async Task Start_AfterTheOtherRunWasCancelled_IsFree()
    {
        await using var bench = await GoldenPathBench.OpenAsync(postgres);
        var first = await bench.StartAsync(Template, GoldenPathBench.Values("checkout"));
        await bench.Get<CancelRun>().ExecuteAsync(first.Value, RunBench.Ada, CancellationToken.None);

        Assert.True((await bench.StartAsync(Template, GoldenPathBench.Values("checkout"))).IsOk);
    }

    [Fact]
    public async Task Check_NameThatTheTemplateComputes_NamesTheFieldItIsMadeOf()
    {
        using var folder = new TemplateOnDisk("""
              parameters: { properties: { product: { type: string }, owner: { type: string } } }
              steps:
                - { id: files, action: 'fetch:plain', input: { url: ./skeleton } }
                - { id: publish, action: 'repo:create', input: { name: 'svc-${{ parameters.product | lower }}', owner: '${{ parameters.owner }}' } }
            """, ("skeleton/README.md", "# It"));
        await using var bench = await GoldenPathBench.OpenAsync(postgres, folder.Path);
        await TakeAsync(bench, "repository", "svc-basket");
        var values = new JsonObject { ["product"] = "Basket", ["owner"] = "group:default/orders" };

        var taken = await bench.CheckAsync("example", values);

        Assert.Equal("/product", Assert.Single(taken!.Fields).Path);
    }

    [Fact]
    public async Task Start_RegistersAgainWhatIsThereFromTheSameFile_IsNotRefused()
    {
        using var folder = new TemplateOnDisk("""
              parameters: { properties: { } }
              steps:
                - { id: register, action: 'catalog:register', input: { repoContentsUrl: 'http://local/git/orders/known.git' } }
            """);
        await using var bench = await GoldenPathBench.OpenAsync(postgres, folder.Path);
        await TakeAsync(bench, "repository", "known", """
            apiVersion: backstage.io/v1alpha1
            kind: Component
            metadata: { name: known }
            spec: { type: service, lifecycle: production, owner: orders }
            """);

        Assert.Equal(RunStatus.Completed, (await bench.RunAsync("example", [])).Run.Status);
        var two = await Task.WhenAll(bench.StartAsync("example", []), bench.StartAsync("example", []));

        Assert.All(two, r => Assert.True(r.IsOk, r.Error?.ToString()));
    }

    [Fact]
    public async Task Retry_WithANameOfWhichSomethingIsTaken_IsRefusedBeforeAnythingIsMade()
    {
        using var folder = new TemplateOnDisk("""
              parameters: { properties: { name: { type: string }, owner: { type: string } } }
              steps:
                - { id: files, action: 'fetch:plain', input: { url: ./skeleton } }
                - { id: code, action: 'repo:create', input: { name: '${{ parameters.name }}', owner: '${{ parameters.owner }}' } }
                - { id: settings, action: 'repo:create', input: { name: '${{ parameters.name }}-settings', owner: '${{ parameters.owner }}' } }
            """, ("skeleton/README.md", "# It"));
        await using var bench = await GoldenPathBench.OpenAsync(postgres, folder.Path);
        var run = (await bench.StartAsync("example", GoldenPathBench.Values("checkout"))).Value;
        await TakeAsync(bench, "repository");
        Assert.Equal(FailureCause.NameTaken, (await bench.EndAsync(run)).Run.Cause);
        await TakeAsync(bench, "repository", "basket-settings");
        var changes = bench.Host.Changes.Count;

        var refused = await RetryAsync("basket");
        var taken = await RetryAsync("order-basket");

        Assert.Equal(("name-taken", "/name"), (refused.Error!.Code, Assert.Single(refused.Error.Fields).Path));
        Assert.Equal(changes, bench.Host.Changes.Count);
        Assert.True(taken.IsOk, taken.Error?.ToString());
        Assert.Equal(RunStatus.Completed, (await bench.EndAsync(run)).Run.Status);

        Task<Result<Done>> RetryAsync(string name) => bench.Get<RetryRun>().ExecuteAsync(
            run, new RetryRunRequest(new JsonObject { ["name"] = name }), RunBench.Ada, CancellationToken.None);
    }

    internal static async Task TakeAsync(
        GoldenPathBench bench, string which, string name = "checkout", string? file = null)
    {
        switch (which)
        {
            case "repository":
                await bench.Host.CreateAsync(new CreateRepository(
                    new RepositoryName("orders", name), "", "main",
                    file is null ? FileTree.Empty : Trees.Of(("catalog-info.yaml", file)), "First",
                    new CommitAuthor("Ben", "ben@example.org", DateTimeOffset.UnixEpoch), "another",
                    "group:default/orders"), CancellationToken.None);
                break;
            case "component": await bench.RegisterAsync("Component", name); break;
            case "component in other case": await bench.RegisterAsync("Component", "CheckOut"); break;
            case "api": await bench.RegisterAsync("API", $"{name}-api"); break;
            default: await HaveEnvironmentAsync(bench, name); break;
        }
    }

    /// <summary>It is left of a component that is not in the catalog any more.</summary>
    private static async Task HaveEnvironmentAsync(GoldenPathBench bench, string component)
    {
        await using var db = bench.Bench.Database.CreateDbContext();
        db.Add(new PortalEnvironment
        {
            Id = $"{component}-dev-000000", Name = "dev", Component = $"component:default/{component}",
            Owner = "group:default/orders", Type = "dev", Size = "small", Provider = "local",
            Repository = $"orders/{component}", CreatedBy = "user:default/ada", RunId = Guid.CreateVersion7(),
            PricePerHour = 0.01m, Currency = "EUR", CreatedAt = DateTimeOffset.UtcNow,
        });
        await db.SaveChangesAsync();
    }
}
