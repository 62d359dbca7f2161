using Portal.Core.Access;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Catalog.Repositories;

/// <summary>
/// A look into a repository whose host has no pages of its own, for who may clone it: the same right, of the same
/// owner.
/// </summary>
public sealed class BrowseRepository(ProviderRegistry providers, Authorise authorise, TimeProvider time)
{
    public async Task<Result<BrowsedRepository>> OpenAsync(
        string provider, string organisation, string name, Actor actor, CancellationToken cancellation)
    {
        if (!RepositoryName.IsValidPart(organisation) || !RepositoryName.IsValidPart(name)
            || providers.Find<IRepositoryBrowser>(provider) is not { } browser
            || providers.Find<IRepositoryHost>(provider) is not { } host)
        {
            return NotFound($"{organisation}/{name}");
        }
        var asked = new RepositoryName(organisation, name);
        var looked = await ProviderQuery.AskAsync(
            host.Instance, ProviderQuery.Short, time, token => host.FindAsync(asked, token), cancellation);
        if (!looked.TryGet(out var found, out var silent)) return silent;
        if (found is null) return NotFound(asked.ToString());
        var right = await authorise.CheckAsync(
            actor, Permissions.RepositoryRead, EntityRef.Owner(found.Owner), cancellation);
        return right.Error is { } refused ? refused : new BrowsedRepository(found, host, browser, time);
    }

    private static Error NotFound(string name) =>
        Error.NotFound("repository-not-found", $"There is no repository {name} here.");
}

/// <summary>A repository that the person may read.</summary>
public sealed class BrowsedRepository(
    Repository repository, IRepositoryHost host, IRepositoryBrowser browser, TimeProvider time)
{
    private const int MostBranches = 200;

    public Repository Repository => repository;

    public RepositoryName Name => repository.Name;

    public string Provider => host.Instance;

    public Task<Result<IReadOnlyList<string>>> BranchesAsync(CancellationToken cancellation) =>
        AskAsync(token => browser.BranchesAsync(Name, MostBranches, token), cancellation);

    /// <param name="reference">Branch, tag or SHA.</param>
    public async Task<Result<RepositoryFolder>> FolderAsync(
        string reference, string path, CancellationToken cancellation) =>
        Found(await AskAsync(token => browser.FolderAsync(Name, reference, path, token), cancellation),
            path.Length == 0 ? $"There is no branch, tag or commit {reference}." : $"There is no folder {path} there.");

    public async Task<Result<byte[]>> FileAsync(string reference, string path, CancellationToken cancellation) =>
        Found(
            // Git would take a step upwards as one from where it runs.
            path.Split('/').All(p => p is not ("" or "." or ".."))
                ? await AskAsync(token => host.ReadFileAsync(Name, reference, path, token), cancellation)
                : Result<byte[]?>.Ok(null),
            $"There is no file {path} there.");

    public Task<Result<IReadOnlyList<Commit>>> HistoryAsync(
        string reference, int skip, int limit, CancellationToken cancellation) =>
        AskAsync(token => browser.HistoryAsync(Name, reference, skip, limit, token), cancellation);

    public async Task<Result<CommitDetails>> CommitAsync(string sha, CancellationToken cancellation) =>
        Found(await AskAsync(token => browser.CommitAsync(Name, sha, token), cancellation),
            $"There is no commit {sha} there.");

    private Task<Result<T>> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellation) =>
        ProviderQuery.AskAsync(host.Instance, ProviderQuery.Log, time, ask, cancellation);

    private static Result<T> Found<T>(Result<T?> looked, string missing) where T : class =>
        !looked.TryGet(out var found, out var error) ? error
            : found is null ? Error.NotFound("repository-path-not-found", missing) : Result<T>.Ok(found);
}
