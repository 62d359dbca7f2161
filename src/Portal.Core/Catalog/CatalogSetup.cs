using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Catalog.Actions;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Catalog.Organisation;
using Portal.Core.Catalog.Repositories;
using Portal.Core.Inbound;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Quartz;

namespace Portal.Core.Catalog;

public static class CatalogSetup
{
    public static IServiceCollection AddCatalog(this IServiceCollection services) =>
        services.AddCatalogOptions().AddSingleton<ICatalogWriter, CatalogWriter>().AddSingleton<ReadCatalog>()
            .AddSingleton<SearchCatalog>().AddSingleton<SeenRepositories>().AddSingleton<KnownRepositories>()
            .AddSingleton<BrowseRepository>()
            .AddSingleton<SampleOrganisation>().AddOrganisation().AddCatalogActions().AddDiscovery();

    /// <summary>What templates do with the catalog and its repositories.</summary>
    public static IServiceCollection AddCatalogActions(this IServiceCollection services) => services
        .AddSingleton<IAction, CatalogRegister>().AddSingleton<IAction, CatalogFetch>()
        .AddSingleton<IAction, CatalogWrite>()
        .AddSingleton<IAction, CatalogPropose>().AddSingleton<IAction, RepoCreate>()
        .AddEffect<RepositoryCreateEffect, RepositoryCreateArgs, RepositoryCreated>()
        .AddEffect<CatalogRegisterEffect, CatalogRegisterArgs, CatalogRegistered>()
        .AddEffect<CatalogProposeEffect, CatalogProposeArgs, CatalogProposed>();

    /// <summary>People and teams.</summary>
    private static IServiceCollection AddOrganisation(this IServiceCollection services) => services
        .AddSingleton<ChangeOrganisation>().AddSingleton<OrganisationRights>().AddSingleton<ChangeTeams>()
        .AddSingleton<ChangePeople>().AddSingleton<ChangeMembers>().AddSingleton<JoinTeams>()
        .AddSingleton<ImportPeople>()
        .AddSingleton<ReadOrganisation>().AddSingleton<FirstSetUp>().AddSingleton<PeopleFile>()
        .AddHostedService<WatchPeopleFile>();

    private static IServiceCollection AddCatalogOptions(this IServiceCollection services)
    {
        services.AddOptions<CatalogOptions>().BindConfiguration(CatalogOptions.Section)
            .Validate(
                o => o.PeopleSources.TrueForAll(s => s.Split('/').Length == 3),
                $"{CatalogOptions.Section}:PeopleSources: write each as instance/organisation/name.")
            .ValidateOnStart();
        return services;
    }

    /// <summary>
    /// Finding descriptors; a provider that is an <see cref="Providers.ICatalogSource"/> belongs to it.
    /// </summary>
    private static IServiceCollection AddDiscovery(this IServiceCollection services)
    {
        services.AddQuartz(quartz => quartz.AddDiscoveryJobs());
        return services.AddSingleton<RegisterFound>().AddSingleton<FoundRepositories>()
            .AddSingleton<DiscoverRepositories>().AddSingleton<WakeDiscovery>()
            .AddSingleton<ProposeDescriptor>().AddSingleton<ReadDiscovery>()
            .AddSingleton<ProviderEventHandler, PushEvents>().AddSingleton<ProviderEventHandler, RepositoryEvents>();
    }
}
