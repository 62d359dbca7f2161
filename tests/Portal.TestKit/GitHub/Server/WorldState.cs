using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.GitData;
using Portal.TestKit.Outside;

namespace Portal.TestKit.GitHub.Server;

/// <summary>Everything that there is. Who reads or changes it holds <see cref="Gate"/>.</summary>
internal sealed class WorldState(GitHubWorldOptions options, string folder)
{
    private long lastId = 1000;

    public SemaphoreSlim Gate { get; } = new(1, 1);

    public string Folder { get; } = folder;

    public TimeProvider Clock { get; } = options.Clock;

    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>The root, without a slash at the end.</summary>
    public string Web { get; set; } = "";

    public string Api => $"{Web}/api/v3";

    public OutsideLedger Ledger { get; } = new();

    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>Where the world itself answers otherwise than GitHub describes.</summary>
    public ConcurrentQueue<string> Mistakes { get; } = new();

    public Dictionary<string, GitHubOrganisation> Organisations { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Login to id.</summary>
    public ConcurrentDictionary<string, long> Users { get; } = new(StringComparer.OrdinalIgnoreCase);

    public SortedDictionary<long, StoredRepository> Repositories { get; } = [];

    /// <summary>Former full names.</summary>
    public Dictionary<string, long> Moved { get; } = new(StringComparer.OrdinalIgnoreCase);

    public ConcurrentDictionary<string, Caller> Tokens { get; } = new(StringComparer.Ordinal);

    public Happenings Happenings { get; } = new();

    public long NextId() => Interlocked.Increment(ref lastId);

    public StoredRepository? Find(string owner, string name) => Repositories.Values.FirstOrDefault(r =>
        string.Equals(r.Owner, owner, StringComparison.OrdinalIgnoreCase)
            && string.Equals(r.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>By its name, or by one that it once had.</summary>
    public StoredRepository? FindMoved(string owner, string name) =>
        Find(owner, name)
            ?? (Moved.TryGetValue($"{owner}/{name}", out var id) ? Repositories.GetValueOrDefault(id) : null);

    public GitHubOrganisation Organisation(string login) =>
        Organisations.GetValueOrDefault(login) ?? throw Refusal.NotFound();

    public GitHubOrganisation AddOrganisation(string login) =>
        Organisations[login] = new GitHubOrganisation(login, NextId(), NextId());

    public long UserId(string login) => Users.GetOrAdd(login, _ => NextId());

    public async Task<T> HeldAsync<T>(Func<Task<T>> work)
    {
        await Gate.WaitAsync(CancellationToken.None);
        try
        {
            return await work();
        }
        finally
        {
            Gate.Release();
        }
    }

    public Task<T> HeldAsync<T>(Func<T> work) => HeldAsync(() => Task.FromResult(work()));

    public async Task<StoredRepository> AddRepositoryAsync(string owner, string name, JsonObject settings)
    {
        var id = NextId();
        var git = new BareGit(Path.Combine(Folder, "repositories", $"{id}.git"));
        await git.InitAsync("main");
        var made = new StoredRepository(
            id, Ledger, git, Now) { Owner = owner, Name = name, Organisation = Organisations.GetValueOrDefault(owner) };
        foreach (var (key, value) in settings) made.Settings[key] = value?.DeepClone();
        Repositories[id] = made;
        Moved.Remove(made.FullName);
        Ledger.Note(new OutsideThing(OutsideThing.Repository, made.FullName, made.FullName, owner));
        return made;
    }

    public void Remove(StoredRepository repository)
    {
        foreach (var (kind, key) in repository.Keys) repository.Remove(kind, key);
        foreach (var reference in repository.References.Keys) Ledger.NoteRemoved(
            new OutsideThing(Kinds.Reference, $"{repository.FullName} {reference}", null, repository.Owner));
        foreach (var run in repository.Runs) run.Cancellation.Cancel();
        Repositories.Remove(repository.Id);
        foreach (var name in Moved.Where(m => m.Value == repository.Id).Select(m => m.Key).ToList()) Moved.Remove(name);
        Directory.Delete(repository.Git.Folder, recursive: true);
        Ledger.NoteRemoved(new OutsideThing(OutsideThing.Repository, repository.FullName, null, repository.Owner));
    }

    public void Move(StoredRepository repository, string owner, string name)
    {
        Moved[repository.FullName] = repository.Id;
        (repository.Owner, repository.Name, repository.Organisation) =
            (owner, name, Organisations.GetValueOrDefault(owner));
        Moved.Remove(repository.FullName);
    }
}
