using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Portal.Core.Access;

namespace Portal.Web.Governance;

/// <summary>
/// Keeps what a sign-in told in the database; the cookie carries a random key alone. Without the row a copy of the
/// cookie is worth nothing.
/// </summary>
internal sealed class SessionTickets(
    Sessions sessions, IDataProtectionProvider protection, IOptions<SignInOptions> options) : ITicketStore
{
    private readonly IDataProtector protector = protection.CreateProtector("Portal.Sessions");

    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var key = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        var person = ticket.Principal.Reference() ?? throw new InvalidOperationException("Nobody signs in.");
        await sessions.CreateAsync(key, person, Protect(ticket), CancellationToken.None);
        return key;
    }

    /// <summary>
    /// The framework calls this when half of the time without use has passed; a session that is over stays over.
    /// </summary>
    public Task RenewAsync(string key, AuthenticationTicket ticket) =>
        sessions.UsedAsync([Sessions.IdOf(key)], CancellationToken.None, Protect(ticket));

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        if (await sessions.FindAsync(Sessions.IdOf(key), CancellationToken.None) is not { } session
            || Unprotect(session.Ticket) is not { } ticket)
        {
            return null;
        }
        // The row says when it ends: clicks in an open page prolong it too.
        (ticket.Properties.IssuedUtc, ticket.Properties.ExpiresUtc) =
            (session.ExpiresAt - options.Value.Idle, session.ExpiresAt);
        // One that is near its last end cannot be prolonged.
        ticket.Properties.AllowRefresh = session.ExpiresAt < session.EndsAt;
        ticket.Principal.AddIdentity(new ClaimsIdentity([new Claim(PersonClaims.Session, session.Id)]));
        return ticket;
    }

    public Task RemoveAsync(string key) => sessions.EndAsync(Sessions.IdOf(key), CancellationToken.None);

    private byte[] Protect(AuthenticationTicket ticket)
    {
        var kept = new ClaimsPrincipal(
            ticket.Principal.Identities.Where(i => !i.HasClaim(c => c.Type == PersonClaims.Session)));
        return protector.Protect(TicketSerializer.Default.Serialize(
            new AuthenticationTicket(kept, ticket.Properties, ticket.AuthenticationScheme)));
    }

    private AuthenticationTicket? Unprotect(byte[] bytes)
    {
        try
        {
            return TicketSerializer.Default.Deserialize(protector.Unprotect(bytes));
        }
        catch (CryptographicException)
        {
            // The keys are others by now: who signed in then signs in again.
            return null;
        }
    }
}
