namespace Portal.Web.Controls;

/// <summary>What will happen, or happened, to a file.</summary>
public enum FileMark { None, Added, Changed, Removed }

/// <param name="Path">With <c>/</c> between the parts, no leading one.</param>
public sealed record FileEntry(string Path, FileMark Mark = FileMark.None);

/// <summary>A folder or a file of the tree.</summary>
public sealed class FileTreeNode
{
    private FileTreeNode(string name, string path, int level, FileEntry? file)
    {
        (Name, Path, Level, File) = (name, path, level, file);
    }

    public string Name { get; }
    public string Path { get; }

    /// <summary>From 1, as <c>aria-level</c> counts.</summary>
    public int Level { get; }

    /// <summary>null for a folder.</summary>
    public FileEntry? File { get; }
    public List<FileTreeNode> Children { get; } = [];
    public bool IsFolder => File is null;

    /// <summary>
    /// Nests a list of paths: folders first, then by name. A folder with nothing but one folder in it stays as it is.
    /// </summary>
    public static IReadOnlyList<FileTreeNode> Nest(IEnumerable<FileEntry> files)
    {
        var root = new FileTreeNode("", "", 0, file: null);
        var folders = new Dictionary<string, FileTreeNode>(StringComparer.Ordinal) { [""] = root };
        foreach (var file in files)
        {
            var slash = file.Path.LastIndexOf('/');
            var folder = Folder(folders, slash < 0 ? "" : file.Path[..slash]);
            folder.Children.Add(new FileTreeNode(file.Path[(slash + 1)..], file.Path, folder.Level + 1, file));
        }

        foreach (var folder in folders.Values) folder.Children.Sort(Order);
        return root.Children;
    }

    private static FileTreeNode Folder(Dictionary<string, FileTreeNode> folders, string path)
    {
        if (folders.TryGetValue(path, out var known)) return known;
        var slash = path.LastIndexOf('/');
        var parent = Folder(folders, slash < 0 ? "" : path[..slash]);
        var folder = new FileTreeNode(path[(slash + 1)..], path, parent.Level + 1, file: null);
        parent.Children.Add(folder);
        return folders[path] = folder;
    }

    private static int Order(FileTreeNode left, FileTreeNode right) => left.IsFolder != right.IsFolder
        ? left.IsFolder ? -1 : 1
        : string.Compare(left.Name, right.Name, StringComparison.OrdinalIgnoreCase);
}
