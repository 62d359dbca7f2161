using Portal.Core.Delivery;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Web.Controls;

namespace Portal.Web.Catalog;

/// <summary>
/// Is it well? Told by its environments and its newest finished pipeline; what nothing tells is unknown.
/// </summary>
/// <param name="Reason">One sentence.</param>
public sealed record ServiceHealth(Status Status, string Reason)
{
    /// <param name="pipelines">Newest first.</param>
    public static ServiceHealth Of(IReadOnlyList<PortalEnvironment> environments, IReadOnlyList<PipelineRun> pipelines)
    {
        var bad = environments.Where(e => e.Status is EnvironmentStatus.Unhealthy or EnvironmentStatus.Failed).ToList();
        var well = environments.Count(e => e.Status == EnvironmentStatus.Running);
        var newest = pipelines.FirstOrDefault(p => p.FinishedAt is not null);
        var pipelineFailed =
            newest?.Status == PipelineStatus.Failed ? $" Its newest pipeline run, #{newest.Number}, failed." : "";
        if (bad.Count > 0)
        {
            return new(Status.Bad("Unhealthy"), $"{string.Join(" and ", bad.Select(Say))}.{pipelineFailed}");
        }
        if (well > 0)
        {
            var running = well == 1 ? "Its running environment answers." : $"Its {well} running environments answer.";
            return pipelineFailed.Length > 0
                ? new(Status.Warn("Pipeline failing"), running + pipelineFailed)
                : new(Status.Good("Healthy"), running);
        }
        var nothing = environments.Count switch
        {
            0 => "No environment runs it, so nothing tells.",
            _ => "None of its environments is running, so nothing tells.",
        };
        return pipelineFailed.Length > 0
            ? new(Status.Warn("Pipeline failing"), nothing + pipelineFailed)
            : new(Status.Unknown(), nothing);
    }

    private static string Say(PortalEnvironment environment) =>
        environment.Status == EnvironmentStatus.Failed
            ? $"Environment {environment.Name} has failed"
            : $"Environment {environment.Name} does not answer its check";
}
