using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.Environments.Actions.Operations;

/// <summary>
/// Something that is done to an environment that exists, from the plan to undoing. Each is a put: it looks at the host
/// first and leaves alone what is as it should be, so that after a crash it is just done again.
/// </summary>
public abstract class EnvironmentOperation(ProviderRegistry providers, OperationRecords records)
    : IEffect<OperationArgs, OperationResult>
{
    public abstract OperationName Name { get; }

    public string Kind => Name.Kind;

    public int Version => 1;

    public EffectClass Class => EffectClass.Put;

    /// <summary>As for making one; hosts keep limits of their own below it.</summary>
    public TimeSpan Deadline => TimeSpan.FromMinutes(65);

    protected ProviderRegistry Providers => providers;

    protected OperationRecords Records => records;

    /// <summary>What rules take it for.</summary>
    internal abstract EnvironmentChange Change { get; }

    /// <summary>Whether it asks the host, which then has to be set up.</summary>
    internal virtual bool AsksHost => true;

    /// <summary>What the action says of itself.</summary>
    internal abstract string Summary { get; }

    /// <summary>What the action takes beside the environment: properties of its schema.</summary>
    internal virtual JsonObject Input => [];

    internal virtual IReadOnlyList<string> Required => [];

    /// <summary>The same in its example, a line each.</summary>
    internal virtual IReadOnlyList<string> Example => [];

    /// <exception cref="ProviderException">The input is not possible.</exception>
    internal virtual OperationArgs ArgsOf(PortalEnvironment environment, JsonObject input) =>
        OperationArgs.Of(environment);

    /// <summary>Why it may not be done to this one, whatever its state; null when it may.</summary>
    internal virtual Task<Error?> WhyNotAsync(
        PortalEnvironment environment, JsonObject input, CancellationToken cancellation) =>
        Task.FromResult<Error?>(null);

    public virtual PlannedEffect Describe(OperationArgs args) =>
        new(Name.Verb, "environment", args.Title, args.Provider);

    public IReadOnlyList<NeededRight> Needs(OperationArgs args) =>
        [new RightOnOwned($"The environment {args.Title}", args.Owner, args.MadeBy, Name.Right)];

    public virtual JsonObject PlanOutputs(OperationArgs args) => new()
    {
        ["environment"] = args.Environment, ["environmentUrl"] = OperationResult.PageOf(args.Environment),
        ["url"] = UnknownValue.Of("the environment's address"), ["commit"] = UnknownValue.Of("commit"),
    };

    /// <summary>Never asked of a put.</summary>
    public Task<OperationResult?> FindAsync(
        EffectContext context, OperationArgs args, CancellationToken cancellation) =>
        Task.FromResult<OperationResult?>(null);

    public async Task<string?> BeforeAsync(EffectContext context, OperationArgs args, CancellationToken cancellation) =>
        await records.FindAsync(args.Environment, cancellation) is { } row
            ? JsonSerializer.Serialize(StateBefore.Of(row), Json.Options)
            : null;

    public async Task<OperationResult> PerformAsync(
        EffectContext context, OperationArgs args, CancellationToken cancellation)
    {
        // What is gone already is as it should be, or is told by its host.
        if (await records.FindAsync(args.Environment, cancellation) is { Status: not EnvironmentStatus.Destroyed } row)
        {
            records.Rules.Demand(IntendedEnvironment.Of(row, this, args));
        }
        return await ChangeAsync(context, args, cancellation);
    }

    public async Task<UndoPreview> PreviewUndoAsync(
        EffectContext context, OperationArgs args, OperationResult? result, CancellationToken cancellation)
    {
        var restore = await RestoringAsync(context, args, cancellation);
        return restore.DoAsync is null ? UndoPreview.Stays(restore.Sentence) : UndoPreview.Goes(restore.Sentence);
    }

    public async Task UndoAsync(
        EffectContext context, OperationArgs args, OperationResult? result, CancellationToken cancellation)
    {
        if ((await RestoringAsync(context, args, cancellation)).DoAsync is { } restore) await restore(cancellation);
    }

    /// <summary>Does it: what rules say was asked.</summary>
    protected abstract Task<OperationResult> ChangeAsync(
        EffectContext context, OperationArgs args, CancellationToken cancellation);

    /// <summary>How what was before comes back, or why it does not.</summary>
    /// <param name="now">Its row; it is not destroyed.</param>
    protected abstract Restore RestoreOf(
        EffectContext context, OperationArgs args, StateBefore before, PortalEnvironment now);

    protected IEnvironmentHost Host(OperationArgs args) => providers.Get<IEnvironmentHost>(args.Provider);

    /// <summary>As its host has it.</summary>
    /// <exception cref="ProviderException">The host does not have it.</exception>
    protected async Task<EnvironmentInfo> NowAsync(OperationArgs args, CancellationToken cancellation) =>
        await Host(args).FindAsync(args.Environment, cancellation) ?? throw ProviderException.NotFound(
            "environment-gone",
            $"{args.Provider} does not have the environment {args.Title} any more. Destroy it to close its record.");

    private async Task<Restore> RestoringAsync(
        EffectContext context, OperationArgs args, CancellationToken cancellation)
    {
        var row = await records.FindAsync(args.Environment, cancellation);
        if (row is null || row.Status == EnvironmentStatus.Destroyed) return Restore.Not(Gone(args));
        var before = context.Before is { } json ? JsonSerializer.Deserialize<StateBefore>(json, Json.Options) : null;
        return before is null
            ? Restore.Not($"How the environment {args.Title} was before is not on record; it stays as it is.")
            : RestoreOf(context, args, before, row);
    }

    /// <summary>What undoing says of an environment that is not there any more.</summary>
    protected virtual string Gone(OperationArgs args) => $"The environment {args.Title} is gone.";
}

/// <summary>What an operation may bring back.</summary>
/// <param name="EndsAt">When it ended by itself; null = never.</param>
public sealed record StateBefore(bool Ran, string? PipelineRun, DateTimeOffset? EndsAt)
{
    public static StateBefore Of(PortalEnvironment e) => new(e.Runs, e.PipelineRunId, e.ExpiresAt);
}

/// <param name="Sentence">What comes back, or why it does not.</param>
/// <param name="DoAsync">Null: nothing comes back.</param>
public sealed record Restore(string Sentence, Func<CancellationToken, Task>? DoAsync)
{
    public static Restore Not(string sentence) => new(sentence, null);
}
