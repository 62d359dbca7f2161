using System.Net;
using Octokit;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.GitHub.Repositories;
using Portal.Providers.Http;
using PullRequest = Portal.Core.Providers.PullRequest;

namespace Portal.Providers.GitHub.PullRequests;

/// <summary>Pull requests, known again by a line in their text that no reader sees.</summary>
internal sealed class GitHubPullRequests(GitHubApi client) : IPullRequestHost
{
    /// <summary>How far back a mark is looked for.</summary>
    private const int MaxLooked = 500;

    /// <summary>What GitHub takes of a text, in characters.</summary>
    private const int MaxBody = 65_536;

    private const string MarkStart = "<!-- portal:";

    private readonly TreeUpload upload = new(client);

    public string Instance => client.Instance;

    public string Type => GitHubOptions.Type;

    public async Task<PullRequest> OpenAsync(OpenPullRequest request, CancellationToken cancellation)
    {
        GitNames.CheckBranch(request.Branch);
        GitNames.CheckTree(request.Changes);
        foreach (var path in request.Deletions) GitNames.CheckPath(path);
        var pull = await OfBranchAsync(request, cancellation) ?? await MakeAsync(request, cancellation);
        await AskReviewersAsync(request, pull, cancellation);
        return Of(pull);
    }

    public async Task<PullRequest?> FindByMarkAsync(
        RepositoryName repository, string mark, CancellationToken cancellation)
    {
        var seen = 0;
        try
        {
            await foreach (var pull in client.PullsAsync(repository, cancellation))
            {
                if (HasMark(pull.Body, mark)) return Of(pull);
                if (++seen == MaxLooked) break;
            }
        }
        catch (ProviderException none) when (none.Error.Kind == ErrorKind.NotFound)
        {
            // No such repository.
        }
        return null;
    }

    public async Task CloseAsync(RepositoryName repository, long number, CancellationToken cancellation)
    {
        if (await client.FindPullAsync(repository, number, cancellation) is not { } pull) return;
        if (pull.State == ItemState.Open) await client.ClosePullAsync(repository, number, cancellation);
        // The branch of a fork is somebody else's.
        if (pull.Head.Repository is { } from && pull.Base.Repository is { } to
            && from.FullName.Equals(to.FullName, StringComparison.OrdinalIgnoreCase))
        {
            await client.DeleteBranchAsync(repository, pull.Head.Ref, cancellation);
        }
    }

    /// <summary>What an earlier call with the same mark made.</summary>
    private async Task<Octokit.PullRequest?> OfBranchAsync(OpenPullRequest request, CancellationToken cancellation)
    {
        await foreach (var pull in client.PullsOfBranchAsync(request.Repository, request.Branch, cancellation))
        {
            if (HasMark(pull.Body, request.Mark)) return pull;
        }
        return null;
    }

    private async Task<Octokit.PullRequest> MakeAsync(OpenPullRequest request, CancellationToken cancellation)
    {
        var target = request.Target
            ?? (await client.FindRepositoryAsync(request.Repository, cancellation))?.DefaultBranch
            ?? throw ProviderException.NotFound(
                "repository-not-found", $"There is no repository {request.Repository} that {client.Instance} may see.");
        if (!await HasOurBranchAsync(request, cancellation)) await MakeBranchAsync(request, target, cancellation);
        var pull = new NewPullRequest(request.Title, request.Branch, target)
        {
            Body = BodyOf(request), Draft = request.Draft,
        };
        return await client.CreatePullAsync(
            request.Repository, pull, refusal => Refusal(request, target, refusal), cancellation);
    }

    /// <summary>
    /// The branch is there and its commit is the one that a call with the same mark made before it was interrupted.
    /// </summary>
    private async Task<bool> HasOurBranchAsync(OpenPullRequest request, CancellationToken cancellation)
    {
        if (await client.FindBranchAsync(request.Repository, request.Branch, cancellation) is not { } head)
        {
            return false;
        }
        var commit = await client.GetCommitAsync(request.Repository, head, cancellation);
        // The mark is behind the message, where Git keeps such lines; another's may begin like it.
        return commit.Message.Split('\n').Contains(Trailer(request.Mark), StringComparer.Ordinal)
            ? true : throw ProviderException.Conflict(
                "branch-exists",
                $"There is a branch {request.Branch} in {request.Repository} already that is not this one's: "
                + "choose another name, or delete it.");
    }

    private async Task MakeBranchAsync(OpenPullRequest request, string target, CancellationToken cancellation)
    {
        var name = request.Repository;
        var head = await client.FindBranchAsync(name, target, cancellation)
            ?? throw ProviderException.NotFound(
                "branch-not-found", $"{name} has no branch {target} that the changes could go into.");
        var before = await client.GetCommitAsync(name, head, cancellation);
        // What is replaced is not deleted.
        var gone = request.Deletions.Where(path => !request.Changes.TryGet(path, out _))
            .Distinct(StringComparer.Ordinal).ToList();
        var deletions = gone.Count == 0 ? [] : await ThereAsync(name, before.Tree.Sha, gone, cancellation);
        var tree = await upload.SendAsync(name, request.Changes, before.Tree.Sha, deletions, cancellation);
        if (tree == before.Tree.Sha)
        {
            throw ProviderException.Invalid(
                "pull-request-empty", $"Nothing would change in {name}: {target} is as wanted already.");
        }
        var message = $"{request.CommitMessage.TrimEnd()}\n\n{Trailer(request.Mark)}";
        var commit = await client.CreateCommitAsync(
            name, FirstCommit.Commit(message, tree, [head], request.Author), cancellation);
        // Somebody else may have been faster, or a call of the same mark.
        if (!await client.CreateBranchAsync(name, request.Branch, commit.Sha, cancellation))
        {
            await HasOurBranchAsync(request, cancellation);
        }
    }

    /// <summary>GitHub refuses to delete what is not there.</summary>
    private async Task<IReadOnlyList<string>> ThereAsync(
        RepositoryName name, string tree, IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        var all = await client.GetTreeAsync(name, tree, cancellation);
        if (all.Truncated) return paths;
        var files = all.Tree.Where(e => e.Type == TreeType.Blob).Select(e => e.Path).ToHashSet(StringComparer.Ordinal);
        return [.. paths.Where(files.Contains)];
    }

    private async Task AskReviewersAsync(
        OpenPullRequest request, Octokit.PullRequest pull, CancellationToken cancellation)
    {
        var (people, teams) = (request.Reviewers ?? [], request.TeamReviewers ?? []);
        if (pull.State != ItemState.Open || people.Count + teams.Count == 0) return;
        await client.RequestReviewersAsync(
            request.Repository, pull.Number, new PullRequestReviewRequest(people, teams), refusal =>
                refusal.Status != HttpStatusCode.UnprocessableEntity ? null : Error.Invalid("pull-request-reviewers",
                    $"{request.Repository} does not take {string.Join(", ", people.Concat(teams))} as reviewers "
                        + $"({GitHubSaid.Read(refusal.Body).Text}) The pull request is open at {pull.HtmlUrl}; give "
                            + "them access to the repository, or name others."), cancellation);
    }

    private static Error? Refusal(OpenPullRequest request, string target, ProviderRefusal refusal)
    {
        var said = GitHubSaid.Read(refusal.Body);
        if (refusal.Status != HttpStatusCode.UnprocessableEntity) return null;
        if (said.Has("already exists")) return Error.Conflict("pull-request-exists",
            $"There is a pull request from {request.Branch} in {request.Repository} already that is not this one's.");
        if (said.Has("Draft pull requests are not supported")) return Error.Invalid("pull-request-draft",
            $"{request.Repository} has no drafts (GitHub's plan): open it without draft.");
        return !said.Has("No commits between") ? null : Error.Invalid("pull-request-empty",
            $"Nothing would change in {request.Repository}: {request.Branch} has nothing that {target} has not.");
    }

    /// <summary>The mark is in it, however long it is.</summary>
    private static string BodyOf(OpenPullRequest request)
    {
        var end = "\n\n" + MarkLine(request.Mark);
        return (Words.Short(request.Body.TrimEnd(), MaxBody - 1 - end.Length) + end).TrimStart();
    }

    /// <summary>
    /// The last of what looks like one: the text before it is somebody's, who may have written another.
    /// </summary>
    private static bool HasMark(string? body, string mark) =>
        body?.LastIndexOf(MarkStart, StringComparison.Ordinal) is >= 0 and var at
        && body.AsSpan(at).StartsWith(MarkLine(mark), StringComparison.Ordinal);

    /// <summary>Markdown's comments are not shown.</summary>
    private static string MarkLine(string mark) =>
        $"{MarkStart}{mark.Replace("--", "- -", StringComparison.Ordinal)} -->";

    private static string Trailer(string mark) => $"Portal-Run: {mark.ReplaceLineEndings(" ")}";

    private static PullRequest Of(Octokit.PullRequest body) =>
        new(
            body.Number, body.HtmlUrl, body.Head.Ref, body.MergedAt is null ? body.State.StringValue : "merged",
            body.Head.Sha);
}
