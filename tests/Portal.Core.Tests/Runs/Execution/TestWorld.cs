using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;

namespace Portal.Core.Tests.Runs.Execution;

/// <summary>Something outside that counts what is made in it, and can break at any point of a call.</summary>
public sealed class TestWorld
{
    /// <summary>Every thing that was made, by its mark; a thing made twice stands here twice.</summary>
    public List<string> Made { get; } = [];

    /// <summary>Thrown before anything happened, once.</summary>
    public Exception? BreakBefore { get; set; }

    /// <summary>Thrown after it happened and before anybody could note it, once.</summary>
    public Exception? BreakAfter { get; set; }

    /// <summary>What somebody needs for whom a thing is made.</summary>
    public IReadOnlyList<NeededRight> Needs { get; set; } = [];

    /// <summary>When set, making waits for it, and for a cancellation.</summary>
    public TaskCompletionSource? Hold { get; set; }

    /// <summary>Called at each point of each call; what it throws is what the caller sees.</summary>
    public Func<WorldPoint, string, CancellationToken, Task>? At { get; set; }

    /// <summary>What was made although it was there: must stay empty.</summary>
    public List<string> Twice { get; } = [];

    /// <summary>Whether the same thing is refused, as hosts do whose names are unique; else it is made twice.</summary>
    public bool RefusesTwice { get; set; }

    /// <summary>How many looks see nothing yet of what was made, as where lists lag behind.</summary>
    public int FindsAfter { get; set; }

    /// <summary>How often it was asked to make something.</summary>
    public int Calls { get; private set; }

    public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<MadeThing> MakeAsync(string id, CancellationToken cancellation)
    {
        Calls++;
        Entered.TrySetResult();
        await ReachedAsync(WorldPoint.BeforeMade, id, cancellation);
        if (Hold is { } hold) await hold.Task.WaitAsync(cancellation);
        if (BreakBefore is { } before)
        {
            BreakBefore = null;
            throw before;
        }
        if (Made.Contains(id))
        {
            if (RefusesTwice) throw ProviderException.Conflict("taken", $"{id} is taken.");
            Twice.Add(id);
        }
        Made.Add(id);
        await ReachedAsync(WorldPoint.AfterMade, id, cancellation);
        if (BreakAfter is { } after)
        {
            BreakAfter = null;
            throw after;
        }
        return new MadeThing(id, Echo);
    }

    /// <summary>What it says about each thing that it makes: a provider may repeat what it was sent.</summary>
    public string? Echo { get; set; }

    public bool Has(string id) => Made.Contains(id) && --FindsAfter < 0;

    public async Task RemoveAsync(string id, CancellationToken cancellation)
    {
        await ReachedAsync(WorldPoint.BeforeRemoved, id, cancellation);
        Made.Remove(id);
        await ReachedAsync(WorldPoint.AfterRemoved, id, cancellation);
    }

    private Task ReachedAsync(WorldPoint point, string id, CancellationToken cancellation) =>
        At?.Invoke(point, id, cancellation) ?? Task.CompletedTask;
}

public enum WorldPoint { BeforeMade, AfterMade, BeforeRemoved, AfterRemoved }

public sealed record MakeThing(string Name, string? Secret = null);

public sealed record MadeThing(string Id, string? Echo = null);

public sealed class MakeThingEffect(TestWorld world) : IEffect<MakeThing, MadeThing>
{
    public string Kind => "thing.make";
    public int Version => 1;
    public EffectClass Class => EffectClass.Create;
    public TimeSpan Deadline => TimeSpan.FromSeconds(20);

    public PlannedEffect Describe(MakeThing args) => new("Create", "thing", args.Name, "test");

    public IReadOnlyList<NeededRight> Needs(MakeThing args) => world.Needs;

    public JsonObject PlanOutputs(MakeThing args) => new()
    {
        ["id"] = UnknownValue.Of("the id of the thing"), ["echo"] = UnknownValue.Of("what the world says of it"),
    };

    public Task<MadeThing?> FindAsync(EffectContext context, MakeThing args, CancellationToken cancellation) =>
        Task.FromResult(world.Has(context.Id) ? new MadeThing(context.Id) : null);

    public Task<MadeThing> PerformAsync(EffectContext context, MakeThing args, CancellationToken cancellation) =>
        world.MakeAsync(context.Id, cancellation);

    public Task UndoAsync(EffectContext context, MakeThing args, MadeThing? result, CancellationToken cancellation) =>
        world.RemoveAsync(context.Id, cancellation);
}

/// <summary><c>test:make</c>: makes a thing, writes a file, says what it was given.</summary>
public sealed class MakeThingAction(MakeThingEffect effect) : IAction
{
    public ActionDescription Description { get; } = new(
        "test:make", "Makes a thing.", new JsonObject { ["type"] = "object" }, new JsonObject { ["type"] = "object" },
        []);

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        var name = context.Input["name"]!.GetValue<string>();
        context.Log($"making {name} with {context.Input["secret"]}");
        var applied = await context.ApplyAsync(
            effect, "test", "thing", new MakeThing(name, context.Input["secret"]?.ToString()), cancellation);
        if (applied.Outputs["echo"] is { } echo) context.Log($"it says {echo}");
        context.Workspace.Put($"{name}.txt", name);
        context.Outputs["id"] = applied.Outputs["id"]?.DeepClone();
        context.Outputs["echo"] = applied.Outputs["echo"]?.DeepClone();
        context.Outputs["files"] = context.Workspace.Count;
    }
}
