using System.Text;

namespace Portal.TestKit.GitHub.Server.GitData;

/// <summary>One line of a tree.</summary>
internal sealed record TreeEntry(string Mode, string Type, string Sha, long? Size, string Path);

/// <summary>A change to a tree; without an id the path goes away.</summary>
internal sealed record TreeChange(string Path, string Mode, string? Sha);

/// <summary>A bare repository, asked and changed with git's own commands.</summary>
internal sealed class BareGit(string folder)
{
    public static string Nothing { get; } = new('0', 40);

    public string Folder { get; } = folder;

    public async Task InitAsync(string branch)
    {
        Directory.CreateDirectory(Folder);
        await RunAsync(["init", "--quiet", "--bare", $"--initial-branch={branch}", "."]);
        await File.AppendAllTextAsync(Path.Combine(Folder, "config"),
            "[http]\n\treceivepack = true\n[receive]\n\tdenyDeleteCurrent = ignore\n\tautogc = false\n[gc]\n\tauto = 0\n[uploadpack]\n\tallowFilter = true\n");
    }

    public Task SetHeadAsync(string branch) => RunAsync(["symbolic-ref", "HEAD", $"refs/heads/{branch}"]);

    /// <summary>There is not one commit.</summary>
    public async Task<bool> IsEmptyAsync() => (await RunAsync(["for-each-ref", "--count=1"])).Bytes.Length == 0;

    public async Task<string> WriteBlobAsync(byte[] content) =>
        (await RunAsync(["hash-object", "-w", "--stdin"], content)).Text;

    /// <summary><c>blob</c>, <c>tree</c>, <c>commit</c> or <c>tag</c>; null when there is no such object.</summary>
    public async Task<string?> TypeAsync(string sha) =>
        sha.Length == 40 && sha.All(char.IsAsciiHexDigit)
            && await TryAsync(["cat-file", "-t", sha]) is { Status: 0 } output ? output.Text : null;

    public async Task<byte[]> ReadAsync(string sha) => (await RunAsync(["cat-file", "blob", sha])).Bytes;

    /// <summary>The id of what a name means; null when it means nothing.</summary>
    public async Task<string?> ResolveAsync(string name) =>
        !name.StartsWith('-') && await TryAsync(
        [
            "rev-parse", "--verify", "--quiet", "--end-of-options", name
        ]) is { Status: 0 } output ? output.Text : null;

    public async Task<IReadOnlyList<TreeEntry>> ReadTreeAsync(string tree, bool deep)
    {
        var output = await RunAsync(
            ["ls-tree", "-z", "--long", "--full-tree", .. deep ? ["-r", "-t"] : Array.Empty<string>(), tree]);
        return [.. Encoding.UTF8.GetString(output.Bytes).Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(Parse)];
    }

    /// <param name="from">A tree or a commit to begin with.</param>
    public async Task<string> WriteTreeAsync(string? from, IReadOnlyList<TreeChange> changes)
    {
        var index = Path.Combine(Folder, $"index-{Guid.NewGuid():N}");
        try
        {
            await RunAsync(from is null ? ["read-tree", "--empty"] : ["read-tree", from], null, index);
            var lines = new StringBuilder();
            foreach (var change in changes.Where(c => c.Mode != "040000" || c.Sha is null))
            {
                lines.Append(change.Sha is null
                    ? $"0 {Nothing}\t{change.Path}\0"
                    : $"{change.Mode} {change.Sha}\t{change.Path}\0");
            }
            await RunAsync(["update-index", "-z", "--index-info"], Encoding.UTF8.GetBytes(lines.ToString()), index);
            foreach (var folder in changes.Where(c => c.Mode == "040000" && c.Sha is not null))
            {
                await RunAsync(["read-tree", $"--prefix={folder.Path}/", folder.Sha!], null, index);
            }
            return (await RunAsync(["write-tree"], null, index)).Text;
        }
        finally
        {
            File.Delete(index);
        }
    }

    /// <summary>The message stays as it is, without a line's end that nobody wrote.</summary>
    public async Task<string> WriteCommitAsync(
        string tree, IEnumerable<string> parents, Signature author, Signature committer, string message)
    {
        var text =
            $"tree {tree}\n{string.Concat(parents.Select(p => $"parent {p}\n"))}author {author}\ncommitter {committer}\n\n{message}";
        return (await RunAsync(["hash-object", "-t", "commit", "-w", "--stdin"], Encoding.UTF8.GetBytes(text))).Text;
    }

    public async Task<GitCommit> CommitAsync(string sha) =>
        GitCommit.Parse(sha, Encoding.UTF8.GetString((await RunAsync(["cat-file", "commit", sha])).Bytes));

    /// <summary>Full name to id, of all below a prefix such as <c>refs/heads/</c>.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReferencesAsync(string prefix = "refs/")
    {
        var output = await RunAsync(["for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/tags"]);
        return output.Lines.Select(line => line.Split(' ', 2))
            .Where(parts => parts[1].StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(parts => parts[1], parts => parts[0], StringComparer.Ordinal);
    }

    public Task<string?> ReferenceAsync(string name) => ResolveAsync(name + "^{object}");

    public Task UpdateReferenceAsync(string name, string sha) => RunAsync(["update-ref", name, sha]);

    public Task DeleteReferenceAsync(string name) => RunAsync(["update-ref", "-d", name]);

    public async Task<bool> IsNameAsync(string reference) =>
        (await TryAsync(["check-ref-format", reference])).Status == 0;

    public async Task<bool> IsAncestorAsync(string before, string after) =>
        (await TryAsync(["merge-base", "--is-ancestor", before, after])).Status == 0;

    /// <summary>Ids, newest first, of what the second has and the first has not.</summary>
    public async Task<IReadOnlyList<string>> LogAsync(
        string after, string? before = null, string? path = null, int? count = null) =>
        (await RunAsync(
        [
            "rev-list", .. count is null ? Array.Empty<string>() : [$"--max-count={count}"], after,
            .. before is null || before == Nothing ? Array.Empty<string>() : [$"^{before}"], "--",
            .. path is null ? Array.Empty<string>() : [path]
        ])).Lines;

    /// <summary>Letter (A, M, D) and path of all that differs.</summary>
    public async Task<IReadOnlyList<(char Change, string Path)>> ChangesAsync(string? before, string after)
    {
        var output = await RunAsync(before is null or { Length: 0 } || before == Nothing
            ? ["diff-tree", "-r", "-z", "--no-commit-id", "--name-status", "--root", after]
            : ["diff-tree", "-r", "-z", "--no-commit-id", "--name-status", before, after]);
        var parts = Encoding.UTF8.GetString(output.Bytes).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        return [.. Enumerable.Range(0, parts.Length / 2).Select(i => (parts[2 * i][0], parts[(2 * i) + 1]))];
    }

    public Task<GitOutput> RunAsync(IReadOnlyList<string> arguments, byte[]? input = null, string? index = null) =>
        GitProcess.RunAsync(Folder, arguments, input, index);

    public Task<GitOutput> TryAsync(IReadOnlyList<string> arguments) => GitProcess.TryAsync(Folder, arguments);

    private static TreeEntry Parse(string line)
    {
        var tab = line.IndexOf('\t');
        var parts = line[..tab].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new TreeEntry(
            parts[0], parts[1], parts[2], long.TryParse(parts[3], out var size) ? size : null, line[(tab + 1)..]);
    }
}
