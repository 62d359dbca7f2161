using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor;
using MudBlazor.Services;
using Portal.Web.Controls;
using Portal.Web.Shared;

namespace Portal.Web.Layout;

/// <summary>Registration of the pages and of what the shell around them needs.</summary>
internal static class PortalUi
{
    public static void AddPortalUi(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices(options =>
        {
            // Below at the left, where they hide no button that is needed next.
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomStart;
            options.SnackbarConfiguration.PreventDuplicates = false;
        });
        services.AddCascadingAuthenticationState();
        services.AddAuthorization();
        services.AddHttpContextAccessor();
        services.TryAddSingleton(TimeProvider.System);
        services.AddScoped<RelativeClock>();
        services.AddScoped<Toasts>();
        services.AddScoped<ISearchSource, PageSearch>().AddScoped<ISearchSource, CommandSearch>();
        services.AddSingleton<RecentHits>();
        // Pages only: static files are compressed once, at build time.
        services.AddResponseCompression(options => options.MimeTypes = ["text/html"]);
    }

    /// <summary>The last of the pipeline: whatever no other endpoint took is a page, or not found.</summary>
    public static void MapPortalUi(this WebApplication app)
    {
        app.UseStatusCodePagesWithReExecute(PortalUrls.NotFound, createScopeForStatusCodePages: true);
        app.Use((context, next) =>
        {
            // Scripts get their 404 as it is, not a page.
            if (IsForScripts(context.Request.Path) && context.Features.Get<IStatusCodePagesFeature>() is { } pages)
            {
                pages.Enabled = false;
            }
            return next(context);
        });
        app.Use((context, next) => PageQueries.Problem(context) is { } misfit
            ? RequestAnswers.Of(context.Request, misfit).ExecuteAsync(context)
            : next(context));
        app.UseResponseCompression();
        // Once more, after the page for 404 is executed again: only what stands below that line runs then.
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }

    private static bool IsForScripts(PathString path) =>
        path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            || path.StartsWithSegments("/webhooks", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/git", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase);
}
