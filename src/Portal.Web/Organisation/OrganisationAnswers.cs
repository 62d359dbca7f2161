using Portal.Core.Catalog.Organisation;
using Portal.Core.Shared;

namespace Portal.Web.Organisation;

/// <param name="Reference">Entity reference.</param>
/// <param name="Members">Direct ones.</param>
/// <param name="Services">Components that it owns.</param>
internal sealed record TeamSummary(
    string Reference, string Title, string? Description, bool IsSample, int Members, int Services)
{
    public static TeamSummary Of(TeamRow t) =>
        new(t.Ref.ToString(), t.Title, t.Description, t.IsSample, t.Members, t.Services);
}

/// <param name="Reference">Entity reference.</param>
/// <param name="Teams">Entity references of those that they are in directly.</param>
internal sealed record PersonSummary(
    string Reference, string Title, string? Email, bool IsSample, IReadOnlyList<string> Teams)
{
    public static PersonSummary Of(PersonRow p) =>
        new(p.Ref.ToString(), p.Title, p.Email, p.IsSample, [.. p.Teams.Select(t => t.Key)]);
}

/// <param name="Reference">Entity reference.</param>
/// <param name="IsKnown">Whether the catalog has them; if not, only a descriptor names them.</param>
internal sealed record Member(string Reference, string Title, bool IsKnown)
{
    public static Member Of(NamedEntity m) => new(m.Ref.ToString(), m.Title, m.IsKnown);
}

/// <param name="Team">Entity reference.</param>
/// <param name="Person">Entity reference of who asks.</param>
internal sealed record JoinRequestSummary(
    Guid Id, string Team, string TeamTitle, string Person, string PersonTitle, string Message, DateTimeOffset AskedAt)
{
    public static JoinRequestSummary Of(JoinRequestView r) => new(
        r.Id, r.Team.ToString(), r.TeamTitle, r.Person.ToString(), r.PersonTitle, r.Message, r.AskedAt);
}

/// <param name="Reference">Entity reference.</param>
internal sealed record MadeEntity(string Reference);

internal sealed record MadeJoinRequest(Guid Id);

/// <param name="Name">Of the entity; it stays.</param>
/// <param name="Parent">Entity reference of the team above; null = none.</param>
internal sealed record TeamRequest(
    string Name, string? Title = null, string? Description = null, string? Email = null, string? Parent = null)
{
    public NewTeam ToTeam() => new(Name, new Profile(Title, Description, Email), Parent);
}

/// <param name="Name">Of the entity; it stays.</param>
/// <param name="Teams">Entity references; null = none.</param>
internal sealed record PersonRequest(
    string Name, string? Title = null, string? Description = null, string? Email = null,
    IReadOnlyList<string>? Teams = null)
{
    public NewPerson ToPerson() => new(Name, new Profile(Title, Description, Email), Teams);
}

/// <summary>Of a team or a person; what is null is taken away.</summary>
internal sealed record ProfileRequest(string? Title = null, string? Description = null, string? Email = null)
{
    public Profile ToProfile() => new(Title, Description, Email);
}

/// <param name="Person">Entity reference.</param>
internal sealed record MemberRequest(string Person);

/// <param name="Message">Why; null = nothing said.</param>
internal sealed record JoinWish(string? Message = null);

/// <param name="Text">Users and groups in Backstage's format, YAML.</param>
internal sealed record ImportRequest(string Text);

/// <param name="Problems">With any of them nothing is imported.</param>
internal sealed record ImportAnswer(
    int Created, int Updated, int Unchanged, IReadOnlyList<ImportedEntity> Items, IReadOnlyList<string> Problems)
{
    public static ImportAnswer Of(ImportPreview p) => new(
        p.Count(ImportChange.Created), p.Count(ImportChange.Updated), p.Count(ImportChange.Unchanged),
        [.. p.Lines.Select(l => new ImportedEntity(l.Ref.ToString(), l.Title, l.Change))], p.Problems);
}

/// <param name="Reference">Entity reference.</param>
internal sealed record ImportedEntity(string Reference, string Title, ImportChange Change);

/// <summary>As it stands in the query string.</summary>
internal sealed record OrganisationQuery(
    string? Search, Shared.Word<OrganisationSort>? Sort, bool? Descending, int? Offset, int? Limit)
{
    public OrganisationFilter ToFilter() => new()
    {
        Search = Search, Sort = Sort?.Value ?? OrganisationSort.Title, Descending = Descending ?? false,
        Offset = Math.Max(0, Offset ?? 0), Limit = Limit ?? 50,
    };
}
