using System.Security.Cryptography;
using System.Text;
using Portal.Core.Shared.Files;

namespace Portal.Core.GoldenPaths.Templates;

/// <summary>
/// A template's folder on disk: looked at cheaply, read whole when it is needed. Symbolic links are kept, never
/// followed.
/// </summary>
internal sealed class TemplateFolder(string path, TemplateOptions options)
{
    private static readonly HashSet<string> Ignored =
        new(StringComparer.OrdinalIgnoreCase) { ".git", "node_modules", "bin", "obj" };

    private static readonly string[] ManifestNames = ["template.yaml", "template.yml"];

    public string Path { get; } = path;

    /// <summary>
    /// The folders below (and at) <paramref name="source"/> that hold a template; what lies inside a template is its
    /// own.
    /// </summary>
    public static IEnumerable<string> Find(string source)
    {
        if (ManifestFile(source) is not null) return [source];
        return new DirectoryInfo(source).EnumerateDirectories()
            .Where(d => d.LinkTarget is null && !Ignored.Contains(d.Name))
            .OrderBy(d => d.Name, StringComparer.Ordinal)
            .SelectMany(d => Find(d.FullName));
    }

    public static string? ManifestFile(string folder) =>
        ManifestNames.FirstOrDefault(n => File.Exists(System.IO.Path.Combine(folder, n)));

    /// <summary>Changes when a file is added, removed, renamed or written; reads no content.</summary>
    /// <param name="problem">The first file that is beyond a limit.</param>
    public string Stamp(out TemplateNote? problem)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (count, size) = (0, 0L);
        problem = null;
        foreach (var (relative, entry) in Entries())
        {
            var length = entry is FileInfo { LinkTarget: null } file ? file.Length : 0;
            (count, size) = (count + 1, size + length);
            problem ??= Limit(relative, length, count, size);
            hash.AppendData(Encoding.UTF8.GetBytes(
                $"{relative}\0{length}\0{entry.LastWriteTimeUtc.Ticks}\0{(int)entry.UnixFileMode}\0{entry.LinkTarget}\n"));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <exception cref="TemplateFolderException">A file is too large or cannot be read.</exception>
    public FileTree Load()
    {
        var files = new List<TreeFile>();
        var size = 0L;
        foreach (var (relative, entry) in Entries())
        {
            var length = entry is FileInfo { LinkTarget: null } file ? file.Length : 0;
            size += length;
            if (Limit(relative, length, files.Count + 1, size) is { } problem)
            {
                throw new TemplateFolderException(problem);
            }
            files.Add(Read(relative, entry));
        }
        return new FileTree(files);
    }

    private static TreeFile Read(string relative, FileSystemInfo entry)
    {
        if (entry.LinkTarget is { } target) return new TreeFile(relative, Encoding.UTF8.GetBytes(target), IsLink: true);
        try
        {
            return new TreeFile(
                relative, File.ReadAllBytes(entry.FullName),
                (entry.UnixFileMode & UnixFileMode.UserExecute) == UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TemplateFolderException(
                new TemplateNote(relative, 1, "The file cannot be read.", "Check its permissions."));
        }
    }

    private TemplateNote? Limit(string relative, long length, int count, long size)
    {
        if (length > options.MaxFileSize)
        {
            return new TemplateNote(relative, 1, $"The file has {length / 1_048_576} MB; a file of a template may have at most {options.MaxFileSize / 1_048_576} MB.",
                $"Take it out, let the template fetch it later, or raise {TemplateOptions.Section}:MaxFileSize.");
        }
        if (size > options.MaxSize)
        {
            return new TemplateNote(
                relative, 1, $"With this file the template exceeds {options.MaxSize / 1_048_576} MB.",
                $"Take large files out, or raise {TemplateOptions.Section}:MaxSize.");
        }
        return count > options.MaxFiles
            ? new TemplateNote(
                relative, 1, $"The template has more than {options.MaxFiles} files.",
                $"Take files out, or raise {TemplateOptions.Section}:MaxFiles.")
            : null;
    }

    private IEnumerable<(string Relative, FileSystemInfo Entry)> Entries() => Below(new DirectoryInfo(Path), "");

    private static IEnumerable<(string Relative, FileSystemInfo Entry)> Below(DirectoryInfo folder, string prefix)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            if (entry is DirectoryInfo { LinkTarget: null } below)
            {
                if (Ignored.Contains(entry.Name)) continue;
                foreach (var inner in Below(below, prefix + entry.Name + "/")) yield return inner;
            }
            else
            {
                yield return (prefix + entry.Name, entry);
            }
        }
    }
}

/// <summary>The template's files cannot be loaded; the note says which and why.</summary>
public sealed class TemplateFolderException(TemplateNote note) : Exception(note.ToString())
{
    public TemplateNote Note { get; } = note;
}
