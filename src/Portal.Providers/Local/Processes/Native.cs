using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Portal.Providers.Local.Processes;

/// <summary>The few calls of the operating system that .NET does not offer.</summary>
internal static partial class Native
{
    public const int SigKill = 9;
    public const int SigTerm = 15;

    private const int OnlyAsPath = 0x200000;
    private const int NotForChildren = 0x80000;
    private const int DoNotWait = 0x800;

    /// <summary>O_NOFOLLOW and O_DIRECTORY: the two that have other numbers on ARM.</summary>
    private static readonly (int NoLink, int Folder) Flags =
        RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm
            ? (0x8000, 0x4000) : (0x20000, 0x10000);

    /// <summary>A negative <paramref name="pid"/> signals the whole process group.</summary>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    /// <summary>Changes the owner of a file without following a symbolic link.</summary>
    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint CurrentUser();

    [LibraryImport("libc", EntryPoint = "getegid")]
    public static partial uint CurrentGroup();

    /// <summary>A folder as the beginning of paths, <c>/proc/self/fd/N/…</c>; not handed to children.</summary>
    public static SafeFileHandle OpenFolder(string path) => Checked(Open(path, OnlyAsPath | NotForChildren), path);

    /// <summary>A file whose path nobody but the portal can change; not handed to children.</summary>
    public static SafeFileHandle OpenFile(string path) => Checked(Open(path, NotForChildren), path);

    /// <summary>
    /// A plain file in a folder that somebody else writes to: no link is followed on the way, and nothing waits, as
    /// opening a pipe would. Null when there is no such file.
    /// </summary>
    /// <exception cref="IOException">A part of the path is a link, or it leads to no plain file.</exception>
    public static SafeFileHandle? OpenBeneath(string folder, string path)
    {
        var at = OpenFolder(folder);
        try
        {
            var parts = path.Split('/');
            foreach (var part in parts.SkipLast(1))
            {
                var next = OpenPart(at, part, OnlyAsPath | NotForChildren | Flags.Folder | Flags.NoLink, path);
                at.Dispose();
                if (next is null) return null;
                at = next;
            }

            var file = OpenPart(at, parts[^1], NotForChildren | Flags.NoLink | DoNotWait, path);
            // Pipes, sockets and terminals have no place to seek; a folder cannot be read.
            if (file is null || Seek(file, 0, 1) >= 0) return file;
            file.Dispose();
            throw new IOException($"'{path}' is no plain file.");
        }
        finally
        {
            at.Dispose();
        }
    }

    private static SafeFileHandle? OpenPart(SafeFileHandle folder, string name, int flags, string path)
    {
        const int missing = 2;
        if (name is "" or "." or "..") throw new IOException($"'{path}' is no path of a file here.");
        var descriptor = OpenAt(folder, name, flags);
        return descriptor >= 0 || Marshal.GetLastPInvokeError() != missing ? Checked(descriptor, path) : null;
    }

    private static SafeFileHandle Checked(int descriptor, string path) => descriptor >= 0
        ? new SafeFileHandle(descriptor, ownsHandle: true)
        : throw new IOException(
            $"'{path}' cannot be opened (error {Marshal.GetLastPInvokeError()}): it is a link, or no plain file.");

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle file, long offset, int from);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAt(SafeFileHandle folder, string path, int flags);
}
