using System.Text.Json;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Local.Pipelines.Runs;

/// <summary>
/// The runs of this machine: each a folder with its state, and an index of all in memory. Thread-safe.
/// </summary>
internal sealed class RunStore(RunFolders folders)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, StoredRun> byId = new(StringComparer.Ordinal);
    private readonly Dictionary<(RepositoryName, string), string> byCorrelation = [];
    private readonly Dictionary<RepositoryName, SortedList<int, string>> byRepository = [];

    /// <summary>Reads what is on disk. A folder without a readable state is left of a crash and removed.</summary>
    public void Load()
    {
        Directory.CreateDirectory(folders.Runs);
        foreach (var folder in Directory.EnumerateDirectories(folders.Runs))
        {
            if (AtomicFile.ReadJson<StoredRun>(Path.Combine(folder, "run.json")) is { } run) Remember(run);
            else Directory.Delete(folder, true);
        }
    }

    public StoredRun? Find(string id)
    {
        lock (gate) return byId.GetValueOrDefault(id);
    }

    public StoredRun? FindByCorrelation(RepositoryName repository, string correlation)
    {
        lock (gate) return byCorrelation.TryGetValue((repository, correlation), out var id) ? byId[id] : null;
    }

    public IReadOnlyList<StoredRun> List(RepositoryName repository, int limit)
    {
        lock (gate)
        {
            return byRepository.TryGetValue(repository, out var runs)
                ? [.. runs.Values.Reverse().Take(Math.Max(limit, 0)).Select(id => byId[id])] : [];
        }
    }

    public IReadOnlyList<StoredRun> Unfinished()
    {
        lock (gate) return [.. byId.Values.Where(r => !r.Info.IsFinished).OrderBy(r => r.Info.CreatedAt)];
    }

    /// <summary>
    /// Adds a run with the next number of its repository, on disk before it returns; or returns the one with this
    /// correlation.
    /// </summary>
    public (StoredRun Run, bool Added) Add(RepositoryName repository, string correlation, Func<int, StoredRun> make)
    {
        StoredRun run;
        lock (gate)
        {
            if (byCorrelation.TryGetValue((repository, correlation), out var there)) return (byId[there], false);
            var number = byRepository.TryGetValue(repository, out var runs) && runs.Count > 0
                ? runs.GetKeyAtIndex(runs.Count - 1) + 1 : 1;
            run = make(number);
            Remember(run);
        }

        try
        {
            Directory.CreateDirectory(folders.Run(run.Info.Id));
            AtomicFile.WriteJson(folders.State(run.Info.Id), run);
        }
        catch
        {
            Forget(run);
            throw;
        }

        return (run, true);
    }

    /// <summary>
    /// Keeps the new state. Only its beginning and its end survive a power cut: what lies between would be run again
    /// anyway.
    /// </summary>
    public void Update(StoredRun run)
    {
        lock (gate)
        {
            if (!byId.ContainsKey(run.Info.Id)) return;
            byId[run.Info.Id] = run;
        }

        var path = folders.State(run.Info.Id);
        if (run.Info.IsFinished)
        {
            AtomicFile.WriteJson(path, run);
            return;
        }

        File.WriteAllBytes(path + ".tmp", JsonSerializer.SerializeToUtf8Bytes(run, Json.Options));
        File.Move(path + ".tmp", path, overwrite: true);
    }

    /// <summary>Removes the finished runs beyond the newest <paramref name="keep"/>.</summary>
    public void Prune(RepositoryName repository, int keep)
    {
        List<StoredRun> old;
        lock (gate)
        {
            if (!byRepository.TryGetValue(repository, out var runs)) return;
            old = [.. runs.Values.Reverse().Skip(keep).Select(id => byId[id]).Where(r => r.Info.IsFinished)];
        }

        foreach (var run in old)
        {
            Forget(run);
            Directory.Delete(folders.Run(run.Info.Id), true);
        }
    }

    private void Remember(StoredRun run)
    {
        lock (gate)
        {
            byId[run.Info.Id] = run;
            byCorrelation[(run.Info.Repository, run.Correlation)] = run.Info.Id;
            if (!byRepository.TryGetValue(run.Info.Repository, out var runs))
            {
                byRepository[run.Info.Repository] = runs = [];
            }
            runs[run.Info.Number] = run.Info.Id;
        }
    }

    private void Forget(StoredRun run)
    {
        lock (gate)
        {
            byId.Remove(run.Info.Id);
            byCorrelation.Remove((run.Info.Repository, run.Correlation));
            byRepository.GetValueOrDefault(run.Info.Repository)?.Remove(run.Info.Number);
        }
    }
}
