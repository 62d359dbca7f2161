using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Actions;
using Portal.Core.GoldenPaths.Runs;

namespace Portal.Core.Tests.GoldenPaths.Runs.Execution;

/// <summary>Something outside that counts what is made in it, and can break at any point of a call.</summary>
public sealed class TestWorld
{
    /// <summary>Every thing that was made, by its mark; a thing made twice stands here twice.</summary>
    public List<string> Made { get; } = [];

    /// <summary>Thrown before anything happened, once.</summary>
    public Exception? BreakBefore { get; set; }

    /// <summary>Thrown after it happened and before anybody could note it, once.</summary>
    public Exception? BreakAfter { get; set; }

    /// <summary>When set, making waits for it, and for a cancellation.</summary>
    public TaskCompletionSource? Hold { get; set; }

    public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<MadeThing> MakeAsync(string id, CancellationToken cancellation)
    {
        Entered.TrySetResult();
        if (Hold is { } hold) await hold.Task.WaitAsync(cancellation);
        if (BreakBefore is { } before)
        {
            BreakBefore = null;
            throw before;
        }
        Made.Add(id);
        if (BreakAfter is { } after)
        {
            BreakAfter = null;
            throw after;
        }
        return new MadeThing(id);
    }
}

public sealed record MakeThing(string Name);

public sealed record MadeThing(string Id);

public sealed class MakeThingEffect(TestWorld world) : IEffect<MakeThing, MadeThing>
{
    public string Kind => "thing.make";
    public int Version => 1;
    public EffectClass Class => EffectClass.Create;
    public TimeSpan Deadline => TimeSpan.FromSeconds(20);

    public PlannedEffect Describe(MakeThing args) => new("Create", "thing", args.Name, "test");

    public JsonObject PlanOutputs(MakeThing args) => new() { ["id"] = UnknownValue.Of("the id of the thing") };

    public Task<MadeThing?> FindAsync(EffectContext context, MakeThing args, CancellationToken cancellation) =>
        Task.FromResult(world.Made.Contains(context.Id) ? new MadeThing(context.Id) : null);

    public Task<MadeThing> PerformAsync(EffectContext context, MakeThing args, CancellationToken cancellation) => world.MakeAsync(context.Id, cancellation);

    public Task UndoAsync(EffectContext context, MakeThing args, MadeThing? result, CancellationToken cancellation)
    {
        world.Made.Remove(context.Id);
        return Task.CompletedTask;
    }
}

/// <summary><c>test:make</c>: makes a thing, writes a file, says what it was given.</summary>
public sealed class MakeThingAction(MakeThingEffect effect) : IAction
{
    public ActionDescription Description { get; } = new("test:make", "Makes a thing.", new JsonObject { ["type"] = "object" }, new JsonObject { ["type"] = "object" }, []);

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        var name = context.Input["name"]!.GetValue<string>();
        context.Log($"making {name} with {context.Input["secret"]}");
        var applied = await context.ApplyAsync(effect, "test", "thing", new MakeThing(name), cancellation);
        context.Workspace.Put($"{name}.txt", name);
        context.Outputs["id"] = applied.Outputs["id"]?.DeepClone();
        context.Outputs["files"] = context.Workspace.Count;
    }
}
