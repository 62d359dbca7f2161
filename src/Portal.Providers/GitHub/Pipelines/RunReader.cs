using Microsoft.Extensions.Caching.Memory;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Api;

namespace Portal.Providers.GitHub.Pipelines;

/// <summary>
/// A run with its jobs, steps and artifacts. One that is over does not change any more, and is asked for once.
/// </summary>
internal sealed class RunReader(GitHubApi client) : IDisposable
{
    private const int AtOnce = 4;
    private const int Kept = 500;

    private readonly MemoryCache over = new(new MemoryCacheOptions { SizeLimit = Kept });

    public async Task<PipelineRunInfo> ReadAsync(RepositoryName name, RunBody run, CancellationToken cancellation)
    {
        var key = (name, run.Id, Attempt(run));
        if (run.Status == RunStatuses.Completed && over.TryGetValue(key, out PipelineRunInfo? known)) return known!;
        var jobs = await client.JobsAsync(name, run.Id, cancellation);
        var artifacts = run.Status == RunStatuses.Completed
            ? await client.ArtifactsAsync(name, run.Id, cancellation) : [];
        var info = Of(name, run, jobs, artifacts);
        // Its jobs may be told a moment later than its own end.
        if (info.IsFinished && info.Jobs.All(j => j.Status is not (PipelineStatus.Queued or PipelineStatus.Running)))
        {
            over.Set(key, info, new MemoryCacheEntryOptions { Size = 1 });
        }
        return info;
    }

    /// <summary>In the order given.</summary>
    public async Task<IReadOnlyList<PipelineRunInfo>> ReadAllAsync(
        RepositoryName name, IReadOnlyList<RunBody> runs, CancellationToken cancellation)
    {
        var read = new PipelineRunInfo[runs.Count];
        await Parallel.ForAsync(
            0, runs.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
                async (i, token) => read[i] = await ReadAsync(name, runs[i], token));
        return read;
    }

    public static int Attempt(RunBody run) => run.RunAttempt ?? 1;

    /// <summary>The file's name: <c>.github/workflows/ci.yml@refs/heads/main</c> is <c>ci.yml</c>.</summary>
    public static string WorkflowOf(RunBody run) => run.Path.Split('@')[0].Split('/')[^1];

    public void Dispose() => over.Dispose();

    internal static PipelineRunInfo Of(
        RepositoryName name, RunBody run, List<JobBody> jobs, List<ArtifactBody> artifacts)
    {
        var status = RunStatuses.Of(run.Status, run.Conclusion);
        DateTimeOffset? finished = run.Status == RunStatuses.Completed
            ? jobs.Max(j => j.CompletedAt) ?? run.UpdatedAt : null;
        // What is queued has no start, although GitHub gives one.
        var started = status == PipelineStatus.Queued ? null : run.RunStartedAt ?? jobs.Min(j => j.StartedAt);
        return new PipelineRunInfo(
            new RunId(name, run.Id).ToString(), name, WorkflowOf(run), run.RunNumber, run.HeadBranch ?? "", run.HeadSha,
            (run.HeadCommit?.Message ?? run.DisplayTitle ?? "").Split('\n', 2)[0]
                .TrimEnd('\r'), RunStatuses.TriggerOf(run.Event), status, run.CreatedAt,
            started < run.CreatedAt ? run.CreatedAt : started, finished < started ? started : finished, [
                .. jobs.Select(Of)],
            [.. artifacts.Where(a => !a.Expired).Select(a => new ArtifactInfo(a.Name, a.SizeInBytes, 0))],
            Skipped(jobs), RunStatuses.FailureOf(run, jobs),
            run.HtmlUrl, Attempt(run))
        {
            RepositoryHostId = run.Repository?.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    private static PipelineJobInfo Of(JobBody job) => new(
        job.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), job.Name, RunStatuses.Of(
            job.Status, job.Conclusion), job.StartedAt, job.CompletedAt,
        [.. (job.Steps ?? []).OrderBy(s => s.Number).Select(Of)]);

    private static PipelineStepInfo Of(StepBody step) => new(
        step.Name, RunStatuses.Of(
            step.Status,
            step.Conclusion), step.StartedAt, step.CompletedAt, step.Conclusion == "timed_out"
                ? "It took longer than it may."
                : null);

    /// <summary>A job that was skipped as a whole has no steps to count: it counts as one.</summary>
    private static int Skipped(List<JobBody> jobs) =>
        jobs.Sum(j => j is { Conclusion: "skipped", Steps: null or { Count: 0 } }
            ? 1
            : (j.Steps ?? []).Count(s => s.Conclusion == "skipped"));
}
