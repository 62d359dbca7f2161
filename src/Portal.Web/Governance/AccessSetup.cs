using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Web.Shared;

namespace Portal.Web.Governance;

/// <summary>Who is let in: people by cookie, scripts and Git by token. What is not opened by name is closed.</summary>
internal static class AccessSetup
{
    /// <summary>Policy of <c>/api</c>: a token.</summary>
    public const string Api = "api";

    /// <summary>Policy of <c>/git</c>: a token.</summary>
    public const string Git = "git";

    public static void AddAccess(this IServiceCollection services)
    {
        services.AddAntiforgery();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(o =>
            {
                o.LoginPath = PortalUrls.SignIn;
                o.ReturnUrlParameter = "returnUrl";
                o.SlidingExpiration = true;
            })
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null);
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<SessionTickets, IOptions<SignInOptions>>((cookie, tickets, sessions) =>
                (cookie.SessionStore, cookie.ExpireTimeSpan) = (tickets, sessions.Value.Idle));
        services.AddSingleton<SessionTickets>().AddSingleton<OpenSessions>()
            .AddHostedService(s => s.GetRequiredService<OpenSessions>());
        services.AddScoped<CurrentActor>().AddScoped<EntityTitles>().AddScoped<CircuitHandler, SessionCircuit>();
        services.AddSingleton<PortalCookies>();
        services.AddSingleton<IPostConfigureOptions<CookieAuthenticationOptions>>(
            s => s.GetRequiredService<PortalCookies>());
        services.AddSingleton<IPostConfigureOptions<AntiforgeryOptions>>(s => s.GetRequiredService<PortalCookies>());
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder(
                CookieAuthenticationDefaults.AuthenticationScheme).RequireAuthenticatedUser().Build())
            .AddPolicy(Git, p => p.AddAuthenticationSchemes(TokenAuthentication.SchemeName).RequireAuthenticatedUser())
            .AddPolicy(Api, p => p.AddAuthenticationSchemes(TokenAuthentication.SchemeName).RequireAuthenticatedUser());
        services.AddCascadingAuthenticationState();
    }

    /// <summary>After it is known who asks, before anything is done.</summary>
    public static void UseOrigins(this WebApplication app)
    {
        app.UseMiddleware<RequestOrigin>();
        app.UseAntiforgery();
        app.Use((context, next) => context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false }
            ? RequestAnswers.Of(context.Request, BadRequests.StaleForm).ExecuteAsync(context)
            : next(context));
    }
}
