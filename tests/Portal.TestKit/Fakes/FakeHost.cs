using System.Collections.Concurrent;
using System.Text;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.TestKit.Fakes;

/// <summary>A provider of everything, in memory: what it was asked is there to be looked at.</summary>
public sealed class FakeHost(string instance = "local") : IRepositoryHost, IPipelineHost, IEnvironmentHost
{
    private readonly ConcurrentDictionary<RepositoryName, (Repository Repository, FileTree Tree)> repositories = new();
    private readonly ConcurrentDictionary<string, (PipelineRunInfo Run, string Correlation)> pipelines = new();
    private readonly ConcurrentDictionary<string, EnvironmentInfo> environments = new();
    private int ids;

    public string Instance => instance;

    public string Type => "Fake";

    public IReadOnlyCollection<string> Hosts => [instance];

    public string? DescriptorAnnotation { get; set; }

    /// <summary>Whether it tells its repositories apart by ids of its own.</summary>
    public bool HasIds { get; init; } = true;

    /// <summary>What a pipeline run becomes when it is looked at; passed unless set.</summary>
    public Func<PipelineRunInfo, PipelineRunInfo> Pipeline { get; set; } =
        run => run with { Status = PipelineStatus.Passed };

    public List<TriggerPipeline> Triggered { get; } = [];

    public List<string> Cancelled { get; } = [];

    public List<CreateEnvironment> Created { get; } = [];

    /// <summary>Every call of a changing method, by name.</summary>
    public List<string> Changes { get; } = [];

    public IReadOnlyList<EnvironmentDefinition> Definitions { get; set; } =
    [
        new("process", "Process", "Runs what a pipeline built.",
            [new("small", 0.25m, 256, new Money(0.01m, "EUR"), "example price sheet"), new(
                "medium", 1m, 1024, new Money(0.04m, "EUR"), "example price sheet")], []),
    ];

    /// <summary>What it says that it would change; null = it cannot tell.</summary>
    public EnvironmentPlan? Plan { get; set; }

    public List<CreateEnvironment> Planned { get; } = [];

    public Task<EnvironmentPlan?> PlanAsync(CreateEnvironment request, CancellationToken cancellation)
    {
        Planned.Add(request);
        return Task.FromResult(Plan);
    }

    /// <summary>It has an environment that it did not make.</summary>
    public void Have(EnvironmentInfo environment) => environments[environment.Id] = environment;

    public void Forget(string? id)
    {
        if (id is not null) environments.TryRemove(id, out _);
    }

    public RepositoryName? NameFromUrl(string url)
    {
        var start = $"http://{instance}/git/";
        return url.StartsWith(start, StringComparison.Ordinal) && RepositoryName.TryParse(
            url[start.Length..].Replace(".git", "", StringComparison.Ordinal), out var name) ? name : null;
    }

    public string CloneUrl(RepositoryName name) => $"http://{instance}/git/{name}.git";

    public FileTree? TreeOf(RepositoryName name) => repositories.TryGetValue(name, out var found) ? found.Tree : null;

    Task<Repository?> IRepositoryHost.FindAsync(RepositoryName name, CancellationToken cancellation) =>
        Task.FromResult(repositories.TryGetValue(name, out var found) ? found.Repository : null);

    public Task<Repository> CreateAsync(CreateRepository request, CancellationToken cancellation)
    {
        Changes.Add("create repository");
        var made = new Repository(
            request.Name, request.Description, request.DefaultBranch, CloneUrl(request.Name), null,
            new string('a', 40), request.Mark, request.Owner)
        {
            HostId = HasIds ? $"{Interlocked.Increment(ref ids)}" : null,
        };
        return repositories.TryAdd(request.Name, (made, request.Tree))
            ? Task.FromResult(made)
            : throw ProviderException.Conflict("repository-exists", $"The repository {request.Name} exists already.");
    }

    /// <summary>Somebody gives it another name there.</summary>
    public void Rename(RepositoryName from, RepositoryName to)
    {
        repositories.TryRemove(from, out var found);
        repositories[to] = (found.Repository with { Name = to, CloneUrl = CloneUrl(to) }, found.Tree);
    }

    public Task DeleteAsync(RepositoryName name, CancellationToken cancellation)
    {
        Changes.Add("delete repository");
        repositories.TryRemove(name, out _);
        return Task.CompletedTask;
    }

    Task<IReadOnlyList<Repository>> IRepositoryHost.ListAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Repository>>([.. repositories.Values.Select(r => r.Repository)]);

    public Task<IReadOnlyList<Commit>> CommitsAsync(
        RepositoryName name, string reference, int limit, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Commit>>([]);

    public Task<byte[]?> ReadFileAsync(
        RepositoryName name, string reference, string path, CancellationToken cancellation) =>
        Task.FromResult(TreeOf(name)?.ReadText(path) is { } text ? Encoding.UTF8.GetBytes(text) : null);

    public Task<PipelineRunInfo> TriggerAsync(TriggerPipeline request, CancellationToken cancellation)
    {
        if (pipelines.Values.FirstOrDefault(p => p.Correlation == request.Correlation) is { Run: { } earlier })
        {
            return Task.FromResult(earlier);
        }
        Changes.Add("trigger pipeline");
        Triggered.Add(request);
        var run = new PipelineRunInfo(
            $"run-{pipelines.Count + 1}", request.Repository, request.Workflow, pipelines.Count + 1, request.Reference,
            new string('a', 40), "First", PipelineTrigger.Manual,
            PipelineStatus.Running, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, null, [],
            [new ArtifactInfo("app", 10, 1)], 0, null);
        pipelines[run.Id] = (run, request.Correlation);
        return Task.FromResult(run);
    }

    public Task<PipelineRunInfo?> FindByCorrelationAsync(
        RepositoryName repository, string correlation, CancellationToken cancellation) =>
        Task.FromResult<PipelineRunInfo?>(pipelines.Values.FirstOrDefault(p => p.Correlation == correlation).Run);

    Task<PipelineRunInfo?> IPipelineHost.FindAsync(string id, CancellationToken cancellation) =>
        Task.FromResult(pipelines.TryGetValue(id, out var found) ? Pipeline(found.Run) : null);

    Task<IReadOnlyList<PipelineRunInfo>> IPipelineHost.ListAsync(
        RepositoryName repository, int limit, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<PipelineRunInfo>>(
            [.. pipelines.Values.Select(p => Pipeline(p.Run)).Where(r => r.Repository == repository)]);

    /// <summary>What happens inside the call that makes an environment, before it is made.</summary>
    public Func<CreateEnvironment, Task>? OnCreate { get; set; }

    public async Task<PipelineRunInfo> RerunAsync(string id, CancellationToken cancellation) =>
        await TriggerAsync(new TriggerPipeline(
            pipelines[id].Run.Repository, pipelines[id].Run.Workflow, pipelines[id].Run.Branch,
            Guid.NewGuid().ToString()), cancellation);

    public Task CancelAsync(string id, CancellationToken cancellation)
    {
        Cancelled.Add(id);
        return Task.CompletedTask;
    }

    public async Task<EnvironmentInfo> CreateAsync(CreateEnvironment request, CancellationToken cancellation)
    {
        if (OnCreate is { } happens) await happens(request);
        Changes.Add("create environment");
        Created.Add(request);
        var made = new EnvironmentInfo(
            request.Id, request.Name, request.Repository, EnvironmentStatus.Running, "http://localhost:4711",
            new string('a', 40), request.Version?.PipelineRunId, request.Size,
            request.Mark, 0, null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
        return environments.GetOrAdd(request.Id, made);
    }

    public Task<EnvironmentInfo?> FindByMarkAsync(string mark, CancellationToken cancellation) =>
        Task.FromResult(environments.Values.FirstOrDefault(e => e.Mark == mark));

    Task<EnvironmentInfo?> IEnvironmentHost.FindAsync(string id, CancellationToken cancellation) =>
        Task.FromResult(environments.GetValueOrDefault(id));

    Task<IReadOnlyList<EnvironmentInfo>> IEnvironmentHost.ListAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<EnvironmentInfo>>([.. environments.Values]);

    /// <summary>
    /// What happens inside the call that changes an environment, before it is done: "stop", "start", "deploy",
    /// "destroy".
    /// </summary>
    public Func<string, Task>? OnOperation { get; set; }

    public Task<EnvironmentInfo> DeployAsync(string id, EnvironmentVersion version, CancellationToken cancellation) =>
        ChangeAsync("deploy", id, e => e with { PipelineRunId = version.PipelineRunId, Commit = version.Commit });

    public Task<EnvironmentInfo> StopAsync(string id, CancellationToken cancellation) =>
        ChangeAsync("stop", id, e => e with { Status = EnvironmentStatus.Stopped });

    public Task<EnvironmentInfo> StartAsync(string id, CancellationToken cancellation) =>
        ChangeAsync("start", id, e => e with { Status = EnvironmentStatus.Running });

    public async Task DestroyAsync(string id, CancellationToken cancellation)
    {
        if (OnOperation is { } happens) await happens("destroy");
        Changes.Add("destroy environment");
        environments.TryRemove(id, out _);
    }

    private async Task<EnvironmentInfo> ChangeAsync(
        string what, string id, Func<EnvironmentInfo, EnvironmentInfo> change)
    {
        if (OnOperation is { } happens) await happens(what);
        Changes.Add($"{what} environment");
        return environments[id] = change(environments[id]);
    }

    /// <summary>What each of its pipeline runs says.</summary>
    public IReadOnlyList<HostLogLine> Log { get; set; } = [];

    Task<IReadOnlyList<HostLogLine>> IPipelineHost.ReadLogAsync(
        string id, long after, int limit, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<HostLogLine>>([.. Log.Where(l => l.Number > after).Take(limit)]);

    Task<IReadOnlyList<HostLogLine>> IEnvironmentHost.ReadLogAsync(
        string id, long after, int limit, CancellationToken cancellation) => NoLines;

    private static Task<IReadOnlyList<HostLogLine>> NoLines => Task.FromResult<IReadOnlyList<HostLogLine>>([]);
}
