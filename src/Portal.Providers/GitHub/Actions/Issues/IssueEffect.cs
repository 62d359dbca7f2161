using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Octokit;
using Portal.Core.Access;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Issues;

internal sealed record IssueArgs(
    string Provider, RepositoryName Repository, string Title, string Body,
    IReadOnlyList<string> Assignees, IReadOnlyList<string> Labels, long? Milestone);

internal sealed record IssueMade(string IssueUrl, long IssueNumber);

/// <summary>Opens an issue. A comment in its text, which GitHub does not show, tells which run it is of.</summary>
internal sealed class IssueEffect(GitHubClients clients, IPortalAddress address) : IEffect<IssueArgs, IssueMade>
{
    /// <summary>How far back one that was just made can lie.</summary>
    private const int Looked = 200;

    public string Kind => "github.issue";

    public int Version => 1;

    public EffectClass Class => EffectClass.Create;

    public TimeSpan Deadline => TimeSpan.FromMinutes(1);

    public PlannedEffect Describe(IssueArgs args) =>
        new("Open", "issue", $"\"{args.Title}\" in {args.Repository}", args.Provider);

    /// <summary>Whoever may read may open one; to sort it in is for those who work there.</summary>
    public IReadOnlyList<NeededRight> Needs(IssueArgs args)
    {
        var isSorted = args.Assignees.Count > 0 || args.Labels.Count > 0 || args.Milestone is not null;
        return [new RightOnRepository(
            args.Provider, args.Repository, isSorted ? Permissions.RepositoryPush : Permissions.RepositoryRead)];
    }

    public JsonObject PlanOutputs(IssueArgs args) => new()
    {
        ["issueUrl"] = UnknownValue.Of("the issue's address"), ["issueNumber"] = UnknownValue.Of("the issue's number"),
    };

    public async Task<IssueMade?> FindAsync(EffectContext context, IssueArgs args, CancellationToken cancellation)
    {
        var (mark, left) = (Mark(context), Looked);
        await foreach (var issue in Client(args).IssuesAsync(args.Repository, cancellation))
        {
            if (issue.Body?.Contains(mark, StringComparison.Ordinal) == true)
            {
                return new IssueMade(issue.HtmlUrl, issue.Number);
            }
            if (--left == 0) break;
        }
        return null;
    }

    public async Task<IssueMade> PerformAsync(EffectContext context, IssueArgs args, CancellationToken cancellation)
    {
        var body = new NewIssue(args.Title)
        {
            Body = $"{args.Body}\n\n{Mark(context)}".TrimStart(), Milestone = checked((int?)args.Milestone),
        };
        foreach (var login in args.Assignees) body.Assignees.Add(login);
        foreach (var label in args.Labels) body.Labels.Add(label);
        var made = await Client(args).CreateIssueAsync(args.Repository, body, cancellation);
        return new IssueMade(made.HtmlUrl, made.Number);
    }

    public Task<UndoPreview> PreviewUndoAsync(
        EffectContext context, IssueArgs args, IssueMade? result, CancellationToken cancellation) => Task.FromResult(
            UndoPreview.Goes(
                $"The issue {(result is null ? $"\"{args.Title}\"" : $"#{result.IssueNumber}")} of {args.Repository} "
                + "is closed with a note: GitHub does not let it be deleted."));

    public async Task UndoAsync(
        EffectContext context, IssueArgs args, IssueMade? result, CancellationToken cancellation)
    {
        var client = Client(args);
        try
        {
            if ((result ?? await FindAsync(context, args, cancellation)) is not { } made) return;
            if (await client.FindIssueAsync(args.Repository, made.IssueNumber, cancellation) is not { } open
                || open.State != ItemState.Open) return;
            if (!await IsNotedAsync(client, context, args, made, cancellation))
            {
                await client.CommentAsync(args.Repository, made.IssueNumber, Note(context), cancellation);
            }
            await client.ChangeIssueAsync(
                args.Repository, made.IssueNumber, new ChangedIssue("closed", "not_planned"), cancellation);
        }
        catch (ProviderException missing) when (missing.Error.Kind == ErrorKind.NotFound)
        {
            if (await client.FindRepositoryAsync(args.Repository, cancellation) is not null) throw;
        }
    }

    private static async Task<bool> IsNotedAsync(
        GitHubApi client, EffectContext context, IssueArgs args, IssueMade made, CancellationToken cancellation)
    {
        await foreach (var comment in client.CommentsAsync(args.Repository, made.IssueNumber, cancellation))
        {
            if (comment.Body?.Contains(Mark(context), StringComparison.Ordinal) == true) return true;
        }
        return false;
    }

    private string Note(EffectContext context) =>
        $"Closed because the run that opened it was undone: {address.Url}/runs/{context.Mark}\n\n{Mark(context)}";

    /// <summary>Whatever the effect's id holds, it cannot end the comment.</summary>
    private static string Mark(EffectContext context) =>
        $"<!-- portal:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(context.Id)))[..32]} -->";

    private GitHubApi Client(IssueArgs args) => clients.Of(args.Provider);
}
