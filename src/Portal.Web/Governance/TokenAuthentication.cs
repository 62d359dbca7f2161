using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.Shared;

namespace Portal.Web.Governance;

/// <summary>Scripts and Git: <c>Authorization: Bearer TOKEN</c>, or Basic with the token as the password.</summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, People people,
    AccessTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Token";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (header.Length == 0) return AuthenticateResult.NoResult();
        var token = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? header["Bearer ".Length..].Trim()
            : BasicPassword(header);
        if (token is null || await tokens.FindAsync(token, Context.RequestAborted) is not { } known)
        {
            return AuthenticateResult.Fail("The token is not known, or has ended. Make one with ./portal token NAME.");
        }
        var actor = await people.PersonAsync(known.Person, Context.RequestAborted);
        if (actor.IsNobody) return AuthenticateResult.Fail("The token acts for no person.");
        var principal = Persons.Principal(actor, SchemeName);
        principal.AddIdentity(new ClaimsIdentity([new Claim(PersonClaims.Token, known.Id.ToString())]));
        return AuthenticateResult.Success(new AuthenticationTicket(principal, SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        // Basic first: it is the one that git understands.
        Response.Headers.Append("WWW-Authenticate", "Basic realm=\"Portal\", charset=\"UTF-8\"");
        Response.Headers.Append("WWW-Authenticate", "Bearer");
        return Task.CompletedTask;
    }

    private static string? BasicPassword(string header)
    {
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return null;
        var encoded = header["Basic ".Length..].Trim();
        var buffer = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, buffer, out var length)) return null;
        var text = Encoding.UTF8.GetString(buffer, 0, length);
        return text.IndexOf(':') is var colon and >= 0 ? text[(colon + 1)..] : null;
    }
}

internal static class Persons
{
    public static ClaimsPrincipal Principal(Actor actor, string scheme) => new(new ClaimsIdentity(
        [new Claim(PersonClaims.Subject, actor.Ref.ToString()), new Claim(PersonClaims.Name, actor.DisplayName)],
        scheme, PersonClaims.Name, null));
}
