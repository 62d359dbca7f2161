using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Catalog.Actions;

/// <param name="TreeHash">Of the first commit's files.</param>
/// <param name="AuthorEmail">Null: an address made from the person's name.</param>
/// <param name="Tree">Those files; not in the journal, for a step that is taken up again has them in its
/// workspace.</param>
public sealed record RepositoryCreateArgs(
    string Provider, RepositoryName Name, string Owner, string Description, string DefaultBranch, string CommitMessage,
    string Author, string TreeHash,
    [property: JsonIgnore] FileTree? Tree = null, RepositorySettings? Settings = null, string? AuthorEmail = null);

public sealed record RepositoryCreated(string Repository, string RemoteUrl, string RepoContentsUrl, string? Commit);

/// <summary>Makes a repository with its first commit, marked with the run.</summary>
public sealed class RepositoryCreateEffect(
    ProviderRegistry providers, IProviderEvents events, IPortalAddress address, TimeProvider time)
        : IEffect<RepositoryCreateArgs, RepositoryCreated>
{
    public const string Name = "repository.create";

    public string Kind => Name;

    public int Version => 1;

    public EffectClass Class => EffectClass.Create;

    public TimeSpan Deadline => TimeSpan.FromMinutes(2);

    public PlannedEffect Describe(RepositoryCreateArgs args) =>
        new("Create", "repository", args.Name.ToString(), args.Provider);

    /// <summary>A name that is taken is refused.</summary>
    public IReadOnlyList<NeededRight> Needs(RepositoryCreateArgs args) => [];

    public IReadOnlyList<NameClaim> Claims(RepositoryCreateArgs args, Actor actor) =>
        [FreeNames.OfRepository(Host(args), args.Name)];

    public JsonObject PlanOutputs(RepositoryCreateArgs args)
    {
        var url = Host(args).CloneUrl(args.Name);
        return new JsonObject
        {
            ["repository"] = args.Name.ToString(), ["remoteUrl"] = url, ["repoContentsUrl"] = url,
            ["commit"] = UnknownValue.Of("commit"),
        };
    }

    public async Task<RepositoryCreated?> FindAsync(
        EffectContext context, RepositoryCreateArgs args, CancellationToken cancellation) =>
        await Host(args).FindAsync(args.Name, cancellation) is { } found && found.Mark == context.Mark
            && found.HeadCommit is not null
            ? await SeenAsync(args, found, cancellation)
            : null;

    public async Task<RepositoryCreated> PerformAsync(
        EffectContext context, RepositoryCreateArgs args, CancellationToken cancellation)
    {
        var person = context.Actor.Ref.Name;
        var author = new CommitAuthor(args.Author, args.AuthorEmail ?? $"{person}@users.noreply.portal", time.Now());
        var request = new CreateRepository(
            args.Name, args.Description, args.DefaultBranch, args.Tree ?? FileTree.Empty, args.CommitMessage, author,
            context.Mark, args.Owner)
        {
            Settings = args.Settings ?? new RepositorySettings(), RunUrl = $"{address.Url}/runs/{context.Mark}",
        };
        var made = await Host(args).CreateAsync(request, cancellation);
        context.Log($"Created repository {made.Name}.");
        return await SeenAsync(args, made, cancellation);
    }

    public async Task<UndoPreview> PreviewUndoAsync(
        EffectContext context, RepositoryCreateArgs args, RepositoryCreated? result, CancellationToken cancellation)
    {
        var found = await Host(args).FindAsync(args.Name, cancellation);
        if (found is null) return UndoPreview.Stays($"The repository {args.Name} is gone already.");
        if (found.Mark != context.Mark)
        {
            return UndoPreview.Stays($"The repository {args.Name} stays: this run did not make it.");
        }
        var later = result?.Commit is { } first && found.HeadCommit != first ? ", with what was pushed since" : "";
        return UndoPreview.Goes($"The repository {args.Name} is deleted with its history{later}.");
    }

    public async Task UndoAsync(
        EffectContext context, RepositoryCreateArgs args, RepositoryCreated? result, CancellationToken cancellation)
    {
        var found = await Host(args).FindAsync(args.Name, cancellation);
        if (found is null) return;
        // Somebody else may have made one of that name since.
        if (found.Mark == context.Mark)
        {
            await Host(args).DeleteAsync(args.Name, cancellation);
            await events.RepositorySeenAsync(args.Provider, found, isThere: false, cancellation);
        }
        else context.Log($"Repository {args.Name} stays: this run did not make it.");
    }

    private IRepositoryHost Host(RepositoryCreateArgs args) => providers.Get<IRepositoryHost>(args.Provider);

    /// <summary>From now on the name means this one, whoever had it before.</summary>
    private async Task<RepositoryCreated> SeenAsync(
        RepositoryCreateArgs args, Repository made, CancellationToken cancellation)
    {
        await events.RepositorySeenAsync(args.Provider, made, isThere: true, cancellation);
        return Result(made);
    }

    private static RepositoryCreated Result(Repository made) =>
        new(made.Name.ToString(), made.CloneUrl, made.WebUrl ?? made.CloneUrl, made.HeadCommit);
}
