using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.GitData;
using Portal.TestKit.Outside;

namespace Portal.TestKit.GitHub.Server;

/// <summary>
/// A repository with all that hangs on it. What it holds of one kind is JSON under a key; the ledger is told of each.
/// </summary>
internal sealed class StoredRepository(long id, OutsideLedger ledger, BareGit git, DateTimeOffset created)
{
    /// <summary>Runs and webhooks look while something else changes: each use is locked.</summary>
    private readonly SortedDictionary<(string Kind, string Key), JsonObject> things = [];
    private readonly Lock access = new();
    private long lastNumber;

    public long Id { get; } = id;

    public BareGit Git { get; } = git;

    public required string Owner { get; set; }

    public required string Name { get; set; }

    /// <summary>Null when a person owns it.</summary>
    public GitHubOrganisation? Organisation { get; set; }

    public string FullName => $"{Owner}/{Name}";

    public string DefaultBranch { get; set; } = "main";

    public DateTimeOffset CreatedAt { get; } = created;

    public DateTimeOffset UpdatedAt { get; set; } = created;

    public DateTimeOffset PushedAt { get; set; } = created;

    /// <summary>What POST and PATCH set: <c>description</c>, <c>has_issues</c>, …</summary>
    public JsonObject Settings { get; } = [];

    public SortedDictionary<string, JsonNode?> Properties { get; } = new(StringComparer.Ordinal);

    public List<string> Topics { get; } = [];

    public List<StoredRun> Runs { get; } = [];

    /// <summary>Branches and tags by full name, with what they point to.</summary>
    public SortedDictionary<string, string> References { get; } = new(StringComparer.Ordinal);

    public bool IsPublic => Visibility == "public";

    public string Visibility => Settings["visibility"]?.GetValue<string>() ?? "public";

    public bool IsArchived => (bool?)Settings["archived"] == true;

    /// <summary>It was taken down: it is still listed, and nothing of it can be read.</summary>
    public bool IsBlocked { get; set; }

    public IReadOnlyList<(string Kind, string Key)> Keys
    {
        get
        {
            lock (access) return [.. things.Keys];
        }
    }

    /// <summary>Issues and pull requests share their numbers.</summary>
    public long NextNumber() => ++lastNumber;

    public JsonObject? Find(string kind, string key)
    {
        lock (access) return things.GetValueOrDefault((kind, key));
    }

    public JsonObject Get(string kind, string key) => Find(kind, key) ?? throw Refusal.NotFound();

    public IReadOnlyList<JsonObject> All(string kind)
    {
        lock (access) return [.. things.Where(t => t.Key.Kind == kind).Select(t => t.Value)];
    }

    public IReadOnlyList<string> KeysOf(string kind) => [.. Keys.Where(t => t.Kind == kind).Select(t => t.Key)];

    /// <param name="mark">What tells that two are one too many: the same for two that mean the same.</param>
    public JsonObject Put(string kind, string key, JsonObject thing, string? mark = null)
    {
        lock (access)
        {
            if (things.TryAdd((kind, key), thing)) ledger.Note(
                new OutsideThing(kind, $"{FullName} {key}", mark is null ? null : $"{FullName} {mark}", Owner));
            else things[(kind, key)] = thing;
        }
        return thing;
    }

    public void Remove(string kind, string key)
    {
        lock (access)
        {
            if (!things.Remove((kind, key))) throw Refusal.NotFound();
        }
        ledger.NoteRemoved(new OutsideThing(kind, $"{FullName} {key}", null, Owner));
    }

    public void RemoveWhere(string kind, Func<string, bool> which)
    {
        foreach (var key in KeysOf(kind).Where(which)) Remove(kind, key);
    }
}
