using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Providers.GitHub.Actions.Shared;
using Portal.Providers.GitHub.Api;
using Portal.Providers.GitHub.Repositories;
using Portal.Providers.ActionBases;

namespace Portal.Providers.GitHub.Actions.Publish;

/// <param name="Tree">
/// The commit's files; not in the journal, for a step that is taken up again has them in its workspace.
/// </param>
internal sealed record PushArgs(
    string Provider, RepositoryName Repository, string Branch, string Message, string Author, string AuthorEmail,
    string TreeHash, [property: JsonIgnore] FileTree? Tree = null)
    : SettingArgs(Provider, Repository);

internal sealed record Pushed(string CommitHash);

/// <summary>
/// Puts the first commit into a repository whose branch holds nothing, or a README from when it was made.
/// </summary>
internal sealed class PushEffect(GitHubClients clients, TimeProvider time) : SettingEffect<PushArgs, Pushed>(clients)
{
    public const string Readme = "README.md";

    public override string Kind => "github.push";

    public override PlannedEffect Describe(PushArgs args) =>
        new("Push", "files", $"to {args.Branch} of {args.Repository}", args.Provider);

    public override JsonObject PlanOutputs(PushArgs args) => new() { ["commitHash"] = UnknownValue.Of("commit") };

    protected override async Task<Pushed> ApplyAsync(
        GitHubApi client, EffectContext context, PushArgs args, CancellationToken cancellation)
    {
        var name = args.Repository;
        GitNames.CheckBranch(args.Branch);
        var tree = args.Tree ?? FileTree.Empty;
        GitNames.CheckTree(tree);
        var main = await DefaultAsync(client, args, cancellation);
        var first = await client.FindBranchAsync(name, main, cancellation)
            ?? await BeginAsync(client, name, main, cancellation);
        var sha = await new TreeUpload(client).SendAsync(name, tree, null, [], cancellation);
        var head = main == args.Branch ? first : await client.FindBranchAsync(name, args.Branch, cancellation);
        var commit = await CommitAsync(client, args, sha, head, cancellation);
        if (main != args.Branch && await IsUntouchedAsync(client, name, first, cancellation))
        {
            await client.ChangeRepositoryAsync(
                name, new ChangedRepository { DefaultBranch = args.Branch }, cancellation);
            await client.DeleteBranchAsync(name, main, cancellation);
        }
        return new Pushed(commit);
    }

    /// <summary>What a call whose answer was lost has pushed is there with the same files.</summary>
    private async Task<string> CommitAsync(
        GitHubApi client, PushArgs args, string tree, string? head, CancellationToken cancellation)
    {
        var name = args.Repository;
        if (head is not null && (await client.GetCommitAsync(name, head, cancellation)).Tree.Sha == tree) return head;
        if (head is not null && !await IsUntouchedAsync(client, name, head, cancellation)) throw Taken(args);
        var commit = await client.CreateCommitAsync(
            name,
            FirstCommit.Commit(
                args.Message, tree, [], new CommitAuthor(args.Author, args.AuthorEmail, time.GetUtcNow())),
            cancellation);
        if (head is not null) await client.ForceBranchAsync(name, args.Branch, commit.Sha, cancellation);
        else if (!await client.CreateBranchAsync(name, args.Branch, commit.Sha, cancellation)
            && await client.FindBranchAsync(name, args.Branch, cancellation) != commit.Sha) throw Taken(args);
        return commit.Sha;
    }

    /// <summary>The default branch, its commit, and that of the branch that is pushed.</summary>
    protected override async Task<string?> BeforeAsync(GitHubApi client, PushArgs args, CancellationToken cancellation)
    {
        var main = await DefaultAsync(client, args, cancellation);
        return new JsonObject
        {
            ["default"] = main, ["first"] = await client.FindBranchAsync(args.Repository, main, cancellation),
            ["head"] = await client.FindBranchAsync(args.Repository, args.Branch, cancellation),
        }.ToJsonString();
    }

    protected override UndoPreview Preview(string? before, PushArgs args, Pushed? result) =>
        UndoPreview.Goes(
            $"The branch {args.Branch} of {args.Repository} is as it was before the push, unless somebody has pushed "
            + "to it since.");

    protected override async Task RestoreAsync(
        GitHubApi client, EffectContext context, PushArgs args, Pushed? result, CancellationToken cancellation)
    {
        var (name, before) = (args.Repository, Read(context.Before) ?? []);
        if (await client.FindBranchAsync(name, args.Branch, cancellation) is not { } now
            || now == (string?)before["head"]) return;
        if (!await IsOursAsync(client, args, result, now, cancellation))
        {
            context.Log($"The branch {args.Branch} of {name} stays: somebody has pushed to it since.");
            return;
        }
        if ((string?)before["head"] is { } head)
        {
            await client.ForceBranchAsync(name, args.Branch, head, cancellation);
            return;
        }
        if ((string?)before["default"] is not { } main || main == args.Branch
            || (string?)before["first"] is not { } first)
        {
            context.Log($"The branch {args.Branch} of {name} stays: GitHub does not delete the only branch.");
            return;
        }
        await client.CreateBranchAsync(name, main, first, cancellation);
        await client.ChangeRepositoryAsync(name, new ChangedRepository { DefaultBranch = main }, cancellation);
        await client.DeleteBranchAsync(name, args.Branch, cancellation);
    }

    private static async Task<bool> IsOursAsync(
        GitHubApi client, PushArgs args, Pushed? result, string head, CancellationToken cancellation)
    {
        if (result is not null) return result.CommitHash == head;
        var commit = await client.GetCommitAsync(args.Repository, head, cancellation);
        return commit.Parents.Count == 0 && commit.Message.TrimEnd() == args.Message.TrimEnd()
            && commit.Author.Email == args.AuthorEmail;
    }

    /// <summary>Git's objects cannot be made in a repository without any commit.</summary>
    private static async Task<string> BeginAsync(
        GitHubApi client, RepositoryName name, string branch, CancellationToken cancellation)
    {
        var body = new JsonObject { ["message"] = "Begin", ["content"] = Convert.ToBase64String("\n"u8) };
        await client.PutAsync(
            HttpMethod.Put, name, GitHubPath.Of($"repos/{name}/contents/{Readme}"), body, "Contents: write",
            cancellation);
        return await client.FindBranchAsync(name, branch, cancellation)
            ?? throw ProviderException.Transient(
                "github-not-there-yet", $"{name} has no branch {branch} yet.", mayHaveHappened: true);
    }

    /// <summary>Nothing but the README with which it was made.</summary>
    private static async Task<bool> IsUntouchedAsync(
        GitHubApi client, RepositoryName name, string head, CancellationToken cancellation)
    {
        var commit = await client.GetCommitAsync(name, head, cancellation);
        return commit.Parents.Count == 0
            && (await client.GetTreeAsync(name, commit.Tree.Sha, cancellation)).Tree is [{ Path: Readme }];
    }

    private static async Task<string> DefaultAsync(GitHubApi client, PushArgs args, CancellationToken cancellation) =>
        (await client.FindRepositoryAsync(args.Repository, cancellation))?.DefaultBranch
        ?? throw ProviderException.NotFound(
            "repository-missing",
            $"There is no repository {args.Repository} to push to. Create it first, with github:repo:create, or take "
            + "publish:github, which does both.");

    private static ProviderException Taken(PushArgs args) => new(Error.Conflict(
        "branch-exists", $"The branch {args.Branch} of {args.Repository} holds files already. Propose changes to it "
            + "with publish:github:pull-request."));
}
