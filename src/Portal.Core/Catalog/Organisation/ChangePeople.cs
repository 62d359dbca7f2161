using Portal.Core.Access;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Organisation;

/// <summary>People who are named in the portal, and who of all people administers it. For administrators.</summary>
public sealed class ChangePeople(ChangeOrganisation changes, OrganisationRights rights)
{
    public async Task<Result<EntityRef>> CreateAsync(NewPerson asked, Actor actor, CancellationToken cancellation)
    {
        if (await rights.AdministerAsync(actor, cancellation) is { } refused) return refused;
        return await changes.ExecuteAsync(rows => AddAsync(rows, asked, actor, cancellation), cancellation);
    }

    public Task<Result<Done>> EditAsync(
        EntityRef person, Profile profile, Actor actor, CancellationToken cancellation) =>
        ChangeAsync(person, actor, async (rows, row) =>
        {
            if (profile.Wrong() is { } wrong) return wrong;
            if (!OrganisationSource.IsPortal(row.Location)) return OrganisationErrors.ChangedElsewhere(row);
            var edited = OrganisationInput.Describe(OrganisationInput.Of(row), profile);
            await rows.PutAsync([edited], OrganisationSource.Portal, actor, cancellation);
            return Done.Instance;
        }, cancellation);

    /// <summary>They are signed out and in no team; tokens and roles end. What they did stays on record.</summary>
    public Task<Result<Done>> RemoveAsync(EntityRef person, Actor actor, CancellationToken cancellation) =>
        ChangeAsync(person, actor, async (rows, row) =>
        {
            if (!OrganisationSource.IsPortal(row.Location)) return OrganisationErrors.ChangedElsewhere(row);
            await rows.RemoveAsync([row], actor, cancellation);
            return Done.Instance;
        }, cancellation);

    /// <summary>By name, whoever describes them. Nothing when they are, or are not, already.</summary>
    public Task<Result<Done>> SetAdministratorAsync(
        EntityRef person, bool administers, Actor actor, CancellationToken cancellation) =>
        ChangeAsync(person, actor, async (rows, row) =>
        {
            var change = administers
                ? await Administrators.AddAsync(rows.Db, row.Ref, actor, cancellation)
                : await Administrators.TakeAwayAsync(rows.Db, row.Ref, actor, cancellation);
            if (change is not null) rows.Audit.Add(change);
            return Done.Instance;
        }, cancellation);

    /// <summary>Part of another change.</summary>
    internal static async Task<Result<EntityRef>> AddAsync(
        OrganisationRows rows, NewPerson asked, Actor by, CancellationToken cancellation)
    {
        if (!OrganisationInput.Name("User", asked.Name).TryGet(out var person, out var wrong)) return wrong;
        if (asked.Profile.Wrong() is { } profile) return profile;
        if ((await rows.PersonAsync(person, cancellation)).IsOk) return OrganisationErrors.Taken(person);
        var teams = new List<EntityRef>();
        foreach (var team in (asked.Teams ?? []).Take(OrganisationInput.MostTeamsOfNewPerson))
        {
            if (!OrganisationInput.Reference(team, "group").TryGet(out var reference, out var no)) return no;
            if (!(await rows.TeamAsync(reference, cancellation)).TryGet(out var row, out no)) return no;
            if (!OrganisationSource.IsPortal(row.Location)) return OrganisationErrors.ChangedElsewhere(row);
            teams.Add(row.Ref);
        }
        var made = OrganisationInput.Person(person, asked.Profile, teams.Distinct());
        await rows.PutAsync([made], OrganisationSource.Portal, by, cancellation);
        return person;
    }

    private async Task<Result<Done>> ChangeAsync(
        EntityRef person, Actor actor, Func<OrganisationRows, Entities.CatalogEntity, Task<Result<Done>>> change,
        CancellationToken cancellation)
    {
        if (await rights.AdministerAsync(actor, cancellation) is { } refused) return refused;
        return await changes.ExecuteAsync<Done>(async rows =>
            (await rows.PersonAsync(person, cancellation)).TryGet(out var row, out var no)
                ? await change(rows, row)
                : no, cancellation);
    }
}
