using System.Text.Json.Nodes;
using Portal.Core.Catalog.Actions;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;

namespace Portal.Providers.ActionBases;

/// <summary>An action about one repository, which its input <c>repoUrl</c> names.</summary>
internal abstract class RepositoryAction(RepositoryTargets targets) : IAction
{
    public abstract ActionDescription Description { get; }

    /// <summary>What a plan shows while only the run will know the input: "Create", "issue".</summary>
    protected abstract (string Verb, string What) Change { get; }

    public Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
    {
        if (Description.Input["required"]!.AsArray().Any(name => HoldsUnknown(context.Input[name!.GetValue<string>()])))
        {
            context.LeaveToRun(Description, Change.Verb, Change.What, targets.AnyInstance);
            return Task.CompletedTask;
        }
        return ExecuteAsync(context, targets.Of(context.Input.Text("repoUrl")!), cancellation);
    }

    protected abstract Task ExecuteAsync(
        ActionContext context, RepositoryTarget target, CancellationToken cancellation);

    private static bool HoldsUnknown(JsonNode? node) =>
        UnknownValue.Is(node, out _) || node is JsonArray items && items.Any(HoldsUnknown);
}
