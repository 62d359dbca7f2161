using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Data;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Catalog.Actions;

/// <param name="Text">The descriptor.</param>
/// <param name="Author">Display name of the person.</param>
public sealed record CatalogProposeArgs(
    string Provider, RepositoryName Repository, string Path, string Text, string? Reason, string Author);

public sealed record CatalogProposed(long PullRequest, string PullRequestUrl);

/// <summary>Opens a pull request that adds a descriptor.</summary>
public sealed class CatalogProposeEffect(
    ProviderRegistry providers, IPortalAddress address, IDbContextFactory<PortalDbContext> database, TimeProvider time)
    : IEffect<CatalogProposeArgs, CatalogProposed>
{
    private const string Branch = "portal/catalog-info";

    public string Kind => "catalog.propose";

    public int Version => 1;

    public EffectClass Class => EffectClass.Create;

    public TimeSpan Deadline => TimeSpan.FromMinutes(1);

    public PlannedEffect Describe(CatalogProposeArgs args) =>
        new("Open", "pull request", $"for {args.Path} in {args.Repository}", args.Provider);

    /// <summary>A proposal of this one file changes nothing until one of the repository's people merges it.</summary>
    public IReadOnlyList<NeededRight> Needs(CatalogProposeArgs args) =>
        [new RightOnRepository(args.Provider, args.Repository, Permissions.RepositoryRead)];

    public JsonObject PlanOutputs(CatalogProposeArgs args) => new()
    {
        ["pullRequest"] = UnknownValue.Of("the pull request"),
        ["pullRequestUrl"] = UnknownValue.Of("the pull request's page"),
    };

    public async Task<CatalogProposed?> FindAsync(
        EffectContext context, CatalogProposeArgs args, CancellationToken cancellation) =>
        await Host(args).FindByMarkAsync(args.Repository, context.Id, cancellation) is { } found
            ? await RecordAsync(args, found, cancellation)
            : null;

    public async Task<CatalogProposed> PerformAsync(
        EffectContext context, CatalogProposeArgs args, CancellationToken cancellation)
    {
        var file = new FileTree([new TreeFile(args.Path, Encoding.UTF8.GetBytes(args.Text))]);
        var author = new CommitAuthor(args.Author, $"{context.Actor.Ref.Name}@users.noreply.portal", time.Now());
        var title = $"Add {args.Path}";
        var opened = await Host(args).OpenAsync(
            new OpenPullRequest(
                args.Repository, Branch, null, title, Body(context, args), file, [], title, author,
                context.Id), cancellation);
        context.Log($"Opened pull request #{opened.Number} of {args.Repository}: {opened.Url}");
        return await RecordAsync(args, opened, cancellation);
    }

    public async Task<UndoPreview> PreviewUndoAsync(
        EffectContext context, CatalogProposeArgs args, CatalogProposed? result, CancellationToken cancellation) =>
        await Host(args).FindByMarkAsync(args.Repository, context.Id, cancellation) is { State: "open" } open
            ? UndoPreview.Goes(
                $"The pull request #{open.Number} of {args.Repository} is closed, and its branch deleted.")
            : UndoPreview.Stays($"The pull request of {args.Repository} is merged or closed already.");

    public async Task UndoAsync(
        EffectContext context, CatalogProposeArgs args, CatalogProposed? result, CancellationToken cancellation)
    {
        if (await Host(args).FindByMarkAsync(args.Repository, context.Id, cancellation) is not { State: "open" } open)
        {
            return;
        }
        await Host(args).CloseAsync(args.Repository, open.Number, cancellation);
        await NoteAsync(args, null, cancellation);
    }

    private string Body(EffectContext context, CatalogProposeArgs args) => $"""
        This adds a descriptor to the repository, so that the service catalog knows it: what it is, who owns it, where to look further.

        {(string.IsNullOrEmpty(args.Reason) ? "Please check the owner," : $"The owner was taken from this: {args.Reason}. Please check it,")} and correct `type` and `lifecycle`, before you merge.

        Asked for by {args.Author} in [the portal]({address.Url}/runs/{context.Mark}).
        """;

    private async Task<CatalogProposed> RecordAsync(
        CatalogProposeArgs args, PullRequest made, CancellationToken cancellation)
    {
        await NoteAsync(args, made.Url, cancellation);
        return new CatalogProposed(made.Number, made.Url);
    }

    private async Task NoteAsync(CatalogProposeArgs args, string? url, CancellationToken cancellation)
    {
        var name = args.Repository.ToString();
        await using var db = await database.CreateDbContextAsync(cancellation);
        await db.Set<FoundRepository>().Where(r => r.Provider == args.Provider && r.Repository == name)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.PullRequestUrl, url), cancellation);
    }

    private IPullRequestHost Host(CatalogProposeArgs args) => providers.Get<IPullRequestHost>(args.Provider);
}
