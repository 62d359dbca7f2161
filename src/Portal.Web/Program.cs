using Portal.Core.Access;
using Portal.Core.Activities;
using Portal.Core.Catalog;
using Portal.Core.Costs;
using Portal.Core.Data;
using Portal.Core.Delivery;
using Portal.Core.Environments;
using Portal.Core.GoldenPaths;
using Portal.Core.Inbound;
using Portal.Core.Runs;
using Portal.Core.TemplateTests;
using Portal.Providers.Azure;
using Portal.Providers.GitHub;
using Portal.Providers.GitHub.Actions;
using Portal.Providers.Local;
using Portal.Providers.Local.Repositories;
using Portal.Web.Admin;
using Portal.Web.Backstage;
using Portal.Web.Catalog;
using Portal.Web.Commands;
using Portal.Web.GoldenPaths;
using Portal.Web.Governance;
using Portal.Web.Hosting;
using Portal.Web.Layout;
using Portal.Web.Organisation;
using Portal.Web.Pipelines;
using Portal.Web.Providers;
using Portal.Web.Repositories;
using Portal.Web.Shared;
using Portal.Web.Webhooks;

namespace Portal.Web;

/// <summary>
/// The table of contents: every feature adds one line to <see cref="AddPortal"/> and, where it answers requests,
/// one line to <see cref="MapPortal"/>.
/// </summary>
public sealed class Program
{
    private Program()
    {
    }

    public static Task<int> Main(string[] args) => CommandLine.InvokeAsync(args);

    /// <summary>Registers the features. Nothing here may touch the database or the network.</summary>
    internal static void AddPortal(WebApplicationBuilder builder)
    {
        builder.AddHosting();
        builder.AddTelemetry();
        builder.Services.AddPortalData(builder.Configuration);
        builder.AddKeys();
        builder.Services.AddAccessRules();
        builder.Services.AddAccess();
        builder.Services.AddInbound();
        builder.Services.AddCatalog();
        builder.Services.AddCatalogPages();
        builder.Services.AddOrganisationPages();
        builder.Services.AddAdminPages();
        builder.Services.AddRepositoryPages();
        builder.Services.AddDelivery();
        builder.Services.AddEnvironments();
        builder.Services.AddCosts();
        builder.Services.AddActivities();
        builder.Services.AddWebhookEndpoint();
        builder.Services.AddProviderPages();
        builder.Services.AddGoldenPaths();
        builder.Services.AddTemplateTests();
        builder.Services.AddSingleton<ITemplateTools, TemplateTools>();
        builder.Services.AddRuns(builder.Configuration);
        builder.Services.AddLocalProvider(builder.Configuration);
        builder.Services.AddGitHubProvider(builder.Configuration);
        builder.Services.AddGitHubActions();
        builder.Services.AddAzureProvider(builder.Configuration);
        builder.Services.AddApi();
        builder.Services.AddSingleton<BackstageCatalog>();
        builder.Services.AddPortalUi();
        builder.Services.AddGoldenPathPages();
    }

    /// <summary>The request pipeline and the endpoints, in the order in which they see a request.</summary>
    internal static void MapPortal(WebApplication app)
    {
        app.UseHosting();
        app.MapHealth();
        app.MapSignIn();
        app.MapLogDownloads();
        app.MapArtifactDownloads();
        app.MapRepositoryFiles();
        app.MapApi();
        app.MapScaffolder();
        app.MapBackstageCatalog();
        app.MapLocalGit();
        app.MapWebhooks();
        app.MapPortalUi();
    }
}
