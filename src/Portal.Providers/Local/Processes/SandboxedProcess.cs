using System.Diagnostics;

namespace Portal.Providers.Local.Processes;

/// <summary>A running command whose output we read.</summary>
internal sealed class SandboxedProcess(Process process, Sandbox sandbox, TimeProvider time, Task output) : IDisposable
{
    private static readonly TimeSpan LastOutput = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Ends when the last process that holds the output has ended: a background child may hold it after the command is
    /// over.
    /// </summary>
    public Task Output => output;

    /// <summary>
    /// Waits for the end. Children that the command left in the background go on; when the time is up or the caller
    /// cancels, they are ended with it and with the sandbox.
    /// </summary>
    public async Task<ProcessExit> WaitAsync(TimeSpan? timeout, CancellationToken cancellation)
    {
        using var timer = timeout is { } limit
            ? new CancellationTokenSource(limit, time) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        try
        {
            await process.WaitForExitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await sandbox.EndAsync().ConfigureAwait(false);
            await Task.WhenAny(output, Task.Delay(LastOutput, CancellationToken.None)).ConfigureAwait(false);
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(LastOutput, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new ProcessExit(
                process.HasExited ? process.ExitCode : 137,
                cancellation.IsCancellationRequested ? ProcessEnd.Cancelled : ProcessEnd.TimedOut);
        }

        await Task.WhenAny(output, Task.Delay(LastOutput, CancellationToken.None)).ConfigureAwait(false);
        return new ProcessExit(process.ExitCode, ProcessEnd.Exited);
    }

    /// <summary>Does not close the pipe while a background child may still write to it.</summary>
    public void Dispose()
    {
        if (output.IsCompleted) process.Dispose();
        else _ = output.ContinueWith(
            _ => process.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }
}
