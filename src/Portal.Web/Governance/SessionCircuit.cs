using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Portal.Core.Access;

namespace Portal.Web.Governance;

/// <summary>A page that is open belongs to the session that opened it: nobody is signed in there any more when that ends.</summary>
internal sealed class SessionCircuit(OpenSessions sessions, AuthenticationStateProvider states) : CircuitHandler
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

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) => context =>
    {
        if (session is not null) sessions.Used(session);
        return next(context);
    };

    private void SignOut()
    {
        if (states is IHostEnvironmentAuthenticationStateProvider page)
            page.SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity()))));
    }
}
