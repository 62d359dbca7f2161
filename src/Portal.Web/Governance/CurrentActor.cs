using Microsoft.AspNetCore.Components.Authorization;
using Portal.Core.Access;
using Portal.Core.Shared;

namespace Portal.Web.Governance;

/// <summary>Who looks at the page: for components, in prerendering as in a circuit. Asked for each time, so that changed memberships count.</summary>
internal sealed class CurrentActor(AuthenticationStateProvider states, People people)
{
    public async Task<Actor> GetAsync(CancellationToken cancellation = default) =>
        await people.ActorAsync((await states.GetAuthenticationStateAsync()).User, cancellation);
}
