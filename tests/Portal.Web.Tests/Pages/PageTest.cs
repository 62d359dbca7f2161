using System.Security.Claims;
using AngleSharp.Dom;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Core.Access;
using Portal.Core.Activities;
using Portal.Core.Catalog;
using Portal.Core.Costs;
using Portal.Core.Data;
using Portal.Core.Delivery;
using Portal.Core.Environments;
using Portal.Core.GoldenPaths;
using Portal.Core.Inbound;
using Portal.Core.Providers;
using Portal.Core.Replicas;
using Portal.Core.Runs;
using Portal.Core.Runs.Execution;
using Portal.TestKit;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;
using Portal.Web.Catalog;
using Portal.Web.Controls;
using Portal.Web.GoldenPaths;
using Portal.Web.GoldenPaths.Runs;
using Portal.Web.Governance;
using Portal.Web.Repositories;
using Portal.Web.Shared;
using Portal.Web.Tests.Controls;

namespace Portal.Web.Tests.Pages;

/// <summary>
/// A whole page over a real database, with the service orders at a provider in memory, each of whose capabilities can
/// be made to refuse or to hang.
/// </summary>
public abstract class PageTest(PostgresFixture postgres) : ControlTest, IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly List<Troubled> lines = [];
    private bool executes;
    private TestDatabase database = null!;
    private BunitAuthorizationContext authorization = null!;

    protected FakeHost Host { get; } = new();

    protected FakeBills Bills { get; } = new();

    protected KeptFiles Kept { get; } = new();

    protected FakeBrowser Browser { get; private set; } = null!;

    protected FakeTimeProvider Clock { get; } = new(Now);

    protected FakeAdoption Adoption { get; private set; } = null!;

    /// <summary>Whether the provider bills.</summary>
    protected virtual bool HasBills => false;

    protected string At => Services.GetRequiredService<NavigationManager>().Uri;

    public async ValueTask InitializeAsync()
    {
        DefaultWaitTimeout = TimeSpan.FromSeconds(60);
        database = await postgres.CreateDatabaseAsync();
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Portal"] = database.ConnectionString, ["Portal:Templates:Sources:0"] = "none"
        };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        Services.AddSingleton<IConfiguration>(configuration).AddLogging().AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        Services.AddPortalData(configuration).AddAccessRules().AddInbound().AddCatalog().AddDelivery().AddEnvironments()
            .AddCosts().AddActivities()
            .AddGoldenPaths().AddRuns(configuration);
        Services.AddSingleton<IPortalAddress>(new FakeAddress()).AddSingleton<IHostApplicationLifetime>(new Lifetime())
            .AddScoped<Toasts>().AddScoped<CurrentActor>().AddScoped<EntityTitles>();
        Services.AddPlanLimits();
        authorization = this.AddAuthorization();
        AddProviders();
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        await OrdersService.StockAsync(Host, Services.GetRequiredService<ICatalogWriter>(), database);
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        await database.DisposeAsync();
    }

    /// <summary>Everything the provider is asked from now on.</summary>
    protected void Break(Trouble trouble) => lines.ForEach(l => l.Trouble = trouble);

    protected PortalDbContext Db() => database.CreateDbContext();

    /// <summary>Waits for a run to be queued, and executes it as the scheduler would.</summary>
    protected async Task<Run> ExecuteNextRunAsync()
    {
        if (!executes)
        {
            executes = true;
            await Services.GetRequiredService<ReplicaLease>().StartAsync(CancellationToken.None);
            var notifications = Services.GetRequiredService<RunListener>();
            await notifications.StartAsync(CancellationToken.None);
            await Eventually.TrueAsync(() => Task.FromResult(notifications.IsListening), "the notifications");
        }
        await using var db = Db();
        var run = await Eventually.GetAsync(
            () => db.Set<Run>().AsNoTracking().FirstOrDefaultAsync(r => r.Status == RunStatus.Queued), "a queued run");
        await Services.GetRequiredService<RunExecutor>().ExecuteAsync(run.Id, CancellationToken.None);
        return run;
    }

    protected async Task AddAsync(params object[] rows)
    {
        await using var db = Db();
        db.AddRange(rows);
        await db.SaveChangesAsync();
    }

    protected void SignIn(string person)
    {
        authorization.SetAuthorized(person);
        authorization.SetClaims(
            new Claim(PersonClaims.Subject, $"user:default/{person}"), new Claim(PersonClaims.Name, person));
    }

    /// <summary>Waits until the page says it.</summary>
    protected static void Says<T>(IRenderedComponent<T> page, string words)
        where T : IComponent => page.WaitForState(() => Text(page).Contains(words, StringComparison.Ordinal));

    protected static string Text<T>(IRenderedComponent<T> page) where T : IComponent =>
        string.Join(' ', page.Nodes.Select(n => n.TextContent)).Replace('\u00a0', ' ').ReplaceLineEndings(" ");

    protected static IElement Button<T>(IRenderedComponent<T> page, string name) where T : IComponent
    {
        page.WaitForState(() => Find() is not null);
        return Find()!;

        IElement? Find() =>
            page.FindAll("button").FirstOrDefault(b => b.TextContent.Trim() == name && !b.HasAttribute("disabled"));
    }

    /// <summary>
    /// Finds and acts in one turn of the renderer: no render in between makes what was found a thing of the past.
    /// </summary>
    protected static async Task OnAsync<T>(IRenderedComponent<T> page, Func<IElement> find, Func<IElement, Task> act)
        where T : IComponent
    {
        find();
        await page.InvokeAsync(() => act(find()));
    }

    protected static bool HasButton<T>(IRenderedComponent<T> page, string name)
        where T : IComponent => page.FindAll("button").Any(b => b.TextContent.Trim() == name);

    /// <summary>The control with that label.</summary>
    protected static IElement Labelled<T>(IRenderedComponent<T> page, string label) where T : IComponent
    {
        page.WaitForState(() => Find() is not null);
        return Find()!;

        IElement? Find() => page.FindAll("label")
            .FirstOrDefault(l => l.TextContent.Trim().StartsWith(label, StringComparison.Ordinal)) is { } found
            ? found.QuerySelector("input, select, textarea") ?? page.Find("#" + found.GetAttribute("for"))
            : null;
    }

    /// <summary>
    /// A provider that is asked hangs as long as nobody moves the clock; move it until the page has said it.
    /// </summary>
    protected Task SaysInTimeAsync<T>(IRenderedComponent<T> page, string words)
        where T : IComponent => Eventually.TrueAsync(
        () =>
        {
            if (!Text(page).Contains(words, StringComparison.Ordinal)) Clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(Text(page).Contains(words, StringComparison.Ordinal));
        },
        $"the page to say '{words}'");

    private void AddProviders()
    {
        Adoption = new FakeAdoption(Host);
        AddLine<IRepositoryHost>(Host);
        AddLine<IPipelineHost>(Host);
        AddLine<IEnvironmentHost>(Host);
        AddLine<IEnvironmentAdoption>(Adoption);
        if (HasBills) AddLine<ICostSource>(Bills);
        Browser = new FakeBrowser(Host);
        Services.AddSingleton<IProvider>(Kept).AddSingleton<IProvider>(Browser);
        Services.AddSingleton<SourceLinks>().AddSingleton<ChangeLinks>()
            .AddSingleton<ReadService>().AddSingleton<CloneCommands>();
    }

    private void AddLine<T>(T capability) where T : class, IProvider
    {
        var (provider, line) = Troubled.Of(capability);
        lines.Add(line);
        Services.AddSingleton<IProvider>(provider);
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;
        public CancellationToken ApplicationStopping => CancellationToken.None;
        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
