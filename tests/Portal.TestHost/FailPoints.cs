using System.Runtime.InteropServices;
using System.Text;
using Portal.Core.Runs.Execution;

namespace Portal.TestHost;

/// <summary>Writes down every boundary that is reached, and kills or stops the process at one of them.</summary>
internal sealed partial class FailPoints(FailPoint? point, FailWith failure, string log) : IJournalFailPoints
{
    private const int SigKill = 9;
    private const int SigStop = 19;

    private readonly Lock access = new();
    private int fitting;

    public ValueTask ReachedAsync(JournalBoundary boundary, string effect, CancellationToken cancellation)
    {
        lock (access)
        {
            if (log.Length > 0) File.AppendAllText(log, $"{boundary} {effect}\n", new UTF8Encoding(false));
            if (point?.Fits(boundary, effect) == true && ++fitting == point.Ordinal) Fail();
        }
        return ValueTask.CompletedTask;
    }

    private void Fail()
    {
        // To this thread, so that it goes no further: it ends the process or stops all of it all the same.
        if (Raise(failure == FailWith.Kill ? SigKill : SigStop) != 0)
        {
            throw new InvalidOperationException("The signal was not sent.");
        }
    }

    [LibraryImport("libc", EntryPoint = "raise")]
    private static partial int Raise(int signal);
}
