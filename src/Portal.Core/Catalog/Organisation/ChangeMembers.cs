using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Organisation;

/// <summary>
/// Who is in a team that is changed in the portal. Where a person is named in the portal too, their own descriptor says
/// it, as in Backstage; else the team's does.
/// </summary>
public sealed class ChangeMembers(ChangeOrganisation changes, OrganisationRights rights)
{
    public async Task<Result<Done>> AddAsync(
        EntityRef team, EntityRef person, Actor actor, CancellationToken cancellation)
    {
        if (await rights.OfTeamAsync(team, actor, cancellation) is { } refused) return refused;
        return await changes.ExecuteAsync<Done>(async rows =>
        {
            if (!(await rows.TeamAsync(team, cancellation)).TryGet(out var group, out var no)) return no;
            if (!(await rows.PersonAsync(person, cancellation)).TryGet(out var user, out no)) return no;
            return await AddAsync(rows, group, user, actor, cancellation) is { } wrong ? wrong : Done.Instance;
        }, cancellation);
    }

    /// <summary>By oneself, or by an administrator.</summary>
    public async Task<Result<Done>> RemoveAsync(
        EntityRef team, EntityRef person, Actor actor, CancellationToken cancellation)
    {
        if (actor.Ref != person && await rights.AdministerAsync(actor, cancellation) is { } refused) return refused;
        return await changes.ExecuteAsync<Done>(async rows =>
        {
            if (!(await rows.TeamAsync(team, cancellation)).TryGet(out var group, out var no)) return no;
            if (!(await rows.PersonAsync(person, cancellation)).TryGet(out var user, out no)) return no;
            if (!await IsMemberAsync(rows, group, user, cancellation)) return OrganisationErrors.NoMember(person, team);
            if (await StatedElsewhereAsync(rows, group, user, cancellation) is { } place)
            {
                return OrganisationErrors.ChangedElsewhere(place);
            }
            var (of, by) = (OrganisationInput.Of(group), OrganisationInput.Of(user));
            List<Descriptor> changed = [];
            if (OrganisationInput.State(of, "members", user.Ref, "user", false)) changed.Add(of);
            if (OrganisationInput.State(by, "memberOf", group.Ref, "group", false)) changed.Add(by);
            await rows.PutAsync(changed, OrganisationSource.Portal, actor, cancellation);
            rows.Audit.Add(new AuditEntry(
                actor, "member.removed", group.Ref.ToString(), $"Took {user.Ref} out of {group.Ref}", group.Ref));
            return Done.Instance;
        }, cancellation);
    }

    /// <summary>Part of another change; null when it is done.</summary>
    internal static async Task<Error?> AddAsync(
        OrganisationRows rows, CatalogEntity team, CatalogEntity person, Actor by, CancellationToken cancellation)
    {
        if (!OrganisationSource.IsPortal(team.Location)) return OrganisationErrors.ChangedElsewhere(team);
        if (await IsMemberAsync(rows, team, person, cancellation))
        {
            return OrganisationErrors.AlreadyMember(person.Ref, team.Ref);
        }
        var saysPerson = OrganisationSource.IsPortal(person.Location);
        var stated = OrganisationInput.Of(saysPerson ? person : team);
        if (saysPerson) OrganisationInput.State(stated, "memberOf", team.Ref, "group", true);
        else OrganisationInput.State(stated, "members", person.Ref, "user", true);
        if (stated.Relations().Skip(DescriptorLimits.MaxRelations).Any()) return OrganisationErrors.Full(stated.Ref);
        await rows.PutAsync([stated], OrganisationSource.Portal, by, cancellation);
        rows.Audit.Add(new AuditEntry(
            by, "member.added", team.Ref.ToString(), $"Made {person.Ref} a member of {team.Ref}", team.Ref));
        return null;
    }

    internal static Task<bool> IsMemberAsync(
        OrganisationRows rows, CatalogEntity team, CatalogEntity person, CancellationToken cancellation) =>
        rows.Db.Set<CatalogRelation>().AnyAsync(
            r => r.Source == person.Key && r.Type == Relations.MemberOf && r.Target == team.Key, cancellation);

    /// <summary>Whose descriptor says it that is not changed here; null when none does.</summary>
    private static async Task<CatalogEntity?> StatedElsewhereAsync(
        OrganisationRows rows, CatalogEntity team, CatalogEntity person, CancellationToken cancellation)
    {
        var stated = await rows.Db.Set<CatalogRelation>().Where(r => r.Stated
            && ((r.Source == person.Key && r.Type == Relations.MemberOf && r.Target == team.Key)
                || (r.Source == team.Key && r.Type == Relations.HasMember && r.Target == person.Key)))
            .Select(r => r.Source).ToListAsync(cancellation);
        return new[] { team, person }.FirstOrDefault(
            e => stated.Contains(e.Key) && !OrganisationSource.IsPortal(e.Location));
    }
}
