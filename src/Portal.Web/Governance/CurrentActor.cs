using Microsoft.AspNetCore.Components.Authorization;
using Portal.Core.Access;
using Portal.Core.Shared;

namespace Portal.Web.Governance;

/// <summary>
/// Who looks at the page: for components, in prerendering as in a circuit. A page may stay open for days, so the person
/// is looked up again before each of its events: somebody whose session has ended is nobody at once, and changed
/// memberships count after <see cref="People"/>'s seconds.
/// </summary>
internal sealed class CurrentActor(AuthenticationStateProvider states, People people)
{
    /// <summary>Of the last look; nobody before the first.</summary>
    public Actor Known { get; private set; } = Actor.Nobody;

    public async Task<Actor> GetAsync(CancellationToken cancellation = default) =>
        Known = await people.PersonAsync((await states.GetAuthenticationStateAsync()).User, cancellation);
}
