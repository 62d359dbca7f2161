using System.Globalization;
using System.Text;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Local.Repositories;

/// <summary>
/// A look into the repositories on this machine. What Git has is hostile text: names go to it as they are, each behind
/// a commit's SHA, so that none can be an option, a range or a pattern.
/// </summary>
internal sealed class LocalBrowser(LocalFolders folders) : IRepositoryBrowser, IDisposable
{
    public const int MostEntries = 2_000;
    public const int MostFiles = 200;

    /// <summary>Beyond this patches are left out; of one file much less is shown.</summary>
    public const int MostPatchBytes = 4 << 20;
    public const int LongestPatch = 100_000;

    private const int LongestPath = 4_000;
    private const int AtOnce = 4;
    private const int LongestBody = 20_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim places = new(AtOnce, AtOnce);

    public string Instance => LocalSetup.Instance;

    public string Type => LocalSetup.Type;

    public Task<IReadOnlyList<string>> BranchesAsync(
        RepositoryName name, int limit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<string>>(
            [.. GitReferences.Branches(Existing(name)).Keys.Where(GitReferences.IsSafe).Take(limit)]);
    }

    public async Task<RepositoryFolder?> FolderAsync(
        RepositoryName name, string reference, string path, CancellationToken cancellation)
    {
        var folder = Existing(name);
        if (GitReferences.Resolve(folder, reference) is not { } sha || !IsPath(path)) return null;
        var place = $"{sha}:{path}";
        if (await TypeAsync(folder, path.Length == 0 ? sha + "^{tree}" : place, cancellation) != "tree") return null;
        var output = await GitAsync(folder, ["ls-tree", "-z", "-l", place], cancellation);
        var entries = Texts(output).Select(Entry).OfType<RepositoryEntry>()
            .OrderBy(e => e.Kind != RepositoryEntryKind.Folder).ThenBy(e => e.Name, StringComparer.Ordinal).ToList();
        return new RepositoryFolder(
            sha, entries.Count <= MostEntries ? entries : entries[..MostEntries], entries.Count <= MostEntries);
    }

    public async Task<IReadOnlyList<Commit>> HistoryAsync(
        RepositoryName name, string reference, int skip, int limit, CancellationToken cancellation)
    {
        var folder = Existing(name);
        if (limit <= 0 || await CommitOfAsync(folder, reference, cancellation) is not { } sha) return [];
        var output = await GitAsync(
            folder,
            [
                "log", "-z", "--no-show-signature", $"--skip={Math.Max(0, skip)}", $"--max-count={limit}",
                $"--format={GitCommits.Format}", "--end-of-options", sha, "--"
            ], cancellation);
        return GitCommits.Read(output);
    }

    public async Task<CommitDetails?> CommitAsync(RepositoryName name, string sha, CancellationToken cancellation)
    {
        var folder = Existing(name);
        if (!GitReferences.IsSha(sha) || await CommitOfAsync(folder, sha, cancellation) is null) return null;
        var texts = Encoding.UTF8.GetString(await GitAsync(
            folder,
            [
                "log", "-z", "--no-show-signature", "--max-count=1", $"--format={GitCommits.Format}%x00%P%x00%b",
                "--end-of-options", sha, "--"
            ], cancellation)).Split('\0');
        if (texts.Length < GitCommits.Fields + 2) return null;
        string[] parents = [.. texts[GitCommits.Fields].Split(' ').Where(GitReferences.IsSha)];
        var body = texts[GitCommits.Fields + 1].Trim();
        var (files, isWhole) = await ChangesAsync(folder, parents is [var first, ..] ? first : null, sha, cancellation);
        return new CommitDetails(
            GitCommits.Of(texts), Words.Short(body, LongestBody), parents, files,
            isWhole);
    }

    public void Dispose() => places.Dispose();

    private async Task<(IReadOnlyList<ChangedFile> Files, bool IsWhole)> ChangesAsync(
        string folder, string? parent, string sha, CancellationToken cancellation)
    {
        string[] between = parent is null ? ["--root", sha] : [parent, sha];
        var numbers = Texts(await GitAsync(
            folder, ["diff-tree", "--no-commit-id", "-r", "-z", "--no-renames", "--numstat", .. between],
            cancellation));
        var patches = await PatchesAsync(folder, between, cancellation);
        var files = numbers.Take(MostFiles)
            .Select((line, i) => Changed(line, patches is not null && i < patches.Count ? patches[i] : null));
        return ([.. files.OfType<ChangedFile>()], numbers.Count <= MostFiles);
    }

    /// <summary>One for each file, in the same order; null where all together are too large.</summary>
    private async Task<IReadOnlyList<string>?> PatchesAsync(
        string folder, string[] between, CancellationToken cancellation)
    {
        try
        {
            var output = await GitAsync(
                folder,
                [
                    "diff-tree", "--no-commit-id", "-r", "-p", "--no-renames", "--no-ext-diff", "--no-textconv",
                    "--no-color", .. between
                ], cancellation, MostPatchBytes);
            // Every line of a file has a sign in front: none of them can begin like this.
            return Encoding.UTF8.GetString(output).Split("diff --git ", StringSplitOptions.None) is [_, .. var rest]
                ? Joined(rest)
                : [];
        }
        catch (ProviderException e) when (e.Error.Code == "git-too-large")
        {
            return null;
        }
    }

    /// <summary>The words may stand within a line, too.</summary>
    private static List<string> Joined(string[] parts)
    {
        var patches = new List<string>();
        foreach (var part in parts)
        {
            if (patches.Count == 0 || patches[^1].EndsWith('\n')) patches.Add(part);
            else patches[^1] += "diff --git " + part;
        }
        return patches;
    }

    /// <summary><c>3 TAB 1 TAB path</c>; dashes for a binary file.</summary>
    private static ChangedFile? Changed(string line, string? patch)
    {
        if (line.Split('\t', 3) is not [var added, var removed, var path]) return null;
        var head = patch is null ? "" : patch[..Math.Max(0, patch.IndexOf("\n@@", StringComparison.Ordinal))];
        if (head.Length == 0) head = patch ?? "";
        var change = head.Contains("\nnew file mode ", StringComparison.Ordinal) ? FileChange.Added
            : head.Contains("\ndeleted file mode ", StringComparison.Ordinal) ? FileChange.Removed : FileChange.Changed;
        var hunk = patch?.IndexOf("\n@@", StringComparison.Ordinal) ?? -1;
        var body = hunk < 0 ? null : patch![(hunk + 1)..];
        // Git takes for text what has no NUL at its begin; what is no UTF-8 is none for a page.
        var isText = Number(added) is not null && body?.Contains('\ufffd') is not true;
        if (!isText || body?.Length > LongestPatch) body = null;
        return new ChangedFile(
            path, change, isText ? Number(added) : null, isText ? Number(removed) : null, body);
    }

    /// <summary><c>100644 blob SHA SIZE TAB name</c>.</summary>
    private static RepositoryEntry? Entry(string line)
    {
        var tab = line.IndexOf('\t', StringComparison.Ordinal);
        if (tab < 0) return null;
        var facts = line[..tab].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (facts is not [var mode, _, _, var size]) return null;
        var kind = mode switch
        {
            "040000" => RepositoryEntryKind.Folder,
            "120000" => RepositoryEntryKind.Link,
            "160000" => RepositoryEntryKind.Submodule,
            _ => RepositoryEntryKind.File,
        };
        return new RepositoryEntry(
            line[(tab + 1)..], kind,
            kind == RepositoryEntryKind.File && long.TryParse(size, CultureInfo.InvariantCulture, out var bytes)
                ? bytes : null);
    }

    /// <summary>Null for what is not there, or is no commit.</summary>
    private async Task<string?> CommitOfAsync(string folder, string reference, CancellationToken cancellation) =>
        GitReferences.Resolve(folder, reference) is { } sha
            && await TypeAsync(folder, sha + "^{commit}", cancellation) == "commit" ? sha : null;

    private async Task<string?> TypeAsync(string folder, string name, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        try
        {
            return (await GitObjects.FindAsync(folder, "--batch-check", name, cancellation)).Type;
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<byte[]> GitAsync(
        string folder, IReadOnlyList<string> arguments, CancellationToken cancellation, int maxBytes = 8 << 20)
    {
        await places.WaitAsync(cancellation);
        try
        {
            return await GitCommand.RunAsync(folder, arguments, null, cancellation, Longest, maxBytes);
        }
        finally
        {
            places.Release();
        }
    }

    /// <summary>A path as Git has it: no step upwards, which it would take as one from where it is.</summary>
    private static bool IsPath(string path) =>
        path.Length <= LongestPath && !path.Any(char.IsControl)
            && (path.Length == 0 || path.Split('/').All(p => p is not ("" or "." or "..")));

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static List<string> Texts(byte[] output) =>
        [.. Encoding.UTF8.GetString(output).TrimEnd('\0').Split('\0').Where(t => t.Length > 0)];

    private string Existing(RepositoryName name)
    {
        var folder = folders.Repository(name);
        return Directory.Exists(folder)
            ? folder : throw ProviderException.NotFound("repository-not-found", $"There is no repository {name} here.");
    }
}
