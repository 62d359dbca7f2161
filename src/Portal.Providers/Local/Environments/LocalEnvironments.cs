using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Local.Processes;
using Portal.Providers.Score;

namespace Portal.Providers.Local.Environments;

/// <summary>
/// Environments as supervised processes of this machine. They outlive the portal and are found again when it starts.
/// </summary>
internal sealed partial class LocalEnvironments : IEnvironmentHost, IDisposable
{
    private readonly LocalFolders folders;
    private readonly ILocalArtifacts artifacts;
    private readonly IRepositoryHost repositories;
    private readonly EnvironmentTools tools;
    private readonly ProcessSandbox sandbox;
    private readonly ConcurrentDictionary<string, SupervisedEnvironment> all = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<EnvironmentSize> sizes;
    private readonly Lazy<Task> loaded;

    public LocalEnvironments(
        LocalFolders folders, ILocalArtifacts artifacts, Repositories.LocalRepositories repositories,
        IProviderEvents events,
        IOptions<LocalOptions> options, TimeProvider time, ILogger<LocalEnvironments> logger)
    {
        (this.folders, this.artifacts, this.repositories) = (folders, artifacts, repositories);
        sandbox = new ProcessSandbox(time, options.Value.JobUser)
        {
            Grace = TimeSpan.FromSeconds(options.Value.StopGraceSeconds),
        };
        var ports = new Ports();
        tools = new EnvironmentTools(
            new EnvironmentProcess(sandbox, folders, ports), new HealthCheck(), ports, events, time,
            TimeSpan.FromSeconds(options.Value.StartTimeoutSeconds), logger);
        sizes = options.Value.Prices.Sizes();
        Definitions =
        [
            new EnvironmentDefinition(
                "process", "Process", "Runs the artifact named app as a process of this machine, as score.yaml tells.",
                sizes, []),
        ];
        loaded = new Lazy<Task>(LoadAsync);
    }

    public string Instance => LocalSetup.Instance;

    public string Type => LocalSetup.Type;

    public bool TellsAll => true;

    public string? RunsAs => $"It runs on the portal's own machine. {sandbox.Description}";

    public IReadOnlyList<EnvironmentDefinition> Definitions { get; }

    public bool CanPlan => false;

    /// <summary>Those that the supervisor looks after.</summary>
    public IEnumerable<SupervisedEnvironment> Supervised => all.Values;

    /// <summary>Takes over what an earlier portal left running. Everything else waits for it.</summary>
    public Task LoadedAsync() => loaded.Value;

    /// <summary>For who may not want to wait any more, or has not from the beginning.</summary>
    private Task ReadyAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return LoadedAsync().WaitAsync(cancellation);
    }

    public async Task<EnvironmentInfo> CreateAsync(CreateEnvironment request, CancellationToken cancellation)
    {
        await ReadyAsync(cancellation);
        if (!IdPattern().IsMatch(request.Id))
        {
            throw ProviderException.Invalid(
                "environment-id-invalid",
                $"'{request.Id}' cannot be the id of an environment: use 1 to 63 lower-case letters, digits and "
                + "dashes, starting with a letter or digit.");
        }
        var version = request.Version
            ?? throw ProviderException.Invalid(
                "version-missing", "An environment on this machine runs what a pipeline built: name a pipeline run.");
        var size = sizes.FirstOrDefault(s => s.Name == request.Size)
            ?? throw ProviderException.Invalid(
                "size-unknown",
                $"There is no size '{request.Size}': choose {string.Join(", ", sizes.Select(s => s.Name))}.");
        var state = new EnvironmentState
        {
            Id = request.Id, Name = request.Name, Type = request.Type, Repository = request.Repository,
            Size = size.Name, Mark = request.Mark,
            Labels =
                new Dictionary<string, string>(request.Labels), Port = tools.Ports.Take(), CreatedAt = tools.Time.Now(),
        };
        var environment = new SupervisedEnvironment(
            tools, new EnvironmentFolder(Path.Combine(folders.Environments, request.Id)), size, state);
        await environment.Gate.WaitAsync(cancellation);
        try
        {
            if (!all.TryAdd(request.Id, environment))
            {
                tools.Ports.Return(state.Port);
                return await ExistingAsync(request, cancellation);
            }
            await MakeAsync(environment, version.PipelineRunId, cancellation);
            return environment.State.Info;
        }
        finally
        {
            environment.Gate.Release();
        }
    }

    public async Task<EnvironmentInfo?> FindByMarkAsync(string mark, CancellationToken cancellation)
    {
        await ReadyAsync(cancellation);
        return all.Values.Select(e => e.State).FirstOrDefault(
            s => s.Mark == mark && s.Status is not (EnvironmentStatus.Creating or EnvironmentStatus.Destroyed))?.Info;
    }

    public async Task<EnvironmentInfo?> FindAsync(string id, CancellationToken cancellation)
    {
        await ReadyAsync(cancellation);
        return all.TryGetValue(id, out var environment) && !environment.IsDestroyed ? environment.State.Info : null;
    }

    public async Task<IReadOnlyList<EnvironmentInfo>> ListAsync(CancellationToken cancellation)
    {
        await ReadyAsync(cancellation);
        return [.. all.Values.Where(e => !e.IsDestroyed).Select(e => e.State.Info).OrderBy(i => i.CreatedAt)];
    }

    public Task<EnvironmentInfo> DeployAsync(string id, EnvironmentVersion version, CancellationToken cancellation) =>
        ChangeAsync(id, async environment =>
        {
            var state = environment.State;
            if (state.Version?.PipelineRunId == version.PipelineRunId && state.Status == EnvironmentStatus.Running)
            {
                return;
            }
            if (state.Status is EnvironmentStatus.Stopped)
            {
                throw ProviderException.Conflict(
                    "environment-stopped", $"Environment {state.Name} is stopped: start it before deploying to it.");
            }
            var put = await PutAsync(environment, version.PipelineRunId, cancellation);
            Task ended;
            try
            {
                ended = await environment.StartAsync(put, cancellation);
            }
            catch
            {
                environment.Folder.RemoveVersion(put.Number);
                throw;
            }
            // The new version serves by now, however long the old one takes over its last answers.
            await ended;
            environment.Folder.KeepOnly(put.Number);
        }, cancellation);

    public Task<EnvironmentInfo> StopAsync(string id, CancellationToken cancellation) =>
        ChangeAsync(id, async environment =>
        {
            if (environment.State.Status == EnvironmentStatus.Stopped) return;
            // First what is wanted, then the deed: a portal that dies in between ends it at its next start.
            await environment.SaveAsync(environment.State with { Status = EnvironmentStatus.Stopped, Message = null });
            await environment.EndAsync();
            await environment.CloseGateAsync();
            environment.Log.Write("Stopped.");
            await environment.SaveAsync(environment.State with { Process = null });
        }, cancellation);

    public Task<EnvironmentInfo> StartAsync(string id, CancellationToken cancellation) =>
        ChangeAsync(id, async environment =>
        {
            if (environment.State.ShouldRun) return;
            await environment.EndAsync();
            try
            {
                await environment.StartAsync(environment.State.Version!, cancellation);
            }
            catch (Exception e)
            {
                await environment.EndAsync();
                await environment.CloseGateAsync();
                await environment.SaveAsync(environment.State with
                {
                    Status = e is OperationCanceledException
                        ? EnvironmentStatus.Stopped : EnvironmentStatus.Failed, Process = null,
                    Message = e is ProviderException ? e.Message : null,
                });
                throw;
            }
        }, cancellation);

    public async Task DestroyAsync(string id, CancellationToken cancellation)
    {
        await ReadyAsync(cancellation);
        if (!all.TryGetValue(id, out var environment)) return;
        await environment.Gate.WaitAsync(cancellation);
        try
        {
            if (!environment.IsDestroyed) await environment.DestroyAsync();
            all.TryRemove(KeyValuePair.Create(id, environment));
        }
        finally
        {
            environment.Gate.Release();
        }
    }

    public async Task<IReadOnlyList<HostLogLine>> ReadLogAsync(
        string id, long after, int limit, CancellationToken cancellation)
    {
        await ReadyAsync(cancellation);
        return all.TryGetValue(id, out var environment) && !environment.IsDestroyed && limit > 0
            ? environment.Log.Read(Math.Max(0, after), limit) : [];
    }

    public void Dispose() => tools.Health.Dispose();

    private async Task<EnvironmentInfo> ExistingAsync(CreateEnvironment request, CancellationToken cancellation)
    {
        if (all.TryGetValue(request.Id, out var other) && other.State.Mark == request.Mark)
        {
            // The first call may still be at it.
            await other.Gate.WaitAsync(cancellation);
            other.Gate.Release();
            if (!other.IsDestroyed) return other.State.Info;
            throw ProviderException.Unavailable(
                "environment-not-started",
                $"Environment {request.Name} could not be made: the other call that made it failed.");
        }
        throw ProviderException.Conflict(
            "environment-exists", $"There is an environment with the id {request.Id} already: choose another name.");
    }

    private async Task MakeAsync(
        SupervisedEnvironment environment, string pipelineRunId, CancellationToken cancellation)
    {
        try
        {
            environment.Folder.Delete();
            environment.Folder.Make(sandbox.User);
            environment.Folder.WriteState(environment.State);
            var version = await PutAsync(environment, pipelineRunId, cancellation);
            await environment.StartAsync(version, cancellation);
        }
        catch
        {
            await environment.DestroyAsync();
            all.TryRemove(KeyValuePair.Create(environment.State.Id, environment));
            throw;
        }
    }

    /// <summary>Lays the artifact of a pipeline run beside the version that serves.</summary>
    private async Task<LocalVersion> PutAsync(
        SupervisedEnvironment environment, string pipelineRunId, CancellationToken cancellation)
    {
        var state = environment.State;
        var artifact = await artifacts.FindAsync(pipelineRunId, "app")
            ?? throw ProviderException.Invalid("artifact-missing",
                $"Pipeline run {pipelineRunId} has no artifact named app: upload what is to run with "
                    + "actions/upload-artifact and name: app.");
        if (artifact.Repository != state.Repository)
        {
            throw ProviderException.Invalid(
                "artifact-foreign",
                $"Pipeline run {pipelineRunId} is of {artifact.Repository}, not of {state.Repository}.");
        }
        var file = await repositories.ReadFileAsync(
            artifact.Repository, artifact.Commit, ScoreDocument.FileName,
            cancellation) ?? throw ProviderException.Invalid(
                "score-missing", $"{artifact.Repository} has no {ScoreDocument.FileName} at "
                    + $"{artifact.Commit[..Math.Min(7, artifact.Commit.Length)]}: add one that says how the service "
                        + "runs (https://docs.score.dev).");
        var workload = ScoreReader.Read(file, environment.Size);
        var number = state.Counter + 1;
        await environment.SaveAsync(state with { Counter = number });
        environment.Folder.Put(number, artifact.Folder, cancellation);
        foreach (var other in workload.Others)
        {
            environment.Log.Write(
                $"The container {other} of {ScoreDocument.FileName} does not run here: a local environment runs the "
                + "first container alone.");
        }
        return new LocalVersion(number, pipelineRunId, artifact.Commit, workload);
    }

    private async Task<EnvironmentInfo> ChangeAsync(
        string id, Func<SupervisedEnvironment, Task> change, CancellationToken cancellation)
    {
        await ReadyAsync(cancellation);
        if (!all.TryGetValue(id, out var environment)) throw Missing(id);
        await environment.Gate.WaitAsync(cancellation);
        try
        {
            if (environment.IsDestroyed) throw Missing(id);
            await change(environment);
            return environment.State.Info;
        }
        finally
        {
            environment.Gate.Release();
        }
    }

    private static ProviderException Missing(string id) =>
        ProviderException.NotFound("environment-not-found", $"There is no environment {id} here.");

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,62}\z")]
    private static partial Regex IdPattern();
}
