using System.Diagnostics;
using System.Text;
using Portal.Core.Providers;

namespace Portal.Providers.Local.Repositories;

/// <summary>
/// Runs <c>git</c> on one bare repository: no shell, nobody's configuration, no hook, no other protocol, a time limit;
/// when the caller gives up the process dies with its children.
/// </summary>
internal static class GitCommand
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    /// <summary>What is read into memory of one answer: a push of some kilobytes may unpack to gigabytes.</summary>
    public const int DefaultMaxBytes = 32 << 20;

    private static readonly string[] Kept = ["PATH", "TMPDIR", "LANG", "TZ"];

    /// <summary>How to start git here. Arguments are added by the caller, each as one element.</summary>
    /// <param name="folder">The bare repository.</param>
    /// <param name="program">What to run: <c>git</c>, or one of its own programs.</param>
    /// <param name="settings">More configuration, key by key.</param>
    public static ProcessStartInfo StartInfo(
        string folder, string program = "git", params ReadOnlySpan<(string Key, string Value)> settings)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var name in Kept)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value) start.Environment[name] = value;
        }
        start.Environment["HOME"] = folder;
        start.Environment["GIT_DIR"] = folder;
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        // A reference below refs/replace would put one object in the place of another, unseen by who reads its name.
        start.Environment["GIT_NO_REPLACE_OBJECTS"] = "1";
        ReadOnlySpan<(string, string)> always =
        [
            ("safe.directory", folder), ("core.hooksPath", "/dev/null"), ("protocol.file.allow", "never"), (
                "gc.auto", "0"),
            ("receive.autogc", "false"),
        ];
        var count = 0;
        foreach (var (key, value) in (ReadOnlySpan<(string, string)>)[.. always, .. settings])
        {
            start.Environment[$"GIT_CONFIG_KEY_{count}"] = key;
            start.Environment[$"GIT_CONFIG_VALUE_{count}"] = value;
            count++;
        }
        start.Environment["GIT_CONFIG_COUNT"] = count.ToString();
        return start;
    }

    /// <summary>
    /// Runs to the end and returns what it wrote. A status other than 0 throws, with git's own last words.
    /// </summary>
    public static async Task<byte[]> RunAsync(
        string folder, IReadOnlyList<string> arguments, Func<Stream, CancellationToken, Task>? input,
        CancellationToken cancellation,
        TimeSpan? timeout = null, int maxBytes = DefaultMaxBytes)
    {
        var start = StartInfo(folder);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Start(start);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout ?? DefaultTimeout);
        using var kill = limit.Token.Register(() => Kill(process));
        using var output = new MemoryStream();
        var reading = ReadAsync(process, output, maxBytes);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await FeedAsync(process, input, limit.Token);
        await Task.WhenAll(reading, errors);
        await process.WaitForExitAsync(CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        if (output.Length > maxBytes)
        {
            throw ProviderException.Invalid(
                "git-too-large",
                $"What git {arguments[0]} answers is larger than {maxBytes >> 20} MiB: a file that the portal reads "
                + "must be smaller.");
        }
        if (limit.IsCancellationRequested)
        {
            throw ProviderException.Unavailable(
                "git-timeout",
                $"git {arguments[0]} took longer than {(timeout ?? DefaultTimeout).TotalSeconds:0} seconds and was "
                + "ended.");
        }
        if (process.ExitCode != 0)
        {
            throw ProviderException.Unavailable("git-failed", $"git {arguments[0]} failed: {LastWords(await errors)}");
        }
        return output.ToArray();
    }

    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new ProviderException(new(Core.Shared.ErrorKind.Unavailable, "git-missing",
                "git could not be started on the portal's machine: install it (apt-get install git)."), e);
        }
    }

    public static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (
            e is InvalidOperationException or System.ComponentModel.Win32Exception or NotSupportedException
                or AggregateException)
        {
            // It is over already.
        }
    }

    private static async Task ReadAsync(Process process, MemoryStream output, int maxBytes)
    {
        var buffer = new byte[80 * 1024];
        int read;
        while ((read = await process.StandardOutput.BaseStream.ReadAsync(buffer)) > 0)
        {
            if (output.Length > maxBytes) continue;
            output.Write(buffer, 0, read);
            if (output.Length > maxBytes) Kill(process);
        }
    }

    private static async Task FeedAsync(
        Process process, Func<Stream, CancellationToken, Task>? input, CancellationToken cancellation)
    {
        try
        {
            await using var stream = process.StandardInput.BaseStream;
            if (input is not null) await input(stream, cancellation);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // git ended before it had read all; its status and its words say why.
        }
    }

    private static string LastWords(string errors)
    {
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0
            ? "it said nothing." : new StringBuilder().AppendJoin(" ", lines.TakeLast(3)).ToString();
    }
}
