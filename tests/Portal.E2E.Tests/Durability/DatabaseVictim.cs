using System.Diagnostics;
using System.Globalization;

namespace Portal.E2E.Tests.Durability;

internal enum DatabaseHurt
{
    /// <summary>As <c>pg_ctl stop -m immediate</c>: no goodbye, no checkpoint.</summary>
    StopImmediate,

    /// <summary>SIGKILL of the postmaster: its children are left behind.</summary>
    Kill,

    /// <summary>The postmaster and all its children stand still for longer than any lease lasts.</summary>
    Stall,
}

/// <summary>The private PostgreSQL of a folder, seen by who wants to hurt it.</summary>
internal sealed class DatabaseVictim(string folder)
{
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(4);

    private string Data => Path.Combine(folder, "data");

    public async Task HurtAsync(DatabaseHurt how)
    {
        var postmaster = await PidAsync();
        if (how == DatabaseHurt.Stall)
        {
            var all = AllOf();
            await SignalAsync("STOP", all);
            await Task.Delay(Standstill);
            await SignalAsync("CONT", all);
            return;
        }

        await SignalAsync(how == DatabaseHurt.Kill ? "KILL" : "QUIT", [postmaster]);
        while (RunsHere(postmaster)) await Task.Delay(10);
    }

    /// <summary>Waits for it where it is just being started.</summary>
    private async Task<int> PidAsync()
    {
        while (true)
        {
            var file = Path.Combine(Data, "postmaster.pid");
            if (File.Exists(file) && int.TryParse(
                File.ReadLines(file).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture,
                out var pid) && RunsHere(pid)) return pid;
            await Task.Delay(20);
        }
    }

    private List<int> AllOf() => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(
            Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture,
            out var pid) ? pid : 0).Where(pid => pid > 0 && RunsHere(pid)).ToList();

    private bool RunsHere(int pid)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/cwd").LinkTarget == Data;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static async Task SignalAsync(string signal, IEnumerable<int> processes)
    {
        using var kill = Process.Start(new ProcessStartInfo("/bin/kill",
        [
            $"-{signal}", .. processes.Select(p => p.ToString(CultureInfo.InvariantCulture))
        ]) { RedirectStandardError = true, UseShellExecute = false })!;
        await kill.WaitForExitAsync();
    }
}
