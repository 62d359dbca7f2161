using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Core.GoldenPaths.Actions;
using Portal.Core.GoldenPaths.Actions.Catalog;
using Portal.Core.GoldenPaths.Actions.Debugging;
using Portal.Core.GoldenPaths.Actions.Fetch;
using Portal.Core.GoldenPaths.Actions.Files;
using Portal.Core.GoldenPaths.Actions.Hosts;
using Portal.Core.GoldenPaths.Actions.Waiting;
using Portal.Core.GoldenPaths.Runs;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.GoldenPaths.Templates.Checks;
using Portal.Core.GoldenPaths.Templates.TestRuns;

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
            .Validate(o => o.SecretSources.TrueForAll(s => s.Source.Length > 0), $"{TemplateOptions.Section}:SecretSources: each needs a Source, a folder of templates.")
            .Validate(
                o => o.SecretSources.TrueForAll(s => s.Names.TrueForAll(o.EnvironmentSecrets.ContainsKey)),
                $"{TemplateOptions.Section}:SecretSources: each of the Names must be one of {TemplateOptions.Section}:EnvironmentSecrets.")
            .ValidateOnStart();
        services.AddSingleton<TemplateTrees>().AddSingleton<TemplateReview>().AddSingleton<TemplateCatalogue>().AddSingleton<Drafts>();
        services.AddHostedService<TemplateWatcher>();
        services.AddSingleton<CheckTemplate>().AddSingleton<TestTemplate>();
        services.AddSingleton<ActionRegistry>().AddSingleton<StepWalk>().AddSingleton<PlanRun>();
        services.AddActions();
        return services;
    }

    private static void AddActions(this IServiceCollection services)
    {
        services.AddSingleton<IAction, FetchTemplate>().AddSingleton<IAction, FetchTemplateFile>().AddSingleton<IAction, FetchPlain>()
            .AddSingleton<IAction, FetchPlainFile>();
        services.AddSingleton<IAction, DeleteFiles>().AddSingleton<IAction, RenameFiles>().AddSingleton<IAction, ReadFile>().AddSingleton<IAction, ReadFolder>();
        services.AddSingleton<IAction, WaitForApproval>().AddSingleton<IAction, WaitForEvent>().AddSingleton<IAction, WaitUntil>();
        services.AddSingleton<IAction, DebugLog>().AddSingleton<IAction, DebugWait>();
        services.AddSingleton<IAction, CatalogRegister>().AddSingleton<IAction, CatalogFetch>().AddSingleton<IAction, CatalogWrite>().AddSingleton<IAction, CatalogPropose>();
        services.AddSingleton<IAction, RepoCreate>().AddSingleton<IAction, PipelineRunAction>().AddSingleton<IAction, EnvironmentCreateAction>()
            .AddSingleton<IAction, EnvironmentAdoptAction>().AddSingleton<EnvironmentOwners>();
        services.TryAddSingleton<EffectRegistry>();
        services.AddEffect<RepositoryCreateEffect, RepositoryCreateArgs, RepositoryCreated>();
        services.AddEffect<PipelineTriggerEffect, PipelineTriggerArgs, PipelineTriggered>();
        services.AddEffect<EnvironmentCreateEffect, EnvironmentCreateArgs, EnvironmentCreated>();
        services.AddEffect<EnvironmentAdoptEffect, EnvironmentAdoptArgs, EnvironmentAdopted>();
        services.AddEffect<CatalogRegisterEffect, CatalogRegisterArgs, CatalogRegistered>();
        services.AddEffect<CatalogProposeEffect, CatalogProposeArgs, CatalogProposed>();
    }

    /// <summary>Makes an effect known to actions by its type, and to the journal by its kind and version.</summary>
    public static IServiceCollection AddEffect<TEffect, TArgs, TResult>(this IServiceCollection services)
        where TEffect : class, IEffect<TArgs, TResult> where TResult : class =>
        services.AddSingleton<TEffect>().AddSingleton(s => RegisteredEffect.Of(s.GetRequiredService<TEffect>()));
}
