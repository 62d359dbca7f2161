using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Organisation;

/// <summary>A join request with the names of its team and its person.</summary>
public sealed record JoinRequestView(
    Guid Id, EntityRef Team, string TeamTitle, EntityRef Person, string PersonTitle, string Message,
    DateTimeOffset AskedAt);

/// <summary>Asking to be let into a team, and answering that.</summary>
public sealed class JoinTeams(
    ChangeOrganisation changes, OrganisationRights rights, IDbContextFactory<PortalDbContext> database)
{
    /// <summary>Of one person at once.</summary>
    public const int MostOpen = 20;

    /// <summary>By whoever may see the team, for themselves.</summary>
    public async Task<Result<Guid>> AskAsync(
        EntityRef team, string? message, Actor actor, CancellationToken cancellation)
    {
        if (actor.IsNobody) return Authorise.NotSignedIn;
        var text = message?.Trim() ?? "";
        if (text.Length > JoinRequest.LongestMessage || text.Any(c => char.IsControl(c) && c is not ('\n' or '\r')))
        {
            return OrganisationErrors.Wrong(
                "message-invalid", $"A message has at most {JoinRequest.LongestMessage} characters.", "message");
        }
        return await changes.ExecuteAsync<Guid>(async rows =>
        {
            if (!(await rows.TeamAsync(team, cancellation)).TryGet(out var group, out var no)) return no;
            if (await rights.SeeAsync(group.Owner, actor, cancellation) is { } refused) return refused;
            if (!OrganisationSource.IsPortal(group.Location)) return OrganisationErrors.ChangedElsewhere(group);
            if (!(await rows.PersonAsync(actor.Ref, cancellation)).TryGet(out var person, out no)) return no;
            if (await ChangeMembers.IsMemberAsync(rows, group, person, cancellation))
            {
                return OrganisationErrors.AlreadyMember(person.Ref, group.Ref);
            }
            var open = await rows.Db.Set<JoinRequest>().Where(r => r.PersonId == person.Id && r.AnsweredAt == null)
                .Select(r => r.TeamId).ToListAsync(cancellation);
            if (open.Contains(group.Id)) return OrganisationErrors.AskedAlready(group.Ref);
            if (open.Count >= MostOpen) return OrganisationErrors.TooManyRequests;
            var request = new JoinRequest
            {
                TeamId = group.Id, PersonId = person.Id, Message = text, AskedAt = rows.Now,
            };
            rows.Db.Add(request);
            Record(rows, actor, "asked", group, $"Asked to join {group.Ref}");
            return request.Id;
        }, cancellation);
    }

    /// <summary>Letting in makes them a member. By a member of the team, or an administrator.</summary>
    public Task<Result<Done>> AnswerAsync(Guid id, bool accept, Actor actor, CancellationToken cancellation) =>
        changes.ExecuteAsync<Done>(async rows =>
        {
            if (await FindAsync(rows, id, cancellation) is not var (request, team, person))
            {
                return OrganisationErrors.NoRequest(id);
            }
            if (await rights.OfTeamAsync(team.Ref, actor, cancellation) is { } refused) return refused;
            if (accept && !await ChangeMembers.IsMemberAsync(rows, team, person, cancellation)
                && await ChangeMembers.AddAsync(rows, team, person, actor, cancellation) is { } wrong)
            {
                return wrong;
            }
            request.Answer(accept, actor.Ref.ToString(), rows.Now);
            Record(rows, actor, accept ? "accepted" : "declined", team,
                $"{(accept ? "Let" : "Did not let")} {person.Ref} into {team.Ref}");
            return Done.Instance;
        }, cancellation);

    /// <summary>By who asked.</summary>
    public Task<Result<Done>> WithdrawAsync(Guid id, Actor actor, CancellationToken cancellation) =>
        changes.ExecuteAsync<Done>(async rows =>
        {
            // That there is one is nobody else's business.
            if (await FindAsync(rows, id, cancellation) is not var (request, team, person) || person.Ref != actor.Ref)
            {
                return OrganisationErrors.NoRequest(id);
            }
            rows.Db.Remove(request);
            Record(rows, actor, "withdrawn", team, $"Asks no more to join {team.Ref}");
            return Done.Instance;
        }, cancellation);

    /// <summary>Those of a team that wait for an answer, the oldest first; for who may answer.</summary>
    public async Task<Result<Page<JoinRequestView>>> OfTeamAsync(
        EntityRef team, int offset, int limit, Actor actor, CancellationToken cancellation)
    {
        if (await rights.OfTeamAsync(team, actor, cancellation) is { } refused) return refused;
        return await ListAsync(team.Key, null, offset, limit, cancellation);
    }

    /// <summary>One's own that wait.</summary>
    public async Task<Result<IReadOnlyList<JoinRequestView>>> MineAsync(Actor actor, CancellationToken cancellation) =>
        actor.IsNobody
            ? Authorise.NotSignedIn
            : Result<IReadOnlyList<JoinRequestView>>.Ok(
                (await ListAsync(null, actor.Ref.Key, 0, MostOpen, cancellation)).Items);

    private async Task<Page<JoinRequestView>> ListAsync(
        string? team, string? person, int offset, int limit, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var query =
            from request in db.Set<JoinRequest>().AsNoTracking()
            where request.AnsweredAt == null
            join t in db.Set<CatalogEntity>() on request.TeamId equals t.Id
            join p in db.Set<CatalogEntity>() on request.PersonId equals p.Id
            where (team == null || t.Key == team) && (person == null || p.Key == person)
            orderby request.AskedAt, request.Id
            select new { request, Team = t.Key, TeamTitle = t.Title ?? t.Name, Person = p.Key,
                PersonTitle = p.Title ?? p.Name };
        var total = await query.CountAsync(cancellation);
        var items = await query.Skip(Math.Max(0, offset)).Take(Math.Clamp(limit, 1, 500)).ToListAsync(cancellation);
        return new Page<JoinRequestView>([.. items.Select(i => new JoinRequestView(
            i.request.Id, EntityRef.Parse(i.Team), i.TeamTitle, EntityRef.Parse(i.Person), i.PersonTitle,
            i.request.Message, i.request.AskedAt))], total);
    }

    private static async Task<(JoinRequest Request, CatalogEntity Team, CatalogEntity Person)?> FindAsync(
        OrganisationRows rows, Guid id, CancellationToken cancellation)
    {
        var found = await (
            from request in rows.Db.Set<JoinRequest>()
            where request.Id == id && request.AnsweredAt == null
            join team in rows.Db.Set<CatalogEntity>() on request.TeamId equals team.Id
            join person in rows.Db.Set<CatalogEntity>() on request.PersonId equals person.Id
            select new { request, team, person }).SingleOrDefaultAsync(cancellation);
        return found is null ? null : (found.request, found.team, found.person);
    }

    private static void Record(OrganisationRows rows, Actor by, string what, CatalogEntity team, string summary) =>
        rows.Audit.Add(new AuditEntry(by, $"join.{what}", team.Ref.ToString(), summary, team.Ref));
}
