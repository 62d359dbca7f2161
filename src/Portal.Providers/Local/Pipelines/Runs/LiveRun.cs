using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Local.Pipelines.Runs;

/// <summary>
/// The changing state of a run while it is executed; every change is handed to <paramref name="changed"/> as a
/// snapshot. Thread-safe.
/// </summary>
internal sealed class LiveRun(StoredRun start, RunLog log, TimeProvider time, Action<StoredRun> changed)
{
    private readonly Lock gate = new();
    private readonly List<LiveJob> jobs = [];
    private readonly List<ArtifactInfo> artifacts = [];
    private StoredRun current = start with
    {
        Info = start.Info with { Jobs = [], Artifacts = [], SkippedSteps = 0, Failure = null },
    };

    public StoredRun Start => start;

    public RunLog Log => log;

    public string Id => start.Info.Id;

    public DateTimeOffset Now => time.Now();

    public string? Failure
    {
        get
        {
            lock (gate) return current.Info.Failure;
        }
    }

    public long ArtifactBytes
    {
        get
        {
            lock (gate) return artifacts.Sum(a => a.Size);
        }
    }

    private const int MaxJobs = 1_000;

    /// <summary>Of a job's name, which stands in each line of its log.</summary>
    private const int MaxName = 200;

    /// <summary>Adds a job, after another one or at the end.</summary>
    /// <exception cref="WorkflowException">There are too many.</exception>
    public LiveJob AddJob(string id, string name, IEnumerable<string> steps, LiveJob? after = null)
    {
        lock (gate)
        {
            // A workflow that calls others for each combination of a matrix has as many jobs as all of them multiplied.
            if (jobs.Count >= MaxJobs) throw new WorkflowException(id, 0, $"the run has more than {MaxJobs} jobs.");
            var job = new LiveJob(this, id, Words.Short(name, MaxName), steps);
            jobs.Insert(after is null ? jobs.Count : jobs.IndexOf(after) + 1, job);
            return job;
        }
    }

    public void RemoveJob(LiveJob job)
    {
        lock (gate) jobs.Remove(job);
    }

    public void AddArtifact(ArtifactInfo artifact)
    {
        lock (gate)
        {
            artifacts.RemoveAll(a => a.Name == artifact.Name);
            artifacts.Add(artifact);
        }
    }

    /// <summary>The first failure is the run's.</summary>
    public void NoteFailure(string sentence)
    {
        lock (gate)
        {
            if (current.Info.Failure is null)
            {
                current = current with { Info = current.Info with { Failure = sentence } };
            }
        }
    }

    public void Begin() => Change(info => info with { Status = PipelineStatus.Running, StartedAt = time.Now() });

    public void End(PipelineStatus status, string? failure)
    {
        lock (gate)
        {
            foreach (var job in jobs)
            {
                job.EndOpen(status == PipelineStatus.Cancelled ? PipelineStatus.Cancelled : PipelineStatus.Failed);
            }
        }

        Change(info => info with { Status = status, FinishedAt = time.Now(), Failure = status == PipelineStatus.Failed
            ? failure ?? info.Failure
            : null });
    }

    /// <summary>Changes something under the lock and tells.</summary>
    public void Change(Action? change = null) => Change(info =>
    {
        change?.Invoke();
        return info;
    });

    private void Change(Func<PipelineRunInfo, PipelineRunInfo> change)
    {
        lock (gate)
        {
            var info = change(current.Info);
            current = current with
            {
                Info = info with
                {
                    Jobs = [.. jobs.Select(j => j.Snapshot())], Artifacts = [.. artifacts],
                    SkippedSteps = jobs.Sum(j => j.NotAvailable),
                },
            };
            changed(current);
        }
    }
}

/// <summary>A job of a <see cref="LiveRun"/>.</summary>
internal sealed class LiveJob(LiveRun run, string id, string name, IEnumerable<string> stepNames)
{
    private readonly List<PipelineStepInfo> steps =
        [.. stepNames.Select(s => new PipelineStepInfo(s, PipelineStatus.Queued, null, null, null))];
    private PipelineStatus status = PipelineStatus.Queued;
    private DateTimeOffset? startedAt;
    private DateTimeOffset? finishedAt;

    public string Id => id;

    public string Name => name;

    /// <summary>Steps that were skipped because they are not available here.</summary>
    public int NotAvailable { get; private set; }

    public void Begin() => run.Change(() => (status, startedAt) = (PipelineStatus.Running, run.Now));

    public void BeginStep(int step, string stepName) => run.Change(() =>
        steps[step] = steps[step] with { Name = stepName, Status = PipelineStatus.Running, StartedAt = run.Now });

    public void EndStep(int step, PipelineStatus ended, string? note, int notAvailable) => run.Change(() =>
    {
        steps[step] = steps[step] with
        {
            Status = ended, FinishedAt = steps[step].StartedAt is null ? null : run.Now, Note = note,
        };
        NotAvailable += notAvailable;
    });

    public void End(PipelineStatus ended) => run.Change(() =>
    {
        EndOpen(ended);
        (status, finishedAt) = (ended, run.Now);
    });

    /// <summary>
    /// The whole job is skipped; <paramref name="notAvailable"/> of its steps because they cannot run here.
    /// </summary>
    public void Skip(string? note, int notAvailable) => run.Change(() =>
    {
        for (var i = 0; i < steps.Count; i++) steps[i] = steps[i] with { Status = PipelineStatus.Skipped, Note = note };
        if (steps.Count == 0 && note is not null)
        {
            steps.Add(new PipelineStepInfo(name, PipelineStatus.Skipped, null, null, note));
        }
        NotAvailable += notAvailable;
        status = PipelineStatus.Skipped;
    });

    /// <summary>Gives what is still open an end; called under the run's lock.</summary>
    public void EndOpen(PipelineStatus ended)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Status == PipelineStatus.Queued) steps[i] = steps[i] with { Status = PipelineStatus.Skipped };
            else if (steps[i].Status == PipelineStatus.Running)
            {
                steps[i] = steps[i] with { Status = ended, FinishedAt = run.Now };
            }
        }

        if (status is PipelineStatus.Queued)
        {
            status = ended == PipelineStatus.Cancelled ? PipelineStatus.Cancelled : PipelineStatus.Skipped;
        }
        else if (status is PipelineStatus.Running) (status, finishedAt) = (ended, run.Now);
    }

    public PipelineJobInfo Snapshot() => new(id, name, status, startedAt, finishedAt, [.. steps]);
}
