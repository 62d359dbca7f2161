using System.Security.Cryptography;
using System.Text;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.TestKit.Outside.Server;

/// <summary>Everything that there is, under one lock.</summary>
internal sealed class OutsideState
{
    public Lock Access { get; } = new();

    public OutsideLedger Ledger { get; } = new();

    public TimeSpan PipelineTime { get; set; }

    public Dictionary<RepositoryName, StoredRepository> Repositories { get; } = [];

    public Dictionary<string, StoredRun> Runs { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, StoredEnvironment> Environments { get; } = new(StringComparer.Ordinal);

    /// <summary>As exact as the portal keeps times.</summary>
    public static DateTimeOffset Now()
    {
        var now = TimeProvider.System.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    public StoredRepository Repository(RepositoryName name) =>
        Repositories.GetValueOrDefault(name) ?? throw new RefusedException(
            ErrorKind.NotFound, "repository-not-found", $"There is no repository {name}.");

    public IReadOnlyList<OutsideThing> Listing()
    {
        lock (Access)
        {
            return
            [
                .. Repositories.Values.Select(r => r.AsThing())
                .Concat(Runs.Values.Where(r => !r.IsOver).Select(r => r.AsThing()))
                    .Concat(Environments.Values.Select(e => e.AsThing())).OrderBy(t => (t.Kind, t.Name)),
            ];
        }
    }

    public string Push(RepositoryName name, string path, string text)
    {
        lock (Access)
        {
            var repository = Repository(name);
            var tree = new FileTree([.. repository.Head.Tree.Files.Where(f => f.Path != path), new TreeFile(
                path, Encoding.UTF8.GetBytes(text))]);
            return repository.Add(tree, $"Change {path}", "Somebody", Now()).Sha;
        }
    }
}

internal sealed record StoredCommit(string Sha, string Subject, string Author, DateTimeOffset At, FileTree Tree);

internal sealed class StoredRepository(NewRepository request)
{
    private readonly List<StoredCommit> commits = [];

    public RepositoryName Name => request.Name;

    public string DefaultBranch => request.DefaultBranch;

    public string Description => request.Description;

    public string Mark => request.Mark;

    public string Owner => request.Owner;

    public StoredCommit Head => commits[^1];

    public StoredCommit Add(FileTree tree, string message, string author, DateTimeOffset at)
    {
        var text = $"{commits.LastOrDefault()?.Sha} {tree.Hash} {message} {author} {at:O}";
        // The SHA only has to look like one of Git's.
        var commit = new StoredCommit(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..40], message.Split('\n')[0],
            author, at, tree);
        commits.Add(commit);
        return commit;
    }

    /// <summary>
    /// The commits that a branch or SHA reaches, newest first; empty when there is no such reference.
    /// </summary>
    public IReadOnlyList<StoredCommit> From(string reference)
    {
        var index = reference == DefaultBranch ? commits.Count - 1 : commits.FindIndex(c => c.Sha == reference);
        return [.. commits.Take(index + 1).Reverse()];
    }

    public OutsideThing AsThing() => new(OutsideThing.Repository, Name.ToString(), Mark, Owner);
}
