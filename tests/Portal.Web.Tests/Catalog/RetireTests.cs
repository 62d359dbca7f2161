using System.Text.Json.Nodes;
using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Core.Audit;
using Portal.Core.Entities;
using Portal.Core.Environments;
using Portal.Core.GoldenPaths;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Execution;
using Portal.Core.Shared;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;
using Portal.Web.Catalog;
using Portal.Web.Tests.Pages;

namespace Portal.Web.Tests.Catalog;

public sealed class RetireTests(PostgresFixture postgres) : PageTest(postgres)
{
    private const string Spec = """
          parameters: { properties: { name: { type: string }, owner: { type: string } } }
          steps:
            - { id: fetch, name: Copy, action: 'fetch:template', input: { url: ./skeleton, values: { name: '${{ parameters.name }}' } } }
            - { id: publish, name: Publish, action: 'repo:create', input: { name: '${{ parameters.name }}', owner: '${{ parameters.owner }}' } }
            - { id: register, name: Register, action: 'catalog:register', input: { repoContentsUrl: '${{ steps.publish.output.repoContentsUrl }}' } }
        """;

    private const string Descriptor = """
        apiVersion: backstage.io/v1alpha1
        kind: Component
        metadata: { name: '${{ values.name }}' }
        spec: { type: service, lifecycle: production, owner: orders }
        """;

    private static readonly Actor Ada = new(EntityRef.User("ada"), "Ada", [EntityRef.Group("orders")]);

    private readonly TemplateOnDisk folder = new(Spec, ("skeleton/catalog-info.yaml", Descriptor));

    protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        folder.Dispose();
    }

    [Fact]
    public async Task Retire_OwnService_SaysWhatGoesAsksForTheNameAndKeepsTheRecord()
    {
        var (page, run) = await OpenAsync("ada");

        var asking = OnAsync(page, () => Button(page, "Retire checkout"), e => e.ClickAsync());
        Says(page, "The repository orders/checkout is deleted with its history");
        Says(page, "The catalog entry component:default/checkout is removed.");
        Says(page, "The environment test of checkout is destroyed with its data.");
        Says(page, "The record: the run that created it, its activity, and what it has cost.");
        Assert.True(page.Find("dialog button[type=submit]").HasAttribute("disabled"));
        await page.InvokeAsync(() => page.Find("dialog input").Input("checkout"));
        await page.InvokeAsync(() => page.Find("dialog form").SubmitAsync());
        await asking;
        await ExecuteNextRunAsync();
        await Services.GetRequiredService<RunExecutor>().ExecuteAsync(run, CancellationToken.None);

        Assert.EndsWith($"/runs/{run}", At, StringComparison.Ordinal);
        Assert.Contains("delete repository", Host.Changes);
        Assert.Contains("destroy environment", Host.Changes);
        await using var db = Db();
        Assert.False(await db.Set<CatalogEntity>().AnyAsync(e => e.Key == "component:default/checkout"));
        Assert.Equal(RunStatus.Undone, (await db.Set<Run>().SingleAsync(r => r.Id == run)).Status);
        Assert.True(await db.Set<AuditEvent>().AnyAsync(e => e.Subject == "component:default/checkout"));
        var environment = await db.Set<PortalEnvironment>().SingleAsync(e => e.Name == "test");
        Assert.NotNull(environment.DestroyedAt);
    }

    [Fact]
    public async Task Show_ServiceOfAnotherTeam_HasNoButton()
    {
        var (page, _) = await OpenAsync("ben");

        Says(page, "Health");
        Assert.False(HasButton(page, "Retire checkout"));
    }

    [Fact]
    public async Task Show_ServiceThatThePortalDidNotCreate_HasNoButton()
    {
        SignIn("ada");
        var page = Render<EntityPage>(p => p
            .Add(e => e.Kind, "component").Add(e => e.Namespace, "default").Add(e => e.Name, "orders"));

        Says(page, "Health");
        Assert.False(HasButton(page, "Retire orders"));
    }

    private async Task<(IRenderedComponent<EntityPage> Page, Guid Run)> OpenAsync(string person)
    {
        Services.GetRequiredService<IOptions<TemplateOptions>>().Value.Sources = [folder.Path];
        var started = await Services.GetRequiredService<CreateFromTemplate>().ExecuteAsync(
            new CreateRequest(
                EntityRef.Parse("template:default/example"),
                new JsonObject { ["name"] = "checkout", ["owner"] = "group:default/orders" }),
            Ada, CancellationToken.None);
        var run = started.TryGet(out var id, out var error)
            ? id : throw new InvalidOperationException(error.ToString());
        await ExecuteNextRunAsync();
        var row = new PortalEnvironment
        {
            Id = "checkout-test-000000", Name = "test", Component = "component:default/checkout",
            Owner = "group:default/orders", Type = "test", Size = "small", Provider = "local",
            Repository = "orders/checkout", CreatedBy = "user:default/ada", RunId = Guid.CreateVersion7(),
            PricePerHour = 0.01m, Currency = "EUR", CreatedAt = Now,
        };
        var info = new EnvironmentInfo(
            row.Id, row.Name, new RepositoryName("orders", "checkout"), EnvironmentStatus.Running, null, null, null,
            "small", "mark", 0, null, Now, Now);
        row.Follow(info);
        Host.Have(info);
        await AddAsync(row);
        SignIn(person);
        var page = Render<EntityPage>(p => p
            .Add(e => e.Kind, "component").Add(e => e.Namespace, "default").Add(e => e.Name, "checkout"));
        return (page, run);
    }
}
