using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.TestKit.Outside.Adapter;

/// <summary>Repositories of the outside world.</summary>
internal sealed class OutsideRepositories(OutsideApi api) : IRepositoryHost
{
    public string Instance => OutsideSetup.Instance;

    public string Type => OutsideSetup.Type;

    public IReadOnlyCollection<string> Hosts { get; } = [OutsideSetup.Instance];

    private string Root => new Uri(api.Address, "/git/").ToString();

    public string CloneUrl(RepositoryName name) => $"{Root}{name}.git";

    public RepositoryName? NameFromUrl(string url)
    {
        if (!url.StartsWith(Root, StringComparison.Ordinal)) return null;
        var path = url[Root.Length..];
        return RepositoryName.TryParse(
            path.EndsWith(".git", StringComparison.Ordinal) ? path[..^4] : path, out var name) ? name : null;
    }

    public async Task<Repository?> FindAsync(RepositoryName name, CancellationToken cancellation) =>
        await api.FindAsync<Repository>(OutsideApi.PathOf(name), cancellation) is { } found ? Addressed(found) : null;

    public async Task<Repository> CreateAsync(CreateRepository request, CancellationToken cancellation)
    {
        var body = new NewRepository(
            request.Name, request.Description, request.DefaultBranch, request.Tree.ToArchive(), request.CommitMessage,
            request.Author, request.Mark, request.Owner);
        try
        {
            return Addressed(
                await api.PostAsync<Repository>("/repositories", body, hasIdempotencyKey: false, cancellation));
        }
        catch (ProviderException taken) when (taken.Error.Kind == ErrorKind.Conflict)
        {
            // By an earlier call of ours or by somebody else: its mark tells.
            if (await FindAsync(request.Name, cancellation) is { } found && found.Mark == request.Mark) return found;
            throw;
        }
    }

    public Task DeleteAsync(RepositoryName name, CancellationToken cancellation) =>
        api.DeleteAsync(OutsideApi.PathOf(name), cancellation);

    public async Task<IReadOnlyList<Repository>> ListAsync(CancellationToken cancellation) =>
        [.. (await api.GetAsync<List<Repository>>("/repositories", cancellation)).Select(Addressed)];

    public async Task<IReadOnlyList<Commit>> CommitsAsync(
        RepositoryName name, string reference, int limit, CancellationToken cancellation) =>
        await api.GetAsync<List<Commit>>(
            $"{OutsideApi.PathOf(name)}/commits?reference={Uri.EscapeDataString(reference)}&limit={limit}",
            cancellation);

    public async Task<byte[]?> ReadFileAsync(
        RepositoryName name, string reference, string path, CancellationToken cancellation)
    {
        try
        {
            return await api.BytesAsync(
                $"{OutsideApi.PathOf(name)}/file?reference={Uri.EscapeDataString(reference)}&path={Uri.EscapeDataString(path)}",
                cancellation);
        }
        catch (ProviderException missing) when (missing.Error is { Kind: ErrorKind.NotFound, Code: "file-not-found" })
        {
            return null;
        }
    }

    private Repository Addressed(Repository repository) => repository with { CloneUrl = CloneUrl(repository.Name) };
}
