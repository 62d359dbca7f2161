using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Core.Shared.Files;

/// <summary>
/// An immutable set of files, in memory: a template's folder, a run's workspace, a repository's first commit. It holds
/// no file system, so nothing in it can climb out of it.
/// </summary>
public sealed class FileTree
{
    public static readonly FileTree Empty = new([]);

    private readonly SortedDictionary<string, TreeFile> files;
    private readonly Lazy<string> hash;

    public FileTree(IEnumerable<TreeFile> files)
    {
        this.files = new SortedDictionary<string, TreeFile>(StringComparer.Ordinal);
        foreach (var file in files) this.files[file.Path] = file;
        hash = new Lazy<string>(ComputeHash);
    }

    public IReadOnlyCollection<TreeFile> Files => files.Values;

    public int Count => files.Count;

    public long Size => files.Values.Sum(f => (long)f.Content.Length);

    /// <summary>SHA-256 over paths, modes and contents, lower-case hexadecimal.</summary>
    public string Hash => hash.Value;

    public bool TryGet(string path, [NotNullWhen(true)] out TreeFile? file) => files.TryGetValue(path, out file);

    public string? ReadText(string path) =>
        TryGet(path, out var file) ? Encoding.UTF8.GetString(file.Content.Span) : null;

    /// <summary>
    /// The files below <paramref name="folder"/>, with paths relative to it. An empty folder name means all.
    /// </summary>
    public FileTree Below(string folder)
    {
        if (folder.Length == 0) return this;
        var prefix = folder.TrimEnd('/') + "/";
        return new FileTree(files.Values.Where(f => f.Path.StartsWith(prefix, StringComparison.Ordinal))
            .Select(f => f with { Path = f.Path[prefix.Length..] }));
    }

    private string ComputeHash()
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> head = stackalloc byte[9];
        foreach (var file in files.Values)
        {
            var path = Encoding.UTF8.GetBytes(file.Path);
            BinaryPrimitives.WriteInt32LittleEndian(head, path.Length);
            BinaryPrimitives.WriteInt32LittleEndian(head[4..], file.Content.Length);
            head[8] = Mode(file);
            sha.AppendData(head);
            sha.AppendData(path);
            sha.AppendData(file.Content.Span);
        }
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }

    /// <summary>The tree as one compressed blob, for the database.</summary>
    public byte[] ToArchive()
    {
        using var buffer = new MemoryStream();
        using (var zip = new BrotliStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        using (var writer = new BinaryWriter(zip, Encoding.UTF8))
        {
            writer.Write(files.Count);
            foreach (var file in files.Values)
            {
                writer.Write(file.Path);
                writer.Write(Mode(file));
                writer.Write(file.Content.Length);
                writer.Write(file.Content.Span);
            }
        }
        return buffer.ToArray();
    }

    public static FileTree FromArchive(byte[] archive)
    {
        using var reader = new BinaryReader(
            new BrotliStream(new MemoryStream(archive), CompressionMode.Decompress), Encoding.UTF8);
        var count = reader.ReadInt32();
        var files = new List<TreeFile>(count);
        for (var i = 0; i < count; i++)
        {
            var path = reader.ReadString();
            var mode = reader.ReadByte();
            files.Add(new TreeFile(path, reader.ReadBytes(reader.ReadInt32()), (mode & 1) != 0, (mode & 2) != 0));
        }
        return new FileTree(files);
    }

    private static byte Mode(TreeFile file) => (byte)((file.Executable ? 1 : 0) | (file.IsLink ? 2 : 0));
}
