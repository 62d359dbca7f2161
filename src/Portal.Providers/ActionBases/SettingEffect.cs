using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Providers.ActionBases;

/// <summary>
/// Something about a repository that comes to the same when it is done again. Undone, what was there before comes
/// back.
/// </summary>
/// <typeparam name="TClient">Through which its host is called.</typeparam>
/// <param name="clients">Of an instance.</param>
internal abstract class SettingEffect<TClient, TArgs, TResult>(Func<string, TClient> clients) : IEffect<TArgs, TResult>
    where TArgs : SettingArgs where TResult : class
{
    public abstract string Kind { get; }

    public virtual int Version => 1;

    public EffectClass Class => EffectClass.Put;

    public TimeSpan Deadline => TimeSpan.FromMinutes(2);

    public abstract PlannedEffect Describe(TArgs args);

    public IReadOnlyList<NeededRight> Needs(TArgs args) => [new RightOnRepository(args.Provider, args.Repository)];

    public virtual JsonObject PlanOutputs(TArgs args) => [];

    public Task<TResult?> FindAsync(EffectContext context, TArgs args, CancellationToken cancellation) =>
        Task.FromResult<TResult?>(null);

    public async Task<string?> BeforeAsync(EffectContext context, TArgs args, CancellationToken cancellation) =>
        args.IsNewRepository ? null : await BeforeAsync(clients(args.Provider), args, cancellation);

    public async Task<TResult> PerformAsync(EffectContext context, TArgs args, CancellationToken cancellation)
    {
        try
        {
            return await ApplyAsync(clients(args.Provider), context, args, cancellation);
        }
        // A host may take a moment until all of it knows a repository.
        catch (ProviderException early) when (args.IsNewRepository && early.Error.Kind == ErrorKind.NotFound)
        {
            throw ProviderException.Transient("repository-not-there-yet", early.Message, early.MayHaveHappened, early);
        }
    }

    public Task<UndoPreview> PreviewUndoAsync(
        EffectContext context, TArgs args, TResult? result, CancellationToken cancellation) => Task.FromResult(
            args.IsNewRepository
                ? UndoPreview.Goes($"The {Describe(args).What} {Describe(args).Name} goes with its repository.")
                : Preview(context.Before, args, result));

    public async Task UndoAsync(EffectContext context, TArgs args, TResult? result, CancellationToken cancellation)
    {
        if (args.IsNewRepository) return;
        var client = clients(args.Provider);
        try
        {
            await RestoreAsync(client, context, args, result, cancellation);
        }
        catch (ProviderException missing) when (missing.Error.Kind == ErrorKind.NotFound)
        {
            if (await IsThereAsync(client, args.Repository, cancellation)) throw;
        }
    }

    protected abstract Task<TResult> ApplyAsync(
        TClient client, EffectContext context, TArgs args, CancellationToken cancellation);

    /// <summary>What is there before, as JSON; null when there is nothing.</summary>
    protected abstract Task<string?> BeforeAsync(TClient client, TArgs args, CancellationToken cancellation);

    protected abstract Task<bool> IsThereAsync(
        TClient client, RepositoryName repository, CancellationToken cancellation);

    protected abstract UndoPreview Preview(string? before, TArgs args, TResult? result);

    protected abstract Task RestoreAsync(
        TClient client, EffectContext context, TArgs args, TResult? result, CancellationToken cancellation);

    protected static JsonObject? Read(string? before) => before is null ? null : JsonNode.Parse(before) as JsonObject;
}
