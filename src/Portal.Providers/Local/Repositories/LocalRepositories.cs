using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Providers.Local.Repositories;

/// <summary>
/// Bare Git repositories below the data folder, each made in a folder aside and moved into place by one rename.
/// </summary>
internal sealed class LocalRepositories(LocalFolders folders, IPortalAddress address) : IRepositoryHost
{
    public const string Host = "local";
    public const int MaxFileSize = 10 * 1024 * 1024;

    private const string NoteFile = "portal.json";

    public string Instance => LocalSetup.Instance;

    public string Type => LocalSetup.Type;

    public IReadOnlyCollection<string> Hosts { get; } = [Host];

    public string CloneUrl(RepositoryName name) => $"{address.Url}/git/{name}.git";

    public RepositoryName? NameFromUrl(string url) => LocalUrls.Name(url, address.Url);

    public Task<Repository?> FindAsync(RepositoryName name, CancellationToken cancellation) =>
        cancellation.IsCancellationRequested
            ? Task.FromCanceled<Repository?>(cancellation)
            : Task.FromResult(Read(name));

    public async Task<Repository> CreateAsync(CreateRepository request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Check(request);
        var target = folders.Repository(request.Name);
        if (Directory.Exists(target)) return MadeBefore(request);
        var aside = AsideFolder.New(folders);
        try
        {
            BareRepository.Lay(aside, request.DefaultBranch, request.Description);
            AtomicFile.WriteJson(
                Path.Combine(aside, NoteFile),
                new Note(request.Description, request.Mark, request.Owner, Guid.CreateVersion7().ToString()));
            await GitCommand.RunAsync(
                aside, FastImport.Arguments, (stream, token) => FastImport.WriteAsync(stream, request, token),
                cancellation, TimeSpan.FromMinutes(5));
            SeenReferences.Write(aside, SeenReferences.Now(aside, 1));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            Directory.Move(aside, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            return MadeBefore(request);
        }
        finally
        {
            if (Directory.Exists(aside)) Directory.Delete(aside, recursive: true);
        }
        return Read(request.Name)!;
    }

    public Task DeleteAsync(RepositoryName name, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return Task.FromCanceled(cancellation);
        var folder = folders.Repository(name);
        if (!Directory.Exists(folder)) return Task.CompletedTask;
        Directory.CreateDirectory(folders.Aside);
        var aside = AsideFolder.New(folders);
        try
        {
            Directory.Move(folder, aside);
            Directory.Delete(aside, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody else was faster.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(new Error(ErrorKind.Unavailable, "repository-not-removed",
                $"The files of {name} could not be removed ({e.Message}). Mend that on the portal's machine and try "
                    + "again."), e);
        }
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Repository>> ListAsync(CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return Task.FromCanceled<IReadOnlyList<Repository>>(cancellation);
        IReadOnlyList<Repository> all = [.. Names().Select(Read).OfType<Repository>()];
        return Task.FromResult(all);
    }

    /// <summary>Of all that lie here, whether they can be read or not.</summary>
    public IEnumerable<RepositoryName> Names() => folders.RepositoryNames();

    public bool IsThere(RepositoryName name) => Directory.Exists(folders.Repository(name));

    public async Task<IReadOnlyList<Commit>> CommitsAsync(
        RepositoryName name, string reference, int limit, CancellationToken cancellation)
    {
        var folder = Existing(name);
        if (limit <= 0 || GitReferences.Resolve(folder, reference) is not { } sha) return [];
        if (GitReferences.IsSha(reference) && await TypeAsync(folder, sha, cancellation) is not "commit") return [];
        var output = await GitCommand.RunAsync(folder,

            [
                "log", "-z", "--no-show-signature", $"--max-count={limit}", $"--format={GitCommits.Format}",
                "--end-of-options", sha, "--"
            ], null, cancellation);
        return GitCommits.Read(output);
    }

    public async Task<byte[]?> ReadFileAsync(
        RepositoryName name, string reference, string path, CancellationToken cancellation)
    {
        var folder = Existing(name);
        if (GitReferences.Resolve(folder, reference) is not { } sha || path.Length == 0 || path.Any(char.IsControl))
        {
            return null;
        }
        var (type, size, _) = await GitObjects.FindAsync(folder, "--batch-check", $"{sha}:{path}", cancellation);
        if (type != "blob") return null;
        if (size > MaxFileSize)
        {
            throw new ProviderException(new Error(ErrorKind.TooLarge, "file-too-large",
                $"{path} has {size / 1_048_576} MB; at most {MaxFileSize / 1_048_576} MB of a file are read."));
        }
        return (await GitObjects.FindAsync(folder, "--batch", $"{sha}:{path}", cancellation)).Content;
    }

    /// <exception cref="ProviderException">Its files cannot be read.</exception>
    private Repository? Read(RepositoryName name)
    {
        var folder = folders.Repository(name);
        try
        {
            if (AtomicFile.ReadJson<Note>(Path.Combine(folder, NoteFile)) is not { } note) return null;
            var branch = GitReferences.DefaultBranch(folder);
            return new Repository(
                name, note.Description, branch, CloneUrl(name), null, GitReferences.Resolve(folder, branch), note.Mark,
                note.Owner)
            {
                HostId = note.Id,
            };
        }
        catch (IOException)
        {
            // Deleted between the two reads.
            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new ProviderException(new Error(ErrorKind.Unavailable, "repository-unreadable",
                $"The files of {name} cannot be read ({e.Message}). Mend that on the portal's machine."), e);
        }
    }

    private static async Task<string?> TypeAsync(string folder, string sha, CancellationToken cancellation) =>
        (await GitObjects.FindAsync(folder, "--batch-check", sha, cancellation)).Type;

    private string Existing(RepositoryName name)
    {
        var folder = folders.Repository(name);
        return Directory.Exists(folder)
            ? folder : throw ProviderException.NotFound("repository-not-found", $"There is no repository {name} here.");
    }

    private static void Check(CreateRepository request)
    {
        if (!GitReferences.IsSafe(request.DefaultBranch) || request.DefaultBranch.Contains('@'))
        {
            throw ProviderException.Invalid("branch-invalid",
                $"'{request.DefaultBranch}' cannot be the name of a branch: use letters, digits, dot, dash and slash.");
        }
        foreach (var file in request.Tree.Files)
        {
            // Git would keep the later of the two and say nothing.
            for (var slash = file.Path.LastIndexOf('/'); slash > 0; slash = file.Path.LastIndexOf('/', slash - 1))
            {
                if (request.Tree.TryGet(file.Path[..slash], out _))
                {
                    throw ProviderException.Invalid(
                        "path-invalid", $"{file.Path[..slash]} is a file and a folder at once: rename one of them.");
                }
            }
            try
            {
                if (file.Path.Length > 0 && Workspace.Normalise(file.Path) == file.Path) continue;
                throw ProviderException.Invalid("path-invalid",
                    $"The path '{file.Path}' cannot be in a repository: write it without ./ and doubled slashes.");
            }
            catch (WorkspaceException e)
            {
                throw new ProviderException(Error.Invalid("path-invalid", e.Message), e);
            }
        }
    }

    /// <summary>By the same request, whose answer was lost.</summary>
    /// <exception cref="ProviderException">By another.</exception>
    private Repository MadeBefore(CreateRepository request) =>
        Read(request.Name) is { } found && found.Mark == request.Mark
            ? found
            : throw new ProviderException(RepositoryErrors.NameTaken(request.Name));

    /// <summary>What the portal knows of a repository, kept inside it.</summary>
    /// <param name="Id">
    /// Tells it from one that is made later under the same name; those of a version before this have none.
    /// </param>
    private sealed record Note(string Description, string? Mark, string? Owner, string? Id = null);
}
