using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Entities;

namespace Portal.Web.Governance;

/// <summary>Asks which person of the catalog one is: for trying out, see <see cref="SignInEndpoints"/>.</summary>
public sealed partial class SignInPage
{
    private const int Most = 50;
    private IReadOnlyList<Person> persons = [];
    private bool mayChoose;

    [SupplyParameterFromQuery] private string? ReturnUrl { get; set; }
    [SupplyParameterFromQuery] private bool Unknown { get; set; }
    [CascadingParameter] private HttpContext Context { get; set; } = default!;
    [Inject] private IDbContextFactory<PortalDbContext> Database { get; set; } = default!;

    protected override async Task OnInitializedAsync()
    {
        mayChoose = SignInEndpoints.MayChoose(Context);
        if (!mayChoose) return;
        await using var db = await Database.CreateDbContextAsync(Context.RequestAborted);
        var users = await db.Set<CatalogEntity>().AsNoTracking().Where(e => e.Kind == "User")
            .OrderBy(e => e.Title ?? e.Name).Take(Most).ToListAsync(Context.RequestAborted);
        var keys = users.ConvertAll(u => u.Key);
        var teams = await (
            from relation in db.Set<CatalogRelation>()
            join team in db.Set<CatalogEntity>() on relation.Target equals team.Key
            where keys.Contains(relation.Source) && relation.Type == Relations.MemberOf
            orderby team.Name
            select new { relation.Source, Team = team.Title ?? team.Name }).ToListAsync(Context.RequestAborted);
        persons = users.ConvertAll(u => new Person(
            u.Ref.ToString(), u.Title ?? u.Name, teams.Where(t => t.Source == u.Key).Select(t => t.Team)
                .ToList() is { Count: > 0 } mine ? string.Join(", ", mine) : "no team"));
    }

    private sealed record Person(string Reference, string Name, string Team);
}
