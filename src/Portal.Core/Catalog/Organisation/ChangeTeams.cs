using Microsoft.EntityFrameworkCore;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Organisation;

/// <summary>Teams that are made and changed in the portal.</summary>
public sealed class ChangeTeams(ChangeOrganisation changes, OrganisationRights rights)
{
    public async Task<Result<EntityRef>> CreateAsync(NewTeam asked, Actor actor, CancellationToken cancellation)
    {
        if (await rights.AdministerAsync(actor, cancellation) is { } refused) return refused;
        if (!OrganisationInput.Name("Group", asked.Name).TryGet(out var team, out var wrong)) return wrong;
        if (asked.Profile.Wrong() is { } profile) return profile;
        return await changes.ExecuteAsync<EntityRef>(async rows =>
        {
            if ((await rows.TeamAsync(team, cancellation)).IsOk) return OrganisationErrors.Taken(team);
            EntityRef? above = null;
            if (!string.IsNullOrWhiteSpace(asked.Parent))
            {
                if (!OrganisationInput.Reference(asked.Parent, "group").TryGet(out var parent, out var no)) return no;
                if (!(await rows.TeamAsync(parent, cancellation)).TryGet(out var row, out no)) return no;
                above = row.Ref;
            }
            var made = OrganisationInput.Team(team, asked.Profile, above);
            await rows.PutAsync([made], OrganisationSource.Portal, actor, cancellation);
            return team;
        }, cancellation);
    }

    public async Task<Result<Done>> EditAsync(
        EntityRef team, Profile profile, Actor actor, CancellationToken cancellation)
    {
        if (await rights.OfTeamAsync(team, actor, cancellation) is { } refused) return refused;
        if (profile.Wrong() is { } wrong) return wrong;
        return await changes.ExecuteAsync<Done>(async rows =>
        {
            if (!(await rows.TeamAsync(team, cancellation)).TryGet(out var row, out var no)) return no;
            if (!OrganisationSource.IsPortal(row.Location)) return OrganisationErrors.ChangedElsewhere(row);
            var edited = OrganisationInput.Describe(OrganisationInput.Of(row), profile);
            await rows.PutAsync([edited], OrganisationSource.Portal, actor, cancellation);
            return Done.Instance;
        }, cancellation);
    }

    /// <summary>Its members stay, and it must own nothing any more.</summary>
    public async Task<Result<Done>> RemoveAsync(EntityRef team, Actor actor, CancellationToken cancellation)
    {
        if (await rights.AdministerAsync(actor, cancellation) is { } refused) return refused;
        return await changes.ExecuteAsync<Done>(async rows =>
        {
            if (!(await rows.TeamAsync(team, cancellation)).TryGet(out var row, out var no)) return no;
            if (!OrganisationSource.IsPortal(row.Location)) return OrganisationErrors.ChangedElsewhere(row);
            var owned = await rows.Db.Set<CatalogEntity>().CountAsync(e => e.Owner == row.Key, cancellation);
            if (owned > 0) return OrganisationErrors.Owns(row.Ref, owned);
            await rows.RemoveAsync([row], actor, cancellation);
            return Done.Instance;
        }, cancellation);
    }
}
