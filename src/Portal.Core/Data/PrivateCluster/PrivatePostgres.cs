using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Portal.Core.Data.PrivateCluster;

/// <summary>
/// A PostgreSQL server of the portal's own, for who has none: nothing to install beyond the package, nothing to
/// configure. It listens on a Unix socket that its owner alone can reach, wants a password, runs in a session of its
/// own so that it outlives the portal, and is found again by the next start.
/// </summary>
public sealed class PrivatePostgres(PrivatePostgresOptions options)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan OrphansGrace = TimeSpan.FromSeconds(2);

    private readonly ClusterFiles files = new(options.Folder);
    private readonly SocketFolder sockets = new(new ClusterFiles(options.Folder).Folder);
    private readonly ClusterAccess access = new(options.Database);

    /// <summary>Whether a server of this folder runs now and can be reached, or starts.</summary>
    public bool IsRunning => Postmaster.Find(files.Data) is { IsCutOff: false };

    /// <summary>The major version that made the data; null when there is none yet.</summary>
    public int? MadeBy => files.MadeBy();

    /// <summary>Fails when no installed PostgreSQL can open the data.</summary>
    /// <exception cref="PrivateClusterException">The message tells what to install.</exception>
    public void CheckInstalled() => PostgresBinaries.Find(options.Installations, files.MadeBy());

    /// <summary>
    /// The connection string of the portal's database at the server that runs; null when none does. Starts and makes
    /// nothing.
    /// </summary>
    public string? FindRunning() =>
        Postmaster.Find(files.Data) is { Ready: true, IsCutOff: false } server
            ? access.Portal(server, files.ReadPassword()).ConnectionString
            : null;

    /// <summary>
    /// Takes up the running server, or makes and starts one; returns the connection string of the portal's database.
    /// Any number of processes may call it at once.
    /// </summary>
    /// <exception cref="PrivateClusterException">It cannot run; the message tells why and what to do.</exception>
    public async Task<string> EnsureRunningAsync(CancellationToken cancellation = default) =>
        (await EnsureRunningAsync(admin: false, cancellation)).ConnectionString;

    /// <summary>
    /// As <see cref="EnsureRunningAsync(CancellationToken)"/>, with the superuser: it may make and drop databases.
    /// </summary>
    public async Task<string> EnsureRunningForAdministrationAsync(CancellationToken cancellation = default) =>
        (await EnsureRunningAsync(admin: true, cancellation)).ConnectionString;

    /// <summary>Ends the server, if it runs; open connections are closed.</summary>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        if (!Directory.Exists(files.Folder)) return;

        using var held = await files.LockAsync(cancellation);
        if (Postmaster.Find(files.Data) is not null) await StopServerAsync(cancellation);
    }

    /// <summary>Takes away what of a stopped server lies outside of its folder; for who removes the folder.</summary>
    public void RemoveOutside() => sockets.RemoveElsewhere();

    private async Task<NpgsqlConnectionStringBuilder> EnsureRunningAsync(bool admin, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(options.StartTimeout);
        try
        {
            // The everyday path: it runs, and starts no process of ours.
            var running = Postmaster.Find(files.Data);
            if (running is not { Ready: true } || await MustRestartAsync(running, timeout.Token))
            {
                running = await StartAsync(timeout.Token);
            }

            return await access.OpenAsync(running, files.ReadPassword(), admin, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new PrivateClusterException(
                $"PostgreSQL did not become ready within {options.StartTimeout.TotalSeconds:0} s: its log is {files.Log}");
        }
        catch (NpgsqlException error)
        {
            var reason = error is PostgresException refusal ? refusal.MessageText : error.Message;
            throw new PrivateClusterException(
                $"PostgreSQL in {files.Folder} does not serve the portal ({reason}): its log is {files.Log}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PrivateClusterException(
                $"{files.Folder} cannot be used ({error.Message}): mend that, or choose another data folder with --data DIR",
                error);
        }
    }

    private async Task<Postmaster> StartAsync(CancellationToken cancellation)
    {
        var binaries = PostgresBinaries.Find(options.Installations, files.MadeBy());
        if (!files.HasData) await ClusterOwner.MakeFolderAsync(files.Folder, cancellation);

        using var held = await files.LockAsync(cancellation);
        if (!files.HasData) await InitialiseAsync(binaries, cancellation);

        if (Postmaster.Find(files.Data) is { } running)
        {
            if (!running.Ready || !await MustRestartAsync(running, cancellation))
            {
                // Another process was quicker, or it still recovers.
                return await UntilReadyAsync(starter: null, cancellation);
            }

            await StopServerAsync(cancellation);
        }

        await EndOrphansAsync(cancellation);
        Postmaster.RemoveForeignPidFile(files.Data);
        return await StartServerAsync(binaries, cancellation);
    }

    /// <summary>
    /// A server whose program was replaced, or whose socket is gone. One of an earlier build, on TCP, moves to the
    /// socket as soon as nobody uses it: a portal of that build that still runs keeps its address.
    /// </summary>
    private async Task<bool> MustRestartAsync(Postmaster running, CancellationToken cancellation)
    {
        if (running.IsCutOff && running.SeesOtherFiles)
        {
            throw new PrivateClusterException(
                $"PostgreSQL in {files.Folder} has its socket in {running.SocketFolder}, which this process does not see: both must see the same /tmp and /run");
        }

        return running.Outdated || running.IsCutOff
            || (running.SocketFolder is null
                && await ClusterAccess.IsUnusedAsync(running, files.ReadPassword(), cancellation));
    }

    /// <summary>
    /// The children of a server that was killed end by themselves, unless they were stopped or wait for a disk; no
    /// other server may start beside them. There is no server that could still need them: that was looked for under the
    /// lock.
    /// </summary>
    private async Task EndOrphansAsync(CancellationToken cancellation)
    {
        for (var waited = TimeSpan.Zero; Postmaster.AllIn(files.Data) is { Count: > 0 } orphans; waited += PollInterval)
        {
            if (waited > OrphansGrace)
            {
                foreach (var pid in orphans) await ClusterOwner.RunAsync(
                    "/bin/kill", ["-KILL", pid.ToString(CultureInfo.InvariantCulture)], cancellation);
                await Task.Delay(OrphansGrace, cancellation);
            }

            await Task.Delay(PollInterval, cancellation);
        }
    }

    private async Task InitialiseAsync(PostgresBinaries binaries, CancellationToken cancellation)
    {
        if (Directory.Exists(files.Unfinished)) Directory.Delete(files.Unfinished, recursive: true);

        files.EnsurePassword();
        await ClusterOwner.OwnAsync(files.Password, cancellation);
        var (exitCode, output) = await ClusterOwner.RunAsync(
            binaries.Initdb,
            [
                "-D", files.Unfinished, "-U", ClusterAccess.Administrator, "-A", "scram-sha-256",
                $"--pwfile={files.Password}",
                "-E", "UTF8", "--locale=C.UTF-8", .. options.Durable ? Array.Empty<string>() : ["--no-sync"],
            ],
            cancellation);
        if (exitCode != 0)
        {
            throw new PrivateClusterException(
                $"PostgreSQL {binaries.Version} cannot make a database in {files.Folder}: {output}");
        }

        Directory.Move(files.Unfinished, files.Data);
    }

    private async Task<Postmaster> StartServerAsync(PostgresBinaries binaries, CancellationToken cancellation)
    {
        var folder = await sockets.MakeAsync(cancellation);
        SocketFolder.RemoveLeftovers(folder);
        // pg_ctl puts the server into a session of its own: neither Ctrl-C nor the portal's end reaches it.
        using var starter = ClusterOwner.Start(
            binaries.PgCtl,
            // The shell that pg_ctl uses would read quotes and dollars in a path: it is told the data by a variable,
            // the log from its folder.

            [
                "-l", Path.GetRelativePath(files.Folder, files.Log), "-s", "-w", "-t",
                $"{options.StartTimeout.TotalSeconds:0}", "-o", ServerSettings.For(options, folder), "start"
            ],
            files.Folder, files.Data);
        return await UntilReadyAsync(starter, cancellation);
    }

    /// <summary>Looks at the server's own word: pg_ctl looks ten times a second only.</summary>
    private async Task<Postmaster> UntilReadyAsync(Process? starter, CancellationToken cancellation)
    {
        while (true)
        {
            var postmaster = Postmaster.Find(files.Data);
            if (postmaster is { Ready: true }) return postmaster;

            if (starter is { HasExited: true, ExitCode: not 0 } || (starter is null && postmaster is null))
            {
                throw new PrivateClusterException($"PostgreSQL did not start: {LastWords()}; its log is {files.Log}");
            }

            await Task.Delay(PollInterval, cancellation);
        }
    }

    private async Task StopServerAsync(CancellationToken cancellation)
    {
        var binaries = PostgresBinaries.Find(options.Installations, files.MadeBy());
        var mode = options.Durable ? "fast" : "immediate";
        var (exitCode, output) = await ClusterOwner.RunAsync(
            binaries.PgCtl, ["-D", files.Data, "-s", "-w", "-m", mode, "stop"], cancellation);
        if (exitCode != 0 && Postmaster.Find(files.Data) is not null)
        {
            throw new PrivateClusterException($"PostgreSQL in {files.Folder} does not stop: {output}");
        }
    }

    private string LastWords() =>
        File.Exists(files.Log)
            ? File.ReadLines(files.Log).LastOrDefault(line => line.Contains("FATAL", StringComparison.Ordinal)
                || line.Contains("could not", StringComparison.Ordinal)) ?? "no reason given"
            : "no reason given";
}
