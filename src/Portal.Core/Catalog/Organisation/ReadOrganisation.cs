using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Organisation;

public sealed record OrganisationFilter
{
    /// <summary>Free text over name, title and description.</summary>
    public string? Search { get; init; }

    /// <summary>Keys of a person's teams: those alone; null = all.</summary>
    public IReadOnlyList<string>? Among { get; init; }
    public OrganisationSort Sort { get; init; } = OrganisationSort.Title;
    public bool Descending { get; init; }
    public int Offset { get; init; }

    /// <summary>1 to 500.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary><see cref="Services"/> counts for teams alone.</summary>
public enum OrganisationSort { Title, Members, Services }

/// <param name="Members">Direct ones.</param>
/// <param name="Services">Components that it owns.</param>
public sealed record TeamRow(
    EntityRef Ref, string Title, string? Description, bool IsSample, int Members, int Services);

/// <param name="Teams">Key and title of those that they are in directly.</param>
public sealed record PersonRow(
    EntityRef Ref, string Title, string? Email, bool IsSample, IReadOnlyList<(string Key, string Title)> Teams);

/// <summary>A member, or a team, by its title; what the catalog does not have goes by its name.</summary>
public sealed record NamedEntity(EntityRef Ref, string Title, bool IsKnown);

/// <summary>Lists of teams, people and members, paged by the database.</summary>
public sealed class ReadOrganisation(IDbContextFactory<PortalDbContext> database, Authorise authorise)
{
    private const string Team = "Group";
    private const string Person = "User";

    public async Task<Result<Page<TeamRow>>> TeamsAsync(
        OrganisationFilter filter, Actor actor, CancellationToken cancellation)
    {
        if (!(await VisibleAsync(actor, cancellation)).TryGet(out var visible, out var refused)) return refused;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var query = Matching(db, visible, Team, filter).Select(e => new
        {
            Row = e, Title = e.Title ?? e.Name,
            Members = db.Set<CatalogRelation>().Count(r => r.Source == e.Key && r.Type == Relations.HasMember),
            Services = db.Set<CatalogEntity>().Count(c => c.Owner == e.Key && c.Kind == "Component"),
        });
        var total = await query.CountAsync(cancellation);
        var sorted = (filter.Sort, filter.Descending) switch
        {
            (OrganisationSort.Members, false) => query.OrderBy(t => t.Members).ThenBy(t => t.Title),
            (OrganisationSort.Members, true) => query.OrderByDescending(t => t.Members).ThenBy(t => t.Title),
            (OrganisationSort.Services, false) => query.OrderBy(t => t.Services).ThenBy(t => t.Title),
            (OrganisationSort.Services, true) => query.OrderByDescending(t => t.Services).ThenBy(t => t.Title),
            (_, true) => query.OrderByDescending(t => t.Title),
            _ => query.OrderBy(t => t.Title),
        };
        var items = await sorted.ThenBy(t => t.Row.Id).Skip(filter.Offset).Take(Limit(filter.Limit))
            .ToListAsync(cancellation);
        return new Page<TeamRow>([.. items.Select(t => new TeamRow(
            t.Row.Ref, t.Title, t.Row.Description, t.Row.IsSample, t.Members, t.Services))], total);
    }

    public async Task<Result<Page<PersonRow>>> PeopleAsync(
        OrganisationFilter filter, Actor actor, CancellationToken cancellation)
    {
        if (!(await VisibleAsync(actor, cancellation)).TryGet(out var visible, out var refused)) return refused;
        await using var db = await database.CreateDbContextAsync(cancellation);
        var query = Matching(db, visible, Person, filter);
        var total = await query.CountAsync(cancellation);
        var sorted = filter.Descending
            ? query.OrderByDescending(e => e.Title ?? e.Name)
            : query.OrderBy(e => e.Title ?? e.Name);
        var rows = await sorted.ThenBy(e => e.Id).Skip(filter.Offset).Take(Limit(filter.Limit))
            .ToListAsync(cancellation);
        var teams = await TeamsOfAsync(db, [.. rows.Select(r => r.Key)], cancellation);
        return new Page<PersonRow>([.. rows.Select(r => new PersonRow(
            r.Ref, r.Title ?? r.Name, OrganisationInput.Email(r), r.IsSample, [.. teams[r.Key]]))], total);
    }

    /// <summary>Direct members of a team, by title.</summary>
    public async Task<Result<Page<NamedEntity>>> MembersAsync(
        EntityRef team, int offset, int limit, Actor actor, CancellationToken cancellation)
    {
        if ((await authorise.CheckAsync(actor, Permissions.CatalogRead, null, cancellation)).Error is { } refused)
        {
            return refused;
        }
        var key = team.Key;
        await using var db = await database.CreateDbContextAsync(cancellation);
        if (!await db.Set<CatalogEntity>().AnyAsync(e => e.Key == key && e.Kind == Team, cancellation))
        {
            return OrganisationErrors.NoTeam(team);
        }
        var query =
            from relation in db.Set<CatalogRelation>()
            where relation.Source == key && relation.Type == Relations.HasMember
            join person in db.Set<CatalogEntity>() on relation.Target equals person.Key into found
            from person in found.DefaultIfEmpty()
            orderby person.Title ?? person.Name ?? relation.Target, relation.Target
            select new { relation.Target, Title = person.Title ?? person.Name };
        var total = await query.CountAsync(cancellation);
        var rows = await query.Skip(Math.Max(0, offset)).Take(Limit(limit)).ToListAsync(cancellation);
        return new Page<NamedEntity>([.. rows.Select(r => Named(r.Target, r.Title))], total);
    }

    /// <summary>Teams that a person is in directly, by title.</summary>
    public async Task<IReadOnlyList<NamedEntity>> TeamsOfAsync(EntityRef person, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        return [.. (await TeamsOfAsync(db, [person.Key], cancellation))[person.Key]
            .Select(t => Named(t.Key, t.Title))];
    }

    private static async Task<ILookup<string, (string Key, string Title)>> TeamsOfAsync(
        PortalDbContext db, List<string> people, CancellationToken cancellation) =>
        (await (
            from relation in db.Set<CatalogRelation>()
            where people.Contains(relation.Source) && relation.Type == Relations.MemberOf
            join team in db.Set<CatalogEntity>() on relation.Target equals team.Key
            orderby team.Title ?? team.Name, team.Key
            select new { relation.Source, team.Key, Title = team.Title ?? team.Name }).ToListAsync(cancellation))
        .ToLookup(t => t.Source, t => (t.Key, t.Title), StringComparer.Ordinal);

    private Task<Result<VisibleOwners>> VisibleAsync(Actor actor, CancellationToken cancellation) =>
        authorise.VisibleAsync(actor, Permissions.CatalogRead, cancellation);

    private static IQueryable<CatalogEntity> Matching(
        PortalDbContext db, VisibleOwners visible, string kind, OrganisationFilter filter)
    {
        var query = db.Set<CatalogEntity>().AsNoTracking().Visible(visible).Where(e => e.Kind == kind);
        if (filter.Among is { } keys) query = query.Where(e => keys.Contains(e.Key));
        return query.WithWords(filter.Search);
    }

    private static int Limit(int asked) => Math.Clamp(asked, 1, 500);

    private static NamedEntity Named(string key, string? title) =>
        new(EntityRef.Parse(key), title ?? EntityRef.Parse(key).Name, title is not null);
}
