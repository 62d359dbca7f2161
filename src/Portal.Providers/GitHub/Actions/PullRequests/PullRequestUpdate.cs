using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Octokit;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Providers.GitHub.Api;
using Portal.Providers.GitHub.Repositories;
using PullRequest = Octokit.PullRequest;

namespace Portal.Providers.GitHub.Actions.PullRequests;

/// <summary>Adds a commit to a pull request that is there, and takes it back.</summary>
internal sealed class PullRequestUpdate(TimeProvider time)
{
    /// <summary>The open pull request of the branch; null when there is none.</summary>
    public async Task<PullRequest?> FindOpenAsync(
        GitHubApi client, PullRequestArgs args, CancellationToken cancellation)
    {
        await foreach (var pull in client.PullsOfBranchAsync(args.Repository, args.Branch, cancellation))
        {
            if (pull.State == ItemState.Open && (args.Target is null || pull.Base.Ref == args.Target)) return pull;
        }
        return null;
    }

    /// <summary>Again with the same files it adds nothing.</summary>
    public async Task<PullRequestOpened> AddAsync(
        GitHubApi client, PullRequestArgs args, PullRequest pull, CancellationToken cancellation)
    {
        var name = args.Repository;
        var changes = args.Changes ?? FileTree.Empty;
        GitNames.CheckTree(changes);
        var head = await client.GetCommitAsync(name, pull.Head.Sha, cancellation);
        var there = await client.GetTreeAsync(name, head.Tree.Sha, cancellation);
        var deletions = args.Deletions.Where(d => there.Truncated || there.Tree.Any(e => e.Path == d));
        var tree = await new TreeUpload(client).SendAsync(name, changes, head.Tree.Sha, deletions, cancellation);
        if (tree == head.Tree.Sha) return Opened(pull, pull.Head.Sha);
        var author = new CommitAuthor(args.Author, args.AuthorEmail, time.GetUtcNow());
        var commit = await client.CreateCommitAsync(
            name, FirstCommit.Commit(args.CommitMessage, tree, [pull.Head.Sha], author), cancellation);
        await client.ForceBranchAsync(name, args.Branch, commit.Sha, cancellation);
        return Opened(pull, commit.Sha);
    }

    /// <summary>The branch is as before, when nobody has pushed to it since.</summary>
    public async Task TakeBackAsync(
        GitHubApi client, EffectContext context, PullRequestArgs args, PullRequestOpened? result,
        CancellationToken cancellation)
    {
        var head = (string)JsonNode.Parse(context.Before!)!["head"]!;
        if (await client.FindBranchAsync(args.Repository, args.Branch, cancellation) is not { } now || now == head)
        {
            return;
        }
        var isOurs = result?.AddedCommit is { } added ? added == now
            : (await client.GetCommitAsync(args.Repository, now, cancellation)) is { Parents: [var parent] } commit
                && parent.Sha == head && commit.Author.Email == args.AuthorEmail;
        if (isOurs) await client.ForceBranchAsync(args.Repository, args.Branch, head, cancellation);
        else context.Log($"The branch {args.Branch} of {args.Repository} stays: somebody has pushed to it since.");
    }

    /// <summary>
    /// The files are as wanted already, on the branch, or on the target where there is no such branch.
    /// </summary>
    public async Task<bool> IsEmptyAsync(
        GitHubApi client, PullRequestArgs args, string branch, string target, CancellationToken cancellation)
    {
        var name = args.Repository;
        var sha = await client.FindBranchAsync(name, branch, cancellation)
            ?? await client.FindBranchAsync(name, target, cancellation);
        if (sha is null)
        {
            throw new ProviderException(Error.NotFound(
                "branch-missing", $"{name} has no branch {target} to propose changes to. Correct targetBranchName."));
        }
        var tree = await client.GetTreeAsync(
            name, (await client.GetCommitAsync(name, sha, cancellation)).Tree.Sha, cancellation);
        if (tree.Truncated) return false;
        var there = tree.Tree.Where(e => e.Type == TreeType.Blob).ToDictionary(e => e.Path, StringComparer.Ordinal);
        return !args.Deletions.Any(there.ContainsKey)
            && (args.Changes ?? FileTree.Empty).Files.All(
                f => there.TryGetValue(f.Path, out var entry) && entry.Mode == ModeOf(f) && entry.Sha == BlobOf(f));
    }

    private static PullRequestOpened Opened(PullRequest pull, string commit) =>
        new(pull.Number, pull.HtmlUrl, pull.Base.Ref, commit);

    private static string ModeOf(TreeFile file) =>
        file.IsLink ? NewTreeEntry.Link : file.Executable ? NewTreeEntry.Executable : NewTreeEntry.File;

    /// <summary>As Git names contents.</summary>
    private static string BlobOf(TreeFile file)
    {
#pragma warning disable CA5350 // Git's own names of contents: nothing is secured by them.
        return Convert.ToHexStringLower(SHA1.HashData(
            [.. Encoding.ASCII.GetBytes($"blob {file.Content.Length}\0"), .. file.Content.Span]));
#pragma warning restore CA5350
    }
}
