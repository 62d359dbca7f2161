using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.PullRequests;

/// <param name="Target">Null: the default branch.</param>
/// <param name="Update">Adds a commit where the branch has an open pull request already.</param>
/// <param name="Changes">Not in the journal, for a step that is taken up again has them in its workspace.</param>
internal sealed record PullRequestArgs(
    string Provider, RepositoryName Repository, string Branch, string? Target, string Title, string Body,
    string TreeHash, IReadOnlyList<string> Deletions, string CommitMessage,
    string Author, string AuthorEmail,
    IReadOnlyList<string> Reviewers, IReadOnlyList<string> TeamReviewers, IReadOnlyList<string> Assignees, bool Draft,
    bool Update,
    bool CreateWhenEmpty, [property: JsonIgnore] FileTree? Changes = null);

/// <param name="PullRequestNumber">Null when there was nothing to change.</param>
/// <param name="AddedCommit">Of a pull request that was there before; null when this made it.</param>
internal sealed record PullRequestOpened(
    long? PullRequestNumber, string? RemoteUrl, string? TargetBranchName, string? AddedCommit = null);

/// <summary>Opens a pull request, or adds a commit to the one of the branch.</summary>
internal sealed class PullRequestEffect(
    ProviderRegistry providers, GitHubClients clients, PullRequestUpdate updating,
    TimeProvider time) : IEffect<PullRequestArgs, PullRequestOpened>
{
    public string Kind => "github.pull-request";

    public int Version => 1;

    public EffectClass Class => EffectClass.Create;

    public TimeSpan Deadline => TimeSpan.FromMinutes(2);

    public PlannedEffect Describe(PullRequestArgs args) =>
        new("Open", "pull request", $"\"{args.Title}\" in {args.Repository}", args.Provider);

    /// <summary>Its branch starts workflows, with the repository's secrets, before anybody has looked at it.</summary>
    public IReadOnlyList<NeededRight> Needs(PullRequestArgs args) =>
        [new RightOnRepository(args.Provider, args.Repository)];

    public JsonObject PlanOutputs(PullRequestArgs args) => new()
    {
        ["remoteUrl"] = UnknownValue.Of("the pull request's address"),
        ["pullRequestNumber"] = UnknownValue.Of("the pull request's number"),
        ["targetBranchName"] = args.Target is null ? UnknownValue.Of("the default branch") : args.Target,
    };

    /// <summary>What an interrupted call may have left out, such as its reviewers, is done now.</summary>
    public async Task<PullRequestOpened?> FindAsync(
        EffectContext context, PullRequestArgs args, CancellationToken cancellation)
    {
        if (await Host(args).FindByMarkAsync(args.Repository, context.Id, cancellation) is not { } found) return null;
        if (found.State == "open" && found.Branch == args.Branch)
        {
            found = await Host(args).OpenAsync(Request(context, args), cancellation);
        }
        return await OpenedAsync(args, found, cancellation);
    }

    public async Task<PullRequestOpened> PerformAsync(
        EffectContext context, PullRequestArgs args, CancellationToken cancellation)
    {
        var client = clients.Of(args.Provider);
        var target = await TargetAsync(args, cancellation);
        var branch = args.Update ? args.Branch : target;
        if (!args.CreateWhenEmpty && await updating.IsEmptyAsync(client, args, branch, target, cancellation))
        {
            return new PullRequestOpened(null, null, null);
        }
        if (args.Update && await updating.FindOpenAsync(client, args, cancellation) is { } there)
        {
            return await updating.AddAsync(client, args, there, cancellation);
        }
        return await OpenedAsync(args, await Host(args).OpenAsync(Request(context, args), cancellation), cancellation);
    }

    /// <summary>The commit that the branch of an earlier pull request points at; null when this opens one.</summary>
    public async Task<string?> BeforeAsync(
        EffectContext context, PullRequestArgs args, CancellationToken cancellation) =>
        args.Update && await updating.FindOpenAsync(clients.Of(args.Provider), args, cancellation) is { } there
            ? new JsonObject { ["number"] = there.Number, ["head"] = there.Head.Sha }.ToJsonString() : null;

    public async Task<UndoPreview> PreviewUndoAsync(
        EffectContext context, PullRequestArgs args, PullRequestOpened? result, CancellationToken cancellation)
    {
        if (result is { PullRequestNumber: null })
        {
            return UndoPreview.Stays($"No pull request was opened in {args.Repository}.");
        }
        if (context.Before is not null)
        {
            return UndoPreview.Goes(
                $"The commit is taken from the branch {args.Branch} of {args.Repository}, unless somebody has pushed "
                + "to it since; the pull request stays.");
        }
        var found = await Host(args).FindByMarkAsync(args.Repository, context.Id, cancellation);
        if (found is null) return UndoPreview.Stays($"No pull request of this run is left in {args.Repository}.");
        return found.State == "merged" ? UndoPreview.Stays(
            $"The pull request #{found.Number} of {args.Repository} is merged: what it changed stays.")
            : UndoPreview.Goes(
                $"The pull request #{found.Number} of {args.Repository} is closed and its branch {args.Branch} deleted.");
    }

    public async Task UndoAsync(
        EffectContext context, PullRequestArgs args, PullRequestOpened? result, CancellationToken cancellation)
    {
        if (result is { PullRequestNumber: null }) return;
        if (context.Before is not null)
        {
            await updating.TakeBackAsync(clients.Of(args.Provider), context, args, result, cancellation);
            return;
        }
        if (await Host(args).FindByMarkAsync(args.Repository, context.Id, cancellation) is { } found)
        {
            await Host(args).CloseAsync(args.Repository, found.Number, cancellation);
        }
    }

    private OpenPullRequest Request(EffectContext context, PullRequestArgs args) => new(
        args.Repository, args.Branch, args.Target, args.Title, args.Body, args.Changes
            ?? FileTree.Empty, args.Deletions, args.CommitMessage,
        new CommitAuthor(
            args.Author, args.AuthorEmail,
            time.GetUtcNow()), context.Id, args.Draft, args.Reviewers, args.TeamReviewers);

    private async Task<PullRequestOpened> OpenedAsync(
        PullRequestArgs args, PullRequest opened, CancellationToken cancellation)
    {
        if (args.Assignees.Count > 0)
        {
            await clients.Of(args.Provider).ChangeIssueAsync(
                args.Repository, opened.Number, new ChangedIssue(Assignees: args.Assignees), cancellation);
        }
        return new PullRequestOpened(opened.Number, opened.Url, await TargetAsync(args, cancellation));
    }

    private async Task<string> TargetAsync(PullRequestArgs args, CancellationToken cancellation) =>
        args.Target ?? (await clients.Of(args.Provider).FindRepositoryAsync(
            args.Repository, cancellation))?.DefaultBranch ?? throw new ProviderException(
            Error.NotFound(
                "repository-missing",
                $"There is no repository {args.Repository} to propose changes to. Correct repoUrl, or let the portal's "
                + "app see it."));

    private IPullRequestHost Host(PullRequestArgs args) => providers.Get<IPullRequestHost>(args.Provider);
}
