using System.Text.Json.Nodes;
using Portal.Core.Environments.Actions.Operations;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

/// <summary>An operation on one environment, as it is proposed to the runs by whoever wants it.</summary>
internal static class OperationProposal
{
    private const string Step = "operation";

    /// <param name="more">The action's input beside the environment.</param>
    public static RunProposal Of(PortalEnvironment environment, OperationName words, JsonObject more)
    {
        var input = more.DeepClone().AsObject();
        input["environment"] = environment.Id;
        var title = $"{words.Verb} environment {environment.Title}";
        var spec = RunSpec.Own(Step, title, words.Action, input, new JsonObject
        {
            ["title"] = "Environment", ["url"] = $"${{{{ steps.{Step}.output.environmentUrl }}}}",
            ["icon"] = "environment",
        });
        var owner = EntityRef.Owner(environment.Owner) ?? EntityRef.Parse(environment.CreatedBy, "user");
        return new RunProposal(title, spec, input, owner) { Subject = SubjectOf(environment.Id) };
    }

    /// <summary>As runs and audit events name an environment.</summary>
    public static string SubjectOf(string environment) => $"environment:{environment}";
}
