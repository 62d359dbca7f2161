using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Portal.Core.Access;
using Portal.Core.Data;

namespace Portal.Web.Governance;

/// <summary>
/// A page that is open belongs to the session that opened it: nobody is signed in there any more when that ends.
/// </summary>
internal sealed class SessionCircuit(
    OpenSessions sessions, AuthenticationStateProvider states, CurrentActor current) : CircuitHandler
{
    private string? session;
    private OpenConnection? held;

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        session = (await states.GetAuthenticationStateAsync()).User.FindFirst(PersonClaims.Session)?.Value;
        if (session is not null) held = sessions.Hold(session, SignOut);
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        held?.Dispose();
        return Task.CompletedTask;
    }

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(
        Func<CircuitInboundActivityContext, Task> next) => async context =>
    {
        if (session is not null) sessions.Used(session);
        await LookAsync();
        await next(context);
    };

    /// <summary>Groups may have changed since the page was opened.</summary>
    private async Task LookAsync()
    {
        try
        {
            await current.GetAsync();
        }
        catch (Exception e) when (DatabaseTrouble.Is(e))
        {
            // Without a database nothing is done anyway, and the page says so itself.
        }
    }

    private void SignOut()
    {
        if (states is IHostEnvironmentAuthenticationStateProvider page)
        {
            page.SetAuthenticationState(
                Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity()))));
        }
    }
}
