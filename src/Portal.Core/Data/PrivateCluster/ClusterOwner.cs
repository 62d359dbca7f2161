using System.Diagnostics;

namespace Portal.Core.Data.PrivateCluster;

/// <summary>
/// Runs PostgreSQL's programs as a user that they accept: they refuse root, so under root it is the user
/// <c>postgres</c> that the package makes; otherwise the user who runs the portal.
/// </summary>
internal static class ClusterOwner
{
    private const string User = "postgres";

    private static bool IsRoot => Environment.IsPrivilegedProcess;

    /// <summary>Makes the folder, private to the owner.</summary>
    public static async Task MakeFolderAsync(string folder, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
            Directory.CreateDirectory(
                folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PrivateClusterException(
                $"{folder} cannot be written ({error.Message}): choose another data folder with --data DIR", error);
        }

        if (!IsRoot) return;

        if (Unreachable(folder) is { } closed)
        {
            throw new PrivateClusterException(
                $"user {User} cannot reach {folder} because {closed} is closed to others: run 'chmod o+x {closed}', or choose another data folder with --data DIR");
        }

        await OwnAsync(folder, cancellation);
    }

    /// <summary>Gives a file to the owner; nothing to do unless root.</summary>
    public static async Task OwnAsync(string path, CancellationToken cancellation)
    {
        if (!IsRoot) return;

        var (exitCode, output) = await RunAsync(new ProcessStartInfo("/bin/chown", [$"{User}:", path]), cancellation);
        if (exitCode != 0)
        {
            throw new PrivateClusterException(
                $"{path} cannot be given to user {User} ({output}): run 'apt-get install postgresql', which makes that user");
        }
    }

    /// <summary>The first folder on the way that lets nobody else through; null when all do.</summary>
    public static string? Unreachable(string folder)
    {
        for (var parent = Path.GetDirectoryName(folder); parent is not null; parent = Path.GetDirectoryName(parent))
        {
            if (!File.GetUnixFileMode(parent).HasFlag(UnixFileMode.OtherExecute)) return parent;
        }

        return null;
    }

    /// <param name="program">Its path.</param>
    /// <param name="arguments">As they are; no shell reads them.</param>
    /// <param name="folder">Where it works: one that the owner can enter.</param>
    /// <param name="data">Of the cluster that it is about, as PGDATA; null where an argument says it.</param>
    public static Process Start(string program, IEnumerable<string> arguments, string folder = "/", string? data = null)
    {
        var info = IsRoot
            ? new ProcessStartInfo("/sbin/runuser", ["-u", User, "--", program, .. arguments])
            : new ProcessStartInfo(program, arguments);
        return Start(info, folder, data);
    }

    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        using var process = Start(program, arguments);
        return await EndOfAsync(process, cancellation);
    }

    /// <summary>Waits for the end; what it wrote comes as one line.</summary>
    public static async Task<(int ExitCode, string Output)> EndOfAsync(Process process, CancellationToken cancellation)
    {
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, $"{await errors} {await output}".ReplaceLineEndings(" ").Trim());
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(
        ProcessStartInfo info, CancellationToken cancellation)
    {
        using var process = Start(info);
        return await EndOfAsync(process, cancellation);
    }

    private static Process Start(ProcessStartInfo info, string folder = "/", string? data = null)
    {
        // The portal's environment may hold secrets, its folder may be closed to the owner: neither is passed on.
        info.WorkingDirectory = folder;
        info.Environment.Clear();
        info.Environment["PATH"] = "/usr/bin:/bin:/usr/sbin:/sbin";
        info.Environment["LC_ALL"] = "C.UTF-8";
        if (data is not null) info.Environment["PGDATA"] = data;
        info.RedirectStandardOutput = info.RedirectStandardError = info.RedirectStandardInput = true;
        var process = Process.Start(info) ?? throw new PrivateClusterException($"{info.FileName} did not start");
        process.StandardInput.Close();
        return process;
    }
}
