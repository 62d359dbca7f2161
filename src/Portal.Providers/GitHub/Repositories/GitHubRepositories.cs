using System.Collections.Concurrent;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Access;
using Portal.Providers.GitHub.Api;

namespace Portal.Providers.GitHub.Repositories;

/// <summary>Repositories of one GitHub.</summary>
internal sealed class GitHubRepositories(
    GitHubApi client, GitHubOptions options, MarkReader marks, RepositoryCreation creation) : IRepositoryHost
{
    private const int MaxFileSize = 10 * 1024 * 1024;
    private const int MaxPage = 100;
    private const int AtOnce = 8;

    private readonly GitHubUrls urls = new(client.Address);

    public string Instance => client.Instance;

    public string Type => GitHubOptions.Type;

    public string DescriptorAnnotation => "github.com/project-slug";

    public IReadOnlyCollection<string> Hosts => client.Address.Hosts;

    public string OrganisationOf(EntityRef owner) =>
        options.Organisations.TryGetValue(owner.Name, out var own) ? own : options.Organisation is
        {
            Length: > 0,
        } all ? all : owner.Name;

    public RepositoryName? NameFromUrl(string url) => urls.NameOf(url);

    public string CloneUrl(RepositoryName name) => urls.Clone(name);

    public string PageUrl(RepositoryName name) => urls.Page(name);

    public string FileUrl(RepositoryName name, string commit, string path, int? line) =>
        $"{urls.Page(name)}/blob/{commit}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}"
        + (line is null ? "" : $"#L{line}");

    public string CommitUrl(RepositoryName name, string commit) => $"{urls.Page(name)}/commit/{commit}";

    public async Task<Repository?> FindAsync(RepositoryName name, CancellationToken cancellation) =>
        await client.FindRepositoryAsync(name, cancellation) is { } found ? await ReadAsync(found, cancellation) : null;

    public async Task<Repository> CreateAsync(CreateRepository request, CancellationToken cancellation)
    {
        var (made, commit) = await creation.CreateAsync(request, cancellation);
        return commit is null ? await ReadAsync(made, cancellation) : Of(made, commit);
    }

    public async Task DeleteAsync(RepositoryName name, CancellationToken cancellation)
    {
        try
        {
            await client.DeleteRepositoryAsync(name, cancellation);
        }
        catch (ProviderException gone) when (gone.Error.Kind == ErrorKind.NotFound)
        {
        }
    }

    public async Task ArchiveAsync(RepositoryName name, CancellationToken cancellation)
    {
        // An archived one takes no change at all, not even this one.
        if (await client.FindRepositoryAsync(name, cancellation) is { Archived: true }) return;
        await client.ChangeRepositoryAsync(name, new ChangedRepository { Archived = true }, cancellation);
    }

    public async Task<IReadOnlyList<Repository>> ListAsync(CancellationToken cancellation)
    {
        var found = new List<RepositoryBody>();
        await foreach (var repository in ListedAsync(cancellation))
        {
            // GitHub has names that the portal cannot write, such as .github.
            if (RepositoryName.TryParse(repository.FullName, out _)) found.Add(repository);
        }
        var read = new ConcurrentDictionary<long, Repository>();
        // GitHub does not count an answer that nothing has changed.
        await Parallel.ForEachAsync(
            found.DistinctBy(r => r.Id),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
                async (repository, token) => read[repository.Id] = await ReadAsync(repository, token));
        return [.. read.Values.OrderBy(r => r.Name.ToString(), StringComparer.OrdinalIgnoreCase)];
    }

    public async Task<IReadOnlyList<Commit>> CommitsAsync(
        RepositoryName name, string reference, int limit, CancellationToken cancellation)
    {
        if (limit <= 0 || !GitNames.IsReference(reference)) return [];
        var commits = new List<Commit>();
        try
        {
            await foreach (var commit in client.CommitsAsync(name, reference, Math.Min(limit, MaxPage), cancellation))
            {
                commits.Add(Of(commit));
                if (commits.Count == limit) break;
            }
        }
        // No such branch; an empty repository; "No commit found for SHA".
        catch (ProviderException none) when (
            none.Error.Kind is ErrorKind.NotFound or ErrorKind.Conflict || GitCalls.IsNoCommit(none))
        {
            return [];
        }
        return commits;
    }

    public async Task<byte[]?> ReadFileAsync(
        RepositoryName name, string reference, string path, CancellationToken cancellation)
    {
        if (!GitNames.IsReference(reference) || !GitNames.IsFile(path)) return null;
        try
        {
            if (await client.ReadFileAsync(name, path, reference, cancellation) is not { } bytes) return null;
            return bytes.Length <= MaxFileSize
                ? bytes : throw new ProviderException(new Error(ErrorKind.TooLarge, "file-too-large",
                    $"{path} has {bytes.Length / 1_048_576} MB; at most {MaxFileSize / 1_048_576} MB of a file are "
                        + "read."));
        }
        catch (ProviderException none) when (none.Error.Kind == ErrorKind.NotFound || GitCalls.IsNoCommit(none))
        {
            return null;
        }
    }

    /// <summary>
    /// All that the credentials see: where the app is installed, in the organisations that are configured, or the
    /// token's own.
    /// </summary>
    /// <exception cref="ProviderException">After all others: the app's installation is suspended somewhere.</exception>
    internal IAsyncEnumerable<RepositoryBody> ListedAsync(CancellationToken cancellation) =>
        options.IsApp ? InstalledAsync(cancellation) : options.AllOrganisations.Any() ? ConfiguredAsync(
            cancellation) : client.OwnRepositoriesAsync(cancellation);

    private async IAsyncEnumerable<RepositoryBody> InstalledAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var suspended = new List<string>();
        await foreach (var installation in client.InstallationsAsync(cancellation))
        {
            if (installation.Account is not { } account) continue;
            if (options.InstallationId > 0 && installation.Id != options.InstallationId) continue;
            if (installation.SuspendedAt is not null)
            {
                suspended.Add(account.Login);
                continue;
            }
            await foreach (var repository in client.InstalledRepositoriesAsync(account.Login, cancellation))
            {
                yield return repository;
            }
        }
        // Without them it would look as if their repositories were gone.
        if (suspended.Count > 0) throw GitHubInstallations.Suspended(client.Instance, string.Join(", ", suspended));
    }

    private async IAsyncEnumerable<RepositoryBody> ConfiguredAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var organisation in options.AllOrganisations)
        {
            await foreach (var repository in client.OrganisationRepositoriesAsync(organisation, cancellation))
            {
                yield return repository;
            }
        }
    }

    private async Task<Repository> ReadAsync(RepositoryBody body, CancellationToken cancellation)
    {
        if (marks.Of(body) is { IsMaking: true }) return Of(body, null);
        return Of(
            body, await client.FindBranchAsync(RepositoryName.Parse(body.FullName), body.DefaultBranch, cancellation));
    }

    private Repository Of(RepositoryBody body, string? head)
    {
        var (name, mark) = (RepositoryName.Parse(body.FullName), marks.Of(body));
        return new Repository(
            name, body.Description ?? "", body.DefaultBranch, CloneUrl(name), body.HtmlUrl, head, mark?.Run,
            mark?.Owner)
        {
            HostId = HostId(body),
        };
    }

    /// <summary>A number that stays through renames and transfers.</summary>
    internal static string HostId(RepositoryBody body) =>
        body.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static Commit Of(Octokit.GitHubCommit commit) =>
        new(
            commit.Sha, commit.Commit.Message.Split('\n', 2)[0].TrimEnd('\r'), commit.Commit.Author?.Name ?? "",
            commit.Commit.Author?.Date ?? default);
}
