using Portal.Web.GoldenPaths.Fields;
using Portal.Web.GoldenPaths.Review;
using Portal.Web.GoldenPaths.Runs;
using Portal.Web.GoldenPaths.Wizard;
using Portal.Web.Layout;
using Portal.Web.Shared;

namespace Portal.Web.GoldenPaths;

internal static class GoldenPathPagesSetup
{
    /// <summary>What the pages from the gallery to the run need; all of it lives as long as a circuit.</summary>
    public static void AddGoldenPathPages(this IServiceCollection services)
    {
        services.AddPlanLimits();
        services.AddSingleton<ChangeLinks>();
        services.AddScoped<CircuitSecrets>().AddScoped<EntityChoices>().AddScoped<FormOpener>()
            .AddScoped<PlannedNames>().AddScoped<LinkDoors>().AddScoped<TeamOfForm>()
            .AddSingleton<CloneCommands>().AddScoped<ReviewSession>();
        services.AddScoped<ISearchSource, TemplateSearch>().AddScoped<ISearchSource, ActionSearch>();
    }
}
