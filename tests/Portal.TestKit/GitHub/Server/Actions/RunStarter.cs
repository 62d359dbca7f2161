using System.Text;
using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.GitData;
using Portal.TestKit.GitHub.Server.Shapes;
using Portal.TestKit.Outside;

namespace Portal.TestKit.GitHub.Server.Actions;

/// <summary>Starts runs: of a workflow by hand, of all that a push or a dispatch of the repository wakes.</summary>
internal sealed class RunStarter(WorldState state, Simulation simulation)
{
    private const string Folder = ".github/workflows";

    private readonly Dictionary<(long Repository, string Path), (long Id, int Runs, bool IsDisabled)> workflows = [];

    public async Task<IReadOnlyList<WorkflowFile>> ReadAsync(StoredRepository repository, string commit)
    {
        var files = new List<WorkflowFile>();
        if (await repository.Git.ResolveAsync($"{commit}:{Folder}") is not { } folder
            || await repository.Git.TypeAsync(folder) != "tree")
        {
            return files;
        }
        foreach (var entry in await repository.Git.ReadTreeAsync(folder, deep: false))
        {
            if (entry.Type != "blob" || !(entry.Path.EndsWith(".yml", StringComparison.Ordinal)
                || entry.Path.EndsWith(".yaml", StringComparison.Ordinal)))
            {
                continue;
            }
            if (WorkflowFile.Read(
                $"{Folder}/{entry.Path}",
                Encoding.UTF8.GetString(await repository.Git.ReadAsync(entry.Sha))) is { } file)
            {
                files.Add(file);
            }
        }
        return files;
    }

    public long IdOf(StoredRepository repository, string path) => Known(repository, path).Id;

    public bool IsDisabled(StoredRepository repository, string path) => Known(repository, path).IsDisabled;

    public void Disable(StoredRepository repository, string path, bool isDisabled) =>
        workflows[(repository.Id, path)] = Known(repository, path) with { IsDisabled = isDisabled };

    public async Task OnPushAsync(Push push)
    {
        if (push.After == BareGit.Nothing) return;
        var (repository, isTag) = (push.Repository, push.Reference.StartsWith("refs/tags/", StringComparison.Ordinal));
        var commit = await repository.Git.ResolveAsync(push.After + "^{commit}");
        if (commit is null || (await repository.Git.CommitAsync(commit)).Message.Contains(
            "[skip ci]", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }
        var name = push.Reference.Split('/', 3)[2];
        foreach (var file in await ReadAsync(repository, commit))
        {
            if (file.Push is not { } filter || IsDisabled(repository, file.Path) || !filter.TakesReference(name, isTag))
            {
                continue;
            }
            var changed = filter.NeedsChangedFiles && push.Before != BareGit.Nothing
                ? (await repository.Git.ChangesAsync(push.Before, commit)).Select(c => c.Path).ToList()
                : null;
            if (filter.TakesPaths(changed))
            {
                await StartAsync(
                    repository, file, "push", push.Reference, commit, push.By, new Dictionary<string, string>());
            }
        }
    }

    public async Task OnDispatchAsync(StoredRepository repository, string type, string by)
    {
        var reference = $"refs/heads/{repository.DefaultBranch}";
        if (await repository.Git.ReferenceAsync(reference) is not { } commit) return;
        foreach (var file in await ReadAsync(repository, commit))
        {
            if (file.DispatchTypes is { } types && (types.Count == 0 || types.Contains(type)))
            {
                await StartAsync(
                    repository, file, "repository_dispatch", reference, commit, by, new Dictionary<string, string>());
            }
        }
    }

    public async Task<StoredRun> StartAsync(
        StoredRepository repository, WorkflowFile file, string trigger, string reference, string sha, string by,
        IReadOnlyDictionary<string, string> inputs)
    {
        var known = Known(repository, file.Path);
        workflows[(repository.Id, file.Path)] = known = known with { Runs = known.Runs + 1 };
        var commit = await repository.Git.CommitAsync(sha);
        var run = new StoredRun(state.NextId())
        {
            Repository = repository, Workflow = file, WorkflowId = known.Id, Number = known.Runs, Event = trigger,
            Reference = reference, Branch = reference.Split('/', 3)[2], Sha = sha,
            HeadCommit = Head(commit), RepositoryJson = RepositoryShape.Minimal(state, repository), Actor = by,
            CreatedAt = state.Now, StartedAt = state.Now, UpdatedAt = state.Now, Inputs = inputs,
        };
        run.Title = file.RunName is { Length: > 0 } title
            ? WorkflowFile.Render(title, RunContext.Of(state, run))
            : trigger == "push" ? commit.Subject : file.Name;
        repository.Runs.Add(run);
        state.Ledger.Note(new OutsideThing(OutsideThing.PipelineRun, $"{repository.FullName} {run.Id}", Mark(run), by));
        simulation.Begin(run, file.Jobs);
        return run;
    }

    /// <summary>
    /// Started by hand, the correlation of the caller tells two of the same; a push starts one for each commit.
    /// </summary>
    private static string? Mark(StoredRun run) => run.Event == "push"
        ? $"{run.Repository.FullName} {run.Workflow.Path} {run.Reference} {run.Sha}"
        : run.Inputs.GetValueOrDefault("portal_correlation") is { Length: > 0 } correlation ? correlation : null;

    private static JsonObject Head(GitCommit commit) => new()
    {
        ["id"] = commit.Sha, ["tree_id"] = commit.Tree, ["message"] = commit.Message,
        ["timestamp"] = RepositoryShape.Time(commit.Committer.At),
        ["author"] = new JsonObject { ["name"] = commit.Author.Name, ["email"] = commit.Author.Email },
        ["committer"] = new JsonObject { ["name"] = commit.Committer.Name, ["email"] = commit.Committer.Email },
    };

    private (long Id, int Runs, bool IsDisabled) Known(StoredRepository repository, string path)
    {
        if (!workflows.TryGetValue((repository.Id, path), out var known))
        {
            workflows[(repository.Id, path)] = known = (state.NextId(), 0, false);
        }
        return known;
    }
}
