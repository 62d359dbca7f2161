using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Portal.Core.Shared.Files;

/// <summary>
/// The files that a run works on, in memory. Every path is checked when it enters: what climbs out, is absolute or
/// holds a backslash or control character is refused, so no file system is ever reachable from here.
/// </summary>
public sealed class Workspace
{
    /// <summary>256 MB in all, 50 MB per file, 20,000 files.</summary>
    public const long MaxSize = 256L * 1024 * 1024;
    public const long MaxFileSize = 50L * 1024 * 1024;
    public const int MaxFiles = 20_000;

    private readonly Dictionary<string, TreeFile> files = new(StringComparer.Ordinal);

    /// <summary>How many files each folder holds, at any depth.</summary>
    private readonly Dictionary<string, int> folders = new(StringComparer.Ordinal);
    private FileTree? tree;

    public Workspace() { }

    public Workspace(FileTree tree)
    {
        foreach (var file in tree.Files) Put(file);
        this.tree = tree;
    }

    public long Size { get; private set; }

    public int Count => files.Count;

    /// <summary>Goes up with each change; the executor stores the workspace when it did.</summary>
    public int Version { get; private set; }

    public FileTree Tree => tree ??= new FileTree(files.Values);

    public IEnumerable<TreeFile> Files => files.Values;

    public bool Contains(string path) => files.ContainsKey(Normalise(path));

    public bool TryGet(string path, [NotNullWhen(true)] out TreeFile? file) =>
        files.TryGetValue(Normalise(path), out file);

    public void Put(TreeFile file)
    {
        var path = Normalise(file.Path);
        if (path.Length == 0) throw new WorkspaceException("A file needs a name.");
        if (file.Content.Length > MaxFileSize)
        {
            throw new WorkspaceException(
                $"{path} is {file.Content.Length / 1_048_576} MB; a file may have at most {MaxFileSize / 1_048_576} MB.");
        }
        files.TryGetValue(path, out var before);
        var size = Size + file.Content.Length - (before?.Content.Length ?? 0);
        if (size > MaxSize)
        {
            throw new WorkspaceException($"With {path} the workspace would exceed {MaxSize / 1_048_576} MB.");
        }
        if (before is null && files.Count >= MaxFiles)
        {
            throw new WorkspaceException($"The workspace may hold at most {MaxFiles} files.");
        }
        if (before is null) EnterFolders(path);
        files[path] = path == file.Path ? file : file with { Path = path };
        (Size, tree) = (size, null);
        Version++;
    }

    public void Put(string path, string text) => Put(new TreeFile(path, Encoding.UTF8.GetBytes(text)));

    /// <summary>Removes the file, or everything below the folder; returns how many files went.</summary>
    public int Remove(string path)
    {
        var normal = Normalise(path);
        var gone = files.Keys.Where(
            p => p == normal || p.StartsWith(normal + "/", StringComparison.Ordinal) || normal.Length == 0).ToList();
        foreach (var key in gone)
        {
            Size -= files[key].Content.Length;
            files.Remove(key);
            foreach (var folder in FoldersOf(key))
            {
                if (--folders[folder] == 0) folders.Remove(folder);
            }
        }
        if (gone.Count > 0) (tree, Version) = (null, Version + 1);
        return gone.Count;
    }

    /// <summary>One name cannot be a file and a folder: Git would keep only one of them.</summary>
    private void EnterFolders(string path)
    {
        if (folders.ContainsKey(path))
        {
            throw new WorkspaceException($"'{path}' cannot be a file: it is a folder already.");
        }
        if (FoldersOf(path).FirstOrDefault(files.ContainsKey) is { } taken)
        {
            throw new WorkspaceException($"'{path}' cannot be made: '{taken}' is a file already.");
        }
        foreach (var folder in FoldersOf(path)) folders[folder] = folders.GetValueOrDefault(folder) + 1;
    }

    private static IEnumerable<string> FoldersOf(string path)
    {
        for (var i = path.IndexOf('/'); i > 0; i = path.IndexOf('/', i + 1)) yield return path[..i];
    }

    /// <summary>The path without <c>./</c> and doubled or trailing slashes; empty for the workspace itself.</summary>
    public static string Normalise(string path)
    {
        if (path.StartsWith('/')) throw Refuse(path, "it is absolute");
        if (path.Contains('\\')) throw Refuse(path, "it holds a backslash");
        if (path.Any(char.IsControl)) throw Refuse(path.Replace('\0', '?'), "it holds a control character");
        if (!path.Contains("//", StringComparison.Ordinal) && !path.Contains('.') && !path.EndsWith('/')) return path;
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Contains("..")) throw Refuse(path, "it climbs out of the workspace");
        // A .git folder would be taken by Git as its own.
        if (parts.Any(p => p.Equals(".git", StringComparison.OrdinalIgnoreCase)))
        {
            throw Refuse(path, ".git is Git's own");
        }
        return string.Join('/', parts.Where(p => p != "."));
    }

    private static WorkspaceException Refuse(string path, string why) => new($"The path '{path}' is refused: {why}.");
}

/// <summary>A path or a size that a workspace does not take; the message says which and why.</summary>
public sealed class WorkspaceException(string message) : Exception(message);
