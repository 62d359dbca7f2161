using Microsoft.Extensions.DependencyInjection;
using Portal.Core.GoldenPaths.Actions.Debugging;
using Portal.Core.GoldenPaths.Actions.Fetch;
using Portal.Core.GoldenPaths.Actions.Files;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.GoldenPaths.Templates.Checks;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;

namespace Portal.Core.GoldenPaths;

public static class GoldenPathsSetup
{
    /// <summary>Templates, their forms, and what their steps do with files. Running is <c>AddRuns</c>.</summary>
    public static IServiceCollection AddGoldenPaths(this IServiceCollection services)
    {
        services.AddOptions<TemplateOptions>().BindConfiguration(TemplateOptions.Section)
            .Validate(
                o => o.MaxFileSize is > 0 and <= 50L * 1024 * 1024,
                $"{TemplateOptions.Section}:MaxFileSize must be 1 to {50 * 1024 * 1024} bytes.")
            .Validate(o => o.MaxSize > 0, $"{TemplateOptions.Section}:MaxSize must be above 0 bytes.")
            .Validate(o => o.MaxFiles is > 0 and <= 20_000, $"{TemplateOptions.Section}:MaxFiles must be 1 to 20000.")
            .ValidateOnStart();
        services.AddSingleton<TemplateReview>().AddSingleton<TemplateCatalogue>().AddSingleton<ReadTemplates>()
            .AddSingleton<Drafts>().AddSingleton<ReadRunValues>();
        services.AddHostedService<TemplateWatcher>();
        services.AddSingleton<CheckTemplate>().AddSingleton<IRunForms, PinnedForms>()
            .AddSingleton<CreateFromTemplate>();
        services.AddRunPlanning();
        services.AddSingleton<IAction, FetchTemplate>().AddSingleton<IAction, FetchTemplateFile>()
            .AddSingleton<IAction, FetchPlain>()
            .AddSingleton<IAction, FetchPlainFile>();
        services.AddSingleton<IAction, DeleteFiles>().AddSingleton<IAction, RenameFiles>()
            .AddSingleton<IAction, ReadFile>().AddSingleton<IAction, ReadFolder>();
        services.AddSingleton<IAction, DebugLog>().AddSingleton<IAction, DebugWait>();
        return services;
    }
}
