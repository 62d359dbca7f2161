using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Organisation;

public static class OrganisationErrors
{
    public static readonly Error NotForYou = Error.Forbidden(
        "not-allowed", "Only a member of the team or an administrator of the portal may do this.");

    public static readonly Error TooManyRequests = Error.Conflict(
        "join-requests-too-many",
        $"You have {JoinTeams.MostOpen} requests that nobody has answered. Withdraw one first.");

    public static readonly Error Meanwhile = Error.Conflict(
        "changed-meanwhile", "Somebody changed this at the same moment. Look at it again, and repeat it.");

    public static Error NoTeam(EntityRef team) => Error.NotFound("team-not-found", $"There is no team {team}.");

    public static Error NoPerson(EntityRef person) =>
        Error.NotFound("person-not-found", $"There is no person {person} in the portal.");

    public static Error NoRequest(Guid id) =>
        Error.NotFound("join-request-not-found", $"There is no open join request {id}.");

    public static Error Taken(EntityRef entity) => CatalogRights.IsTeam(entity.Kind)
        ? Wrong("team-exists", $"A team named {entity.Name} exists already.", "name", ErrorKind.Conflict)
        : Wrong("person-exists", $"A person named {entity.Name} exists already.", "name", ErrorKind.Conflict);

    public static Error AlreadyMember(EntityRef person, EntityRef team) =>
        Error.Conflict("member-already", $"{person} is a member of {team} already.");

    public static Error NoMember(EntityRef person, EntityRef team) =>
        Error.NotFound("member-not-found", $"{person} is no member of {team}.");

    public static Error AskedAlready(EntityRef team) =>
        Error.Conflict("join-request-open", $"You have asked to join {team} already: its members have not answered yet.");

    public static Error Full(EntityRef entity) => Error.Conflict(
        "too-many-members", $"{entity} names {DescriptorLimits.MaxRelations} others already, which is the most.");

    public static Error Owns(EntityRef team, int count) => Error.Conflict(
        "team-owns",
        $"{team} still owns {(count == 1 ? "one entry" : $"{count} entries")} of the catalog: give them to another team first.");

    /// <summary>Somebody else's words stand for it; here they would be written over at the next reading.</summary>
    public static Error ChangedElsewhere(CatalogEntity row) => Error.Conflict(
        "changed-elsewhere", $"{row.Ref} is not changed in the portal: {OrganisationSource.Of(row.Location)}.");

    public static Error Wrong(string code, string message, string field, ErrorKind kind = ErrorKind.Invalid) =>
        new(kind, code, message) { Fields = [new FieldError($"/{field}", message)] };
}
