using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Shared;

/// <summary>A setting of a repository on GitHub.</summary>
internal abstract class SettingEffect<TArgs, TResult>(GitHubClients clients) : SettingEffect<GitHubApi, TArgs, TResult>(
    clients.Of)
    where TArgs : SettingArgs where TResult : class
{
    protected sealed override async Task<bool> IsThereAsync(
        GitHubApi client, RepositoryName repository, CancellationToken cancellation) =>
        await client.FindRepositoryAsync(repository, cancellation) is not null;
}

/// <summary>
/// A setting of repositories that the step itself has made: there was nothing before, and it goes with them.
/// </summary>
internal abstract class FirstSettingEffect<TArgs>(GitHubClients clients) : SettingEffect<TArgs, SettingApplied>(
    clients) where TArgs : SettingArgs
{
    protected sealed override Task<string?> BeforeAsync(GitHubApi client, TArgs args, CancellationToken cancellation) =>
        Task.FromResult<string?>(null);

    protected sealed override UndoPreview Preview(string? before, TArgs args, SettingApplied? result) =>
        UndoPreview.Stays($"The {Describe(args).What} {Describe(args).Name} stays.");

    protected sealed override Task RestoreAsync(
        GitHubApi client, EffectContext context, TArgs args, SettingApplied? result,
        CancellationToken cancellation) => Task.CompletedTask;
}
