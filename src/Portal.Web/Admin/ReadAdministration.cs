using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Organisation;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Web.Providers;

namespace Portal.Web.Admin;

/// <param name="Source">As <c>Portal:Templates:Sources</c> has it.</param>
/// <param name="Unusable">Templates from which nothing can be created.</param>
internal sealed record TemplateSource(string Source, int Templates, int Unusable);

/// <param name="Setting">Where its prices are changed.</param>
internal sealed record PricedEnvironments(
    string Provider, IReadOnlyList<EnvironmentDefinition> Definitions, string Setting);

/// <summary>What the portal is set to, as an administrator sees it.</summary>
internal sealed record AdminView(
    IReadOnlyList<ProviderView> Providers, IReadOnlyList<TemplateSource> Templates,
    IReadOnlyList<PricedEnvironments> Environments, int Teams, int People, PeopleFileState PeopleFile,
    IReadOnlyList<RoleView> Roles);

/// <summary>Gathers it from the features, for administrators alone.</summary>
internal sealed class ReadAdministration(
    ReadProviders providers, ReadTemplates templates, ProviderRegistry registry, ReadOrganisation organisation,
    PeopleFile file, ReadRoles roles, IOptions<TemplateOptions> sources)
{
    public async Task<Result<AdminView>> ReadAsync(Actor actor, CancellationToken cancellation)
    {
        // Asks for the right to administer; the others ask for less.
        if (!(await roles.ListAsync(actor, cancellation)).TryGet(out var all, out var refused)) return refused;
        if (!(await providers.ListAsync(actor, cancellation)).TryGet(out var instances, out refused)) return refused;
        if (!(await templates.ListAsync(actor, cancellation)).TryGet(out var entries, out refused)) return refused;
        var one = new OrganisationFilter { Limit = 1 };
        if (!(await organisation.TeamsAsync(one, actor, cancellation)).TryGet(out var teams, out refused))
        {
            return refused;
        }
        if (!(await organisation.PeopleAsync(one, actor, cancellation)).TryGet(out var people, out refused))
        {
            return refused;
        }
        return new AdminView(
            instances, [.. sources.Value.EffectiveSources.Select(s => Source(s, entries))],
            [.. registry.All<IEnvironmentHost>().Select(Priced)], teams.Total, people.Total, file.State, all);
    }

    private static TemplateSource Source(string source, IReadOnlyList<TemplateEntry> entries)
    {
        var from = entries.Where(e => IsBelow(e.Source, source)).ToList();
        return new TemplateSource(source, from.Count, from.Count(e => !e.CanCreate));
    }

    private static bool IsBelow(string template, string source) =>
        template.StartsWith($"file:{source.TrimEnd('/')}/", StringComparison.Ordinal)
        || template == $"file:{source.TrimEnd('/')}";

    private static PricedEnvironments Priced(IEnvironmentHost host) => new(
        host.Instance, host.Definitions, host.Instance == ProviderDefaults.Embedded
            ? $"Portal:Providers:{host.Instance}:Prices"
            : "prices.yaml beside each definition");
}
