using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;

namespace Portal.TestKit.Fakes;

/// <summary>An effect that costs nothing, so that what is measured is the portal's own part of it.</summary>
public sealed class FreeEffect : IEffect<FreeThing, FreeThing>
{
    public string Kind => "test.free";

    public int Version => 1;

    public EffectClass Class => EffectClass.Create;

    public TimeSpan Deadline => TimeSpan.FromSeconds(10);

    public PlannedEffect Describe(FreeThing args) => new("Make", "free thing", args.Name, "test");

    public IReadOnlyList<NeededRight> Needs(FreeThing args) => [];

    public JsonObject PlanOutputs(FreeThing args) => new() { ["name"] = args.Name };

    public Task<FreeThing?> FindAsync(EffectContext context, FreeThing args, CancellationToken cancellation) =>
        Task.FromResult<FreeThing?>(null);

    public Task<FreeThing> PerformAsync(EffectContext context, FreeThing args, CancellationToken cancellation) =>
        Task.FromResult(args);

    public Task UndoAsync(EffectContext context, FreeThing args, FreeThing? result, CancellationToken cancellation) =>
        Task.CompletedTask;
}

public sealed record FreeThing(string Name);

/// <summary><c>test:free</c>: has one <see cref="FreeEffect"/>.</summary>
public sealed class FreeAction(FreeEffect effect) : IAction
{
    public ActionDescription Description { get; } = new(
        "test:free", "Makes a thing that costs nothing.", new JsonObject { ["type"] = "object" },
        new JsonObject { ["type"] = "object", ["additionalProperties"] = true }, []);

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        var name = context.Input["name"]?.ToString() ?? "thing";
        var applied = await context.ApplyAsync(effect, "test", "thing", new FreeThing(name), cancellation);
        context.Outputs["name"] = applied.Outputs["name"]?.DeepClone();
    }
}

public static class FreeEffectSetup
{
    public static IServiceCollection AddFreeEffect(this IServiceCollection services) =>
        services.AddSingleton<FreeEffect>().AddSingleton<IAction, FreeAction>()
            .AddSingleton(s => RegisteredEffect.Of(s.GetRequiredService<FreeEffect>()));
}
