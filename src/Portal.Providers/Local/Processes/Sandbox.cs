using System.Diagnostics;

namespace Portal.Providers.Local.Processes;

/// <summary>
/// A place in which several commands run one after the other: the steps of a job. What they leave in the background
/// goes on until the sandbox is ended, and then nothing of it is left.
/// </summary>
internal abstract class Sandbox(ProcessSandbox owner, SandboxSpec spec) : IAsyncDisposable
{
    public SandboxSpec Spec => spec;

    protected ProcessSandbox Owner => owner;

    /// <summary>False: it has been ended, or a command inside ended it. No command can run in it any more.</summary>
    public abstract bool IsAlive { get; }

    /// <summary>Whether it had no memory left for its processes.</summary>
    public virtual bool RanOutOfMemory => false;

    /// <summary>Memory of all processes in it, in bytes.</summary>
    public abstract long ResidentBytes { get; }

    /// <summary>
    /// Starts a command; its output (both streams, in order) goes to <paramref name="line"/>, one call at a time.
    /// </summary>
    public SandboxedProcess Start(SandboxCommand command, Action<string> line) =>
        Start(command, stream => new OutputLines(line, command.MaxOutputBytes).ReadAsync(stream));

    /// <summary>Starts a command whose output is read as it is. Who reads must read to the end.</summary>
    public SandboxedProcess Start(SandboxCommand command, Func<Stream, Task> read)
    {
        var process = Launch(command);
        return new SandboxedProcess(process, this, owner.Time, read(process.StandardOutput.BaseStream));
    }

    /// <summary>
    /// Runs a command to its end. When the time is up or the caller cancels, the sandbox is ended with everything in
    /// it.
    /// </summary>
    public async Task<ProcessExit> RunAsync(
        SandboxCommand command, Action<string> line, TimeSpan? timeout, CancellationToken cancellation)
    {
        using var process = Start(command, line);
        return await process.WaitAsync(timeout, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Asks everything in it to end, waits for the grace, and ends the rest. Afterwards nothing is left.
    /// </summary>
    public abstract Task EndAsync();

    public async ValueTask DisposeAsync() => await EndAsync();

    protected abstract Process Launch(SandboxCommand command);
}
