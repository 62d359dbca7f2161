using System.Diagnostics;
using Npgsql;

namespace Portal.Core.Data.PrivateCluster;

/// <summary>
/// A PostgreSQL server of the portal's own, for who has none: nothing to install beyond the package, nothing to
/// configure. It listens on 127.0.0.1 alone, wants a password, runs in a session of its own so that it outlives the
/// portal, and is found again by the next start.
/// </summary>
public sealed class PrivatePostgres(PrivatePostgresOptions options)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    private readonly ClusterFiles files = new(options.Folder);
    private readonly ClusterAccess access = new(options.Database);

    /// <summary>Whether a server of this folder runs now.</summary>
    public bool IsRunning => Postmaster.Find(files.Data) is not null;

    /// <summary>
    /// Takes up the running server, or makes and starts one; returns the connection string of the portal's database.
    /// Any number of processes may call it at once.
    /// </summary>
    /// <exception cref="PrivateClusterException">It cannot run; the message tells why and what to do.</exception>
    public async Task<string> EnsureRunningAsync(CancellationToken cancellation = default) =>
        (await EnsureRunningAsync(admin: false, cancellation)).ConnectionString;

    /// <summary>As <see cref="EnsureRunningAsync(CancellationToken)"/>, with the superuser: it may make and drop databases.</summary>
    public async Task<string> EnsureRunningForAdministrationAsync(CancellationToken cancellation = default) =>
        (await EnsureRunningAsync(admin: true, cancellation)).ConnectionString;

    /// <summary>Ends the server, if it runs; open connections are closed.</summary>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        if (!Directory.Exists(files.Folder))
        {
            return;
        }

        using var held = await files.LockAsync(cancellation);
        if (IsRunning)
        {
            await StopServerAsync(cancellation);
        }
    }

    private async Task<NpgsqlConnectionStringBuilder> EnsureRunningAsync(bool admin, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(options.StartTimeout);
        try
        {
            // The everyday path: it runs, and starts no process of ours.
            var running = Postmaster.Find(files.Data);
            if (running is not { Ready: true, Outdated: false })
            {
                running = await StartAsync(timeout.Token);
            }

            return await access.OpenAsync(running.Port, files.ReadPassword(), admin, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new PrivateClusterException($"PostgreSQL did not become ready within {options.StartTimeout.TotalSeconds:0} s: its log is {files.Log}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PrivateClusterException($"{files.Folder} cannot be used ({error.Message}): mend that, or choose another data folder with --data DIR", error);
        }
    }

    private async Task<Postmaster> StartAsync(CancellationToken cancellation)
    {
        var binaries = PostgresBinaries.Find(options.Installations, files.MadeBy());
        if (!files.HasData)
        {
            await ClusterOwner.MakeFolderAsync(files.Folder, cancellation);
        }

        using var held = await files.LockAsync(cancellation);
        if (!files.HasData)
        {
            await InitialiseAsync(binaries, cancellation);
        }

        if (Postmaster.Find(files.Data) is { } running)
        {
            if (!running.Outdated)
            {
                // Another process was quicker, or it still recovers.
                return await UntilReadyAsync(starter: null, cancellation);
            }

            await StopServerAsync(cancellation);
        }

        Postmaster.RemoveForeignPidFile(files.Data);
        return await StartServerAsync(binaries, cancellation);
    }

    private async Task InitialiseAsync(PostgresBinaries binaries, CancellationToken cancellation)
    {
        if (Directory.Exists(files.Unfinished))
        {
            Directory.Delete(files.Unfinished, recursive: true);
        }

        files.EnsurePassword();
        await ClusterOwner.OwnAsync(files.Password, cancellation);
        var (exitCode, output) = await ClusterOwner.RunAsync(
            binaries.Initdb,
            [
                "-D", files.Unfinished, "-U", ClusterAccess.Administrator, "-A", "scram-sha-256", $"--pwfile={files.Password}",
                "-E", "UTF8", "--locale=C.UTF-8", .. options.Durable ? Array.Empty<string>() : ["--no-sync"],
            ],
            cancellation);
        if (exitCode != 0)
        {
            throw new PrivateClusterException($"PostgreSQL {binaries.Version} cannot make a database in {files.Folder}: {output}");
        }

        Directory.Move(files.Unfinished, files.Data);
    }

    private async Task<Postmaster> StartServerAsync(PostgresBinaries binaries, CancellationToken cancellation)
    {
        var port = options.Port ?? files.ChoosePort();
        if (!ClusterFiles.IsFree(port))
        {
            throw new PrivateClusterException($"port {port} on 127.0.0.1 is in use: stop what listens there, or choose another for the database");
        }

        // pg_ctl puts the server into a session of its own: neither Ctrl-C nor the portal's end reaches it.
        using var starter = ClusterOwner.Start(
            binaries.PgCtl,
            ["-D", files.Data, "-l", files.Log, "-s", "-w", "-t", $"{options.StartTimeout.TotalSeconds:0}", "-o", ServerSettings.For(options, port), "start"]);
        return await UntilReadyAsync(starter, cancellation);
    }

    /// <summary>Looks at the server's own word: pg_ctl looks ten times a second only.</summary>
    private async Task<Postmaster> UntilReadyAsync(Process? starter, CancellationToken cancellation)
    {
        while (true)
        {
            var postmaster = Postmaster.Find(files.Data);
            if (postmaster is { Ready: true })
            {
                return postmaster;
            }

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
        var (exitCode, output) = await ClusterOwner.RunAsync(binaries.PgCtl, ["-D", files.Data, "-s", "-w", "-m", mode, "stop"], cancellation);
        if (exitCode != 0 && IsRunning)
        {
            throw new PrivateClusterException($"PostgreSQL in {files.Folder} does not stop: {output}");
        }
    }

    private string LastWords() =>
        File.Exists(files.Log)
            ? File.ReadLines(files.Log).LastOrDefault(line => line.Contains("FATAL", StringComparison.Ordinal) || line.Contains("could not", StringComparison.Ordinal)) ?? "no reason given"
            : "no reason given";
}
