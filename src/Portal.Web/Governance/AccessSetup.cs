using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;

namespace Portal.Web.Governance;

/// <summary>Who is let in: people by cookie, scripts and Git by token. What is not opened by name is closed.</summary>
internal static class AccessSetup
{
    /// <summary>Policy of <c>/api</c>: a token.</summary>
    public const string Api = "api";

    /// <summary>Policy of <c>/git</c>: a token.</summary>
    public const string Git = "git";

    public static void AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAntiforgery(o => o.Cookie.Name = "portal-form");
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(o =>
            {
                o.Cookie.Name = "portal";
                o.Cookie.SameSite = SameSiteMode.Strict;
                o.Cookie.HttpOnly = true;
                o.LoginPath = "/sign-in";
                o.ReturnUrlParameter = "returnUrl";
                o.ExpireTimeSpan = TimeSpan.FromHours(12);
                o.SlidingExpiration = true;
            })
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder(CookieAuthenticationDefaults.AuthenticationScheme).RequireAuthenticatedUser().Build())
            .AddPolicy(Git, p => p.AddAuthenticationSchemes(TokenAuthentication.SchemeName).RequireAuthenticatedUser())
            .AddPolicy(Api, p => p.AddAuthenticationSchemes(TokenAuthentication.SchemeName).RequireAuthenticatedUser());
        services.AddCascadingAuthenticationState();
    }
}
