using System.Text.Json.Nodes;
using Portal.Core.Runs.Actions;

namespace Portal.TestKit.Fakes;

/// <summary><c>test:echo</c> gives back what it gets, so that a test sees what a step rendered.</summary>
public sealed class EchoAction : IAction
{
    public ActionDescription Description { get; } = new(
        "test:echo", "Gives back its input.", new JsonObject { ["type"] = "object" },
        new JsonObject { ["type"] = "object", ["additionalProperties"] = true }, []);

    public Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        foreach (var (name, value) in context.Input) context.Outputs[name] = value?.DeepClone();
        return Task.CompletedTask;
    }
}
