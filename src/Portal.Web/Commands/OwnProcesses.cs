using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Portal.Web.Commands;

/// <summary>Processes that a portal has started and left running: its environments and pipelines.</summary>
internal static class OwnProcesses
{
    /// <summary>
    /// Set on every process that the portal starts for a repository's code, and inherited by its children.
    /// </summary>
    private static readonly byte[] Mark = "PORTAL_RUN_ID="u8.ToArray();

    /// <summary>
    /// Those that carry the mark and work below the folder, or have it in their environment (HOME and the like).
    /// </summary>
    public static List<int> Of(string folder)
    {
        var below = folder.TrimEnd('/') + "/";
        return Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(
                Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && pid != Environment.ProcessId && IsOurs(pid, below))
            .ToList();
    }

    /// <summary>SIGTERM, and SIGKILL when the grace is over.</summary>
    public static async Task EndAsync(int pid, TimeSpan grace, CancellationToken cancellation)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            using (var terminate = Process.Start(new ProcessStartInfo(
                "/bin/kill", ["-TERM", pid.ToString(CultureInfo.InvariantCulture)]) { UseShellExecute = false }))
            {
                await terminate!.WaitForExitAsync(cancellation);
            }

            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            deadline.CancelAfter(grace);
            try
            {
                await process.WaitForExitAsync(deadline.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                process.Kill();
                await process.WaitForExitAsync(cancellation);
            }
        }
        catch (ArgumentException)
        {
            // It ended by itself.
        }
        catch (InvalidOperationException)
        {
            // It ended in between.
        }
    }

    private static bool IsOurs(int pid, string below)
    {
        try
        {
            var environment = File.ReadAllBytes($"/proc/{pid}/environ").AsSpan();
            return environment.IndexOf(Mark) >= 0
                && (environment.IndexOf(Encoding.UTF8.GetBytes(below)) >= 0
                    || (new FileInfo($"/proc/{pid}/cwd").LinkTarget + "/").StartsWith(below, StringComparison.Ordinal));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
