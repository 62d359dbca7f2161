using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.Shared;
using Portal.Web.Hosting;
using Portal.Web.Shared;

namespace Portal.Web.Governance;

/// <summary>
/// What is done in the name of a browser's session is asked for by a page of the portal. A page of another origin may
/// have the cookie sent along, and does where it is of the same site (another port of 127.0.0.1 is); browsers say so in
/// Sec-Fetch-Site and Origin.
/// </summary>
internal sealed class RequestOrigin(RequestDelegate next, OpenSessions sessions, IOptions<PortalOptions> options)
{
    /// <summary>Of the connection that pages that are open have to the server.</summary>
    private static readonly PathString Hub = "/_blazor";

    private static readonly Error Foreign = Error.Forbidden(
        "origin-foreign",
        "This was asked for by a page of another origin. Open the portal's own page, and do it there.");

    private static readonly Error Nowhere = Error.Forbidden(
        "origin-missing",
        "This is for the portal's own pages in a browser. Scripts use /api/v1 with a token: ./portal token NAME makes one.");

    private readonly string? publicOrigin = Uri.TryCreate(options.Value.PublicUrl, UriKind.Absolute, out var url)
        ? url.GetLeftPart(UriPartial.Authority)
        : null;

    public async Task InvokeAsync(HttpContext context)
    {
        if (Problem(context) is { } problem)
        {
            await RequestAnswers.Of(context.Request, problem).ExecuteAsync(context);
            return;
        }
        if (context.Request.Path.StartsWithSegments(Hub)
            && context.User.FindFirst(PersonClaims.Session)?.Value is { } session)
        {
            using var held = sessions.Hold(session, context.Abort, isCarrier: true);
            await next(context);
            return;
        }
        await next(context);
    }

    internal Error? Problem(HttpContext context)
    {
        var request = context.Request;
        var hub = request.Path.StartsWithSegments(Hub);
        var changes = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
            && !HttpMethods.IsOptions(request.Method) && !HttpMethods.IsTrace(request.Method);
        var cookie = context.User.HasClaim(c => c.Type == PersonClaims.Session);
        if (hub || (changes && (cookie || IsForm(context)))) return Own(request);
        // Looking is for links from everywhere, not for scripts and frames of other pages.
        return cookie && request.Headers["Sec-Fetch-Site"].ToString() is "same-site" or "cross-site"
            && request.Headers["Sec-Fetch-Mode"] != "navigate" ? Foreign : null;
    }

    /// <summary>What is open to people who are not signed in yet: signing in.</summary>
    private static bool IsForm(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IAntiforgeryMetadata>() is { RequiresValidation: true };

    private Error? Own(HttpRequest request)
    {
        var (site, origin) = (request.Headers["Sec-Fetch-Site"].ToString(), request.Headers.Origin.ToString());
        if (site.Length > 0 && site != "same-origin") return Foreign;
        if (origin.Length > 0) return IsOwn(request, origin) ? null : Foreign;
        if (site.Length > 0) return null;
        // Over plain HTTP browsers say neither with a GET of the page's own.
        return Uri.TryCreate(request.Headers.Referer.ToString(), UriKind.Absolute, out var from)
            ? IsOwn(request, from.GetLeftPart(UriPartial.Authority)) ? null : Foreign
            : Nowhere;
    }

    /// <summary>
    /// That of the public address, or of the host that the browser asked; a proxy may have taken off its TLS, which the
    /// public address tells.
    /// </summary>
    private bool IsOwn(HttpRequest request, string origin) =>
        origin.Equals(publicOrigin, StringComparison.OrdinalIgnoreCase)
            || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Scheme is "http" or "https"
                && from.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)
                && (publicOrigin is null
                    || publicOrigin.StartsWith(from.Scheme + ":", StringComparison.OrdinalIgnoreCase)));
}
