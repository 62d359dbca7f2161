using Portal.Core.Activities;
using Portal.Core.Audit;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Organisation;
using Portal.Core.Costs;
using Portal.Core.Entities;
using Portal.Core.Environments;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Web.Organisation;

/// <summary>What stands on the page of a team beside its members.</summary>
public sealed record TeamView(
    Page<CatalogEntity> Services, int Others, Page<PortalEnvironment> Environments, IReadOnlyList<CostRow> Costs,
    IReadOnlyList<AuditEvent> Activity);

/// <summary>What stands on the page of a person.</summary>
/// <param name="Runs">What they created lately, newest first.</param>
public sealed record PersonView(
    IReadOnlyList<NamedEntity> Teams, IReadOnlyList<Run> Runs, IReadOnlyList<AuditEvent> Activity);

/// <summary>Gathers it from the features; what the reader may not see is left out.</summary>
public sealed class ReadTeamPage(
    ReadCatalog catalog, ReadEnvironments environments, ReadCosts costs, ReadActivity activity, ReadRuns runs,
    ReadOrganisation organisation)
{
    private const int Few = 10;

    public async Task<TeamView> TeamAsync(EntityRef team, Actor me, CancellationToken cancellation)
    {
        string[] key = [team.Key];
        var services = await catalog.ListAsync(
            new CatalogFilter { Kinds = ["Component"], Owners = key, Limit = Few }, me, cancellation);
        var all = await catalog.ListAsync(new CatalogFilter { Owners = key, Limit = 1 }, me, cancellation);
        var living = await environments.ListAsync(
            new EnvironmentFilter { Owners = key, Limit = Few }, me, cancellation);
        var spent = await costs.OfOwnersAsync(key, me, cancellation);
        var shown = Or(services, new Page<CatalogEntity>([], 0));
        return new TeamView(
            shown, all.IsOk ? all.Value.Total - shown.Total : 0, Or(living, new Page<PortalEnvironment>([], 0)),
            Or(spent, []),
            await ActivityAsync(
                new ActivityFilter { Owners = key, Limit = Few, EachChangeOnce = true }, me, cancellation));
    }

    public async Task<PersonView> PersonAsync(EntityRef person, Actor me, CancellationToken cancellation)
    {
        var reference = person.ToString();
        var created = await runs.ListAsync(new RunFilter { CreatedBy = reference, Limit = Few }, me, cancellation);
        return new PersonView(
            await organisation.TeamsOfAsync(person, cancellation), Or(created, new Page<Run>([], 0)).Items,
            await ActivityAsync(
                new ActivityFilter { Actor = reference, Limit = Few, EachChangeOnce = true }, me, cancellation));
    }

    private async Task<IReadOnlyList<AuditEvent>> ActivityAsync(
        ActivityFilter filter, Actor me, CancellationToken cancellation) =>
        Or(await activity.ListAsync(filter, me, cancellation), new Page<AuditEvent>([], 0)).Items;

    private static T Or<T>(Result<T> result, T otherwise) => result.IsOk ? result.Value : otherwise;
}
