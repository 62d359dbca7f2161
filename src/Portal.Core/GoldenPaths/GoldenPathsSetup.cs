using Microsoft.Extensions.DependencyInjection;
using Portal.Core.GoldenPaths.Actions;
using Portal.Core.GoldenPaths.Actions.Fetch;
using Portal.Core.GoldenPaths.Runs;
using Portal.Core.GoldenPaths.Templates;

namespace Portal.Core.GoldenPaths;

public static class GoldenPathsSetup
{
    /// <summary>Templates, actions, plans. Running is <c>AddRuns</c>.</summary>
    public static IServiceCollection AddGoldenPaths(this IServiceCollection services)
    {
        services.AddOptions<TemplateOptions>().BindConfiguration(TemplateOptions.Section)
            .Validate(o => o.MaxFileSize is > 0 and <= 50L * 1024 * 1024, $"{TemplateOptions.Section}:MaxFileSize must be 1 to {50 * 1024 * 1024} bytes.")
            .Validate(o => o.MaxSize > 0, $"{TemplateOptions.Section}:MaxSize must be above 0 bytes.")
            .Validate(o => o.MaxFiles is > 0 and <= 20_000, $"{TemplateOptions.Section}:MaxFiles must be 1 to 20000.")
            .ValidateOnStart();
        services.AddSingleton<TemplateTrees>().AddSingleton<TemplateReview>().AddSingleton<TemplateCatalogue>();
        services.AddHostedService<TemplateWatcher>();
        services.AddSingleton<ActionRegistry>().AddSingleton<StepWalk>().AddSingleton<PlanRun>();
        services.AddSingleton<IAction, FetchTemplate>();
        return services;
    }
}
