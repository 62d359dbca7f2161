using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

/// <summary>
/// What the portal keeps of environments: written by the action that makes one, read by everything else.
/// </summary>
public interface IEnvironmentRecords
{
    /// <summary>
    /// Keeps the intent to make one before its host is asked, so that a component has one of a name, and nothing is
    /// adopted, twice: the database lets one in. Again with the same id is fine; also after it was destroyed.
    /// </summary>
    /// <returns>
    /// Conflict when another has the name or has adopted the same; invalid when it breaks one of the rules.
    /// </returns>
    Task<Result<Done>> ReserveAsync(NewEnvironment environment, CancellationToken cancellation);

    /// <summary>Forgets an intent of which nothing came. What was made stays.</summary>
    Task ForgetReservationAsync(string id, CancellationToken cancellation);

    /// <summary>
    /// Keeps one that was reserved, now that it is made, with its first deployment, and starts its meter; again with
    /// the same id it takes over what the host says.
    /// </summary>
    Task RecordCreatedAsync(NewEnvironment environment, EnvironmentInfo info, CancellationToken cancellation);

    /// <summary>Marks it destroyed and stops its meter; one that is not known or gone already is fine.</summary>
    Task RecordGoneAsync(string id, Actor actor, CancellationToken cancellation);

    /// <summary>
    /// Notes that an adopted one was given back: it is not the portal's any more, and goes on running. One that is not
    /// known or gone already is fine.
    /// </summary>
    Task RecordReleasedAsync(string id, Actor actor, CancellationToken cancellation);

    /// <summary>The living environment of a component with that name; null when the name is free.</summary>
    Task<PortalEnvironment?> FindAsync(EntityRef component, string name, CancellationToken cancellation);
}
