using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Portal.Providers.Local.Processes;

/// <summary>The few calls of the operating system that .NET does not offer.</summary>
internal static partial class Native
{
    public const int SigKill = 9;
    public const int SigTerm = 15;

    /// <summary>A negative <paramref name="pid"/> signals the whole process group.</summary>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    /// <summary>Changes the owner of a file without following a symbolic link.</summary>
    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint CurrentUser();

    /// <summary>A folder as the beginning of paths, <c>/proc/self/fd/N/…</c>; not handed to children.</summary>
    public static SafeFileHandle OpenFolder(string path)
    {
        const int onlyAsPath = 0x200000, notForChildren = 0x80000;
        var descriptor = Open(path, onlyAsPath | notForChildren);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw new IOException($"'{path}' cannot be opened (error {Marshal.GetLastPInvokeError()}).");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
