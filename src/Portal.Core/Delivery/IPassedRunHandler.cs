using Portal.Core.Providers;

namespace Portal.Core.Delivery;

/// <summary>
/// What a feature does about a pipeline run that has passed: called once for each, however often its host tells of it.
/// </summary>
public interface IPassedRunHandler
{
    Task PassedAsync(string instance, PipelineRunInfo run, CancellationToken cancellation);
}
