using System.Text;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

/// <summary>
/// What a pipeline run left, in the words of an environment host: who has the repository knows it, who runs it may be
/// another.
/// </summary>
public sealed class EnvironmentVersions(ProviderRegistry providers)
{
    private const string WorkloadFile = "score.yaml";

    /// <param name="repositoryProvider">The instance that has the repository.</param>
    /// <exception cref="ProviderException">There is no such run, or it is one of another repository.</exception>
    public async Task<EnvironmentVersion> OfAsync(
        string repositoryProvider, RepositoryName repository, string pipelineRun, CancellationToken cancellation)
    {
        var pipelines = providers.Find<IPipelineHost>(repositoryProvider) ?? providers.Default<IPipelineHost>();
        var run = await pipelines.FindAsync(pipelineRun, cancellation) ?? throw ProviderException.NotFound(
            "pipeline-run-missing",
            $"The pipeline run {pipelineRun} of {repository} is not there any more. Run the pipeline again.");
        // Who fills in a form may name any: what another repository built is not this one's to run.
        if (!run.Repository.ToString().Equals(repository.ToString(), StringComparison.OrdinalIgnoreCase))
        {
            throw new ProviderException(EnvironmentErrors.PipelineOfAnother(pipelineRun, repository.ToString()));
        }
        var workload = await providers.Get<IRepositoryHost>(repositoryProvider)
            .ReadFileAsync(repository, run.Commit, WorkloadFile, cancellation);
        return new EnvironmentVersion(run.Id, run.Commit, workload is null ? null : Encoding.UTF8.GetString(workload));
    }
}
