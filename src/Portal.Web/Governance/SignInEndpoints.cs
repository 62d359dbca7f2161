using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Catalog;
using Portal.Core.Data;
using Portal.Core.Governance.Access;

namespace Portal.Web.Governance;

/// <summary>
/// Signing in as one of the sample organisation's people, without a password: in Development and from this machine only.
/// </summary>
internal static class SignInEndpoints
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-in", SignInAsync).AllowAnonymous();
        routes.MapPost("/sign-out", (Delegate)SignOutAsync).AllowAnonymous();
    }

    /// <summary>Whether this request may choose who it is.</summary>
    public static bool MayChoose(HttpContext context) =>
        context.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment()
        && context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);

    private static async Task<IResult> SignInAsync(
        HttpContext context, [FromForm] string person, [FromForm] string? returnUrl, People people, IDbContextFactory<PortalDbContext> database)
    {
        if (!MayChoose(context)) return Results.Forbid();
        await using var db = await database.CreateDbContextAsync(context.RequestAborted);
        if (!EntityRef.TryParse(person, "user", out var reference)
            || !await db.Set<CatalogEntity>().AnyAsync(e => e.Key == reference.Value.Key && e.Kind == "User", context.RequestAborted))
            return Results.Redirect("/sign-in");
        var actor = await people.ActorAsync(reference.Value, context.RequestAborted);
        await context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, Persons.Principal(actor, CookieAuthenticationDefaults.AuthenticationScheme));
        // Only a path of the portal: a sign-in must not send people elsewhere.
        var target = returnUrl is { Length: > 1 } && returnUrl[0] == '/' && returnUrl[1] is not ('/' or '\\') ? returnUrl : "/";
        return Results.LocalRedirect(target);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context)
    {
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return Results.LocalRedirect("/sign-in");
    }
}
