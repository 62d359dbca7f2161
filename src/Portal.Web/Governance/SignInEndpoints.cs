using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;
using Portal.Web.Shared;

namespace Portal.Web.Governance;

/// <summary>
/// Signing in as one of the sample organisation's people, without a password: in Development and from this machine
/// only.
/// </summary>
internal static class SignInEndpoints
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        // Before the page of the same address, which would take a POST too.
        routes.MapPost(PortalUrls.SignIn, SignInAsync).AllowAnonymous().WithOrder(-1);
        routes.MapPost(PortalUrls.SignOut, (Delegate)SignOutAsync).AllowAnonymous()
            .WithMetadata(new RequireAntiforgeryTokenAttribute());
    }

    /// <summary>Whether this request may choose who it is.</summary>
    public static bool MayChoose(HttpContext context) =>
        context.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment()
        && context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);

    private static async Task<IResult> SignInAsync(
        HttpContext context, [FromForm] string person, [FromForm] string? returnUrl, People people,
        IDbContextFactory<PortalDbContext> database)
    {
        if (!MayChoose(context))
        {
            return Results.Problem(
                "Choosing a person works in Development and from this machine only.",
                statusCode: StatusCodes.Status403Forbidden);
        }
        var target = IsOwn(returnUrl) ? returnUrl : PortalUrls.Home;
        await using var db = await database.CreateDbContextAsync(context.RequestAborted);
        if (!EntityRef.TryParse(person, "user", out var reference)
            || !await db.Set<CatalogEntity>().AnyAsync(
                e => e.Key == reference.Value.Key && e.Kind == "User", context.RequestAborted))
        {
            return Results.LocalRedirect($"{PortalUrls.SignInAndReturnTo(target)}&unknown=true");
        }
        var actor = await people.PersonAsync(reference.Value, context.RequestAborted);
        await BeginAsync(context, Persons.Principal(actor, CookieAuthenticationDefaults.AuthenticationScheme));
        return Results.LocalRedirect(target);
    }

    /// <summary>
    /// A session of its own for each sign-in: the framework would go on with that of the cookie that came, whoever has
    /// a copy of it.
    /// </summary>
    internal static async Task BeginAsync(HttpContext context, ClaimsPrincipal person)
    {
        const string name = CookieAuthenticationDefaults.AuthenticationScheme;
        await context.SignOutAsync(name);
        var scheme =
            await context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>().GetSchemeAsync(name);
        var fresh = context.RequestServices.GetRequiredService<CookieAuthenticationHandler>();
        await fresh.InitializeAsync(scheme!, context);
        await fresh.SignInAsync(person, null);
    }

    /// <summary>Only a path of the portal: a sign-in must not send people elsewhere.</summary>
    internal static bool IsOwn([NotNullWhen(true)] string? url) =>
        url is ['/', ..] && (url.Length == 1 || url[1] is not ('/' or '\\')) && !url.Any(char.IsControl);

    private static async Task<IResult> SignOutAsync(HttpContext context)
    {
        // Whose page asks is checked before; here nobody is signed out twice.
        if (context.User.Identity is { IsAuthenticated: true })
        {
            await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        }
        return Results.LocalRedirect(PortalUrls.SignIn);
    }
}
