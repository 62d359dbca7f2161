namespace Portal.Providers.Local.Sharing;

/// <summary>
/// Says which of the processes that share the provider's folder keeps it: the one that has <c>keeper.lock</c> locked.
/// The kernel ends the lock with the process, however that ends.
/// </summary>
internal sealed class KeeperLock : IDisposable
{
    /// <summary>EWOULDBLOCK: another process has it.</summary>
    private const int Taken = 11;

    private readonly FileStream held;

    private KeeperLock(FileStream held) => this.held = held;

    /// <summary>Does not wait; null when another process has it.</summary>
    public static KeeperLock? TryTake(LocalFolders folders)
    {
        Directory.CreateDirectory(folders.Root);
        try
        {
            return new KeeperLock(new FileStream(Path.Combine(folders.Root, "keeper.lock"), new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0,
                // Who can open it can lock it, and so keep every portal from keeping the folder.
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }));
        }
        catch (IOException e) when (e.HResult == Taken)
        {
            return null;
        }
    }

    public void Dispose() => held.Dispose();
}
