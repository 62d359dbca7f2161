namespace Portal.Web.Organisation;

/// <summary>People and teams on pages. After the sample organisation, which may bring the first of them.</summary>
internal static class OrganisationPagesSetup
{
    public static void AddOrganisationPages(this IServiceCollection services) =>
        services.AddSingleton<ReadTeamPage>().AddHostedService<OrganisationAtStart>();
}
