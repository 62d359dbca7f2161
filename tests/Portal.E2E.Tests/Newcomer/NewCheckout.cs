using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Portal.TestKit;

namespace Portal.E2E.Tests.Newcomer;

/// <summary>
/// A clone of this repository, and its commands as somebody runs them who has just made it: nothing of our environment,
/// a new HOME.
/// </summary>
internal sealed class NewCheckout : IAsyncDisposable
{
    /// <summary>Nobody else's: what runs as this user was started here.</summary>
    private const string PlainUser = "portal-tester";

    private readonly string root = Directory.CreateTempSubdirectory("portal-newcomer-").FullName;
    private readonly bool isPlain;
    private readonly string home;
    private Process? portal;

    private NewCheckout(bool isPlain, string? home) =>
        (this.isPlain, this.home) = (isPlain, home ?? Path.Combine(root, "home"));

    public string Folder => Path.Combine(root, "portal");

    public int Port { get; } = FreePort();

    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>What `up` has said.</summary>
    public List<string> Said { get; } = [];

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>As a plain user. Whoever is one already takes himself.</summary>
    public static async Task<NewCheckout> OfAPlainUserAsync()
    {
        var checkout = new NewCheckout(IsRoot, null);
        await checkout.CloneAsync();
        if (!IsRoot) return checkout;
        // The test's own run may have made it already.
        await RunToolAsync(
            "sh", "-c",
            $"id {PlainUser} >/dev/null 2>&1 || useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin {PlainUser}");
        await RunToolAsync("chown", "-R", $"{PlainUser}:", checkout.root);
        return checkout;
    }

    /// <summary>
    /// As root, in a folder that nobody else can enter. The HOME with what was fetched before: fetching was tried as
    /// the plain user.
    /// </summary>
    public static async Task<NewCheckout> OfRootAsync()
    {
        Assert.SkipUnless(IsRoot, "Needs root.");
        var checkout = new NewCheckout(false, Environment.GetEnvironmentVariable("HOME"));
        await checkout.CloneAsync();
        return checkout;
    }

    /// <summary>Runs a command to its end. What it left running would hold its output and so this.</summary>
    public async Task<(int Code, string Output, string Errors)> RunAsync(string[] command, string? input = null)
    {
        using var process = Process.Start(Info(command))!;
        if (input is not null) await process.StandardInput.WriteLineAsync(input);
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(9));
        var (output, errors) =
            (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        return (await WaitAsync(process, limit.Token), await output, await errors);
    }

    /// <summary>Until the last line that `up` says when it is ready.</summary>
    public async Task UpAsync()
    {
        portal = Process.Start(Info(["./portal", "up", "--port", Port.ToString(CultureInfo.InvariantCulture)]))!;
        portal.StandardInput.Close();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        portal.OutputDataReceived += (_, line) => Heard(line.Data);
        portal.ErrorDataReceived += (_, line) => Heard(line.Data);
        portal.BeginOutputReadLine();
        portal.BeginErrorReadLine();
        var ended = portal.WaitForExitAsync();
        var first = await Task.WhenAny(ready.Task, ended, Task.Delay(TimeSpan.FromMinutes(9)));
        Assert.True(first == ready.Task, $"The portal did not become ready:\n{string.Join('\n', Said)}");

        void Heard(string? line)
        {
            if (line is null) return;
            lock (Said) Said.Add(line);
            if (line.StartsWith("Portal is ready at", StringComparison.Ordinal)) ready.TrySetResult();
        }
    }

    /// <summary>Ctrl-C.</summary>
    public async Task StopAsync()
    {
        if (portal is not { HasExited: false }) return;
        await RunToolAsync("kill", "-INT", portal.Id.ToString(CultureInfo.InvariantCulture));
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await portal.WaitForExitAsync(limit.Token);
    }

    /// <summary>Removes everything: says no once, then the name that it is asked for.</summary>
    public async Task<(int Code, string Output, string Errors)> ResetAsync()
    {
        var asked = await RunAsync(["./portal", "reset"], "no");
        return await RunAsync(
            ["./portal", "reset"], Regex.Match(asked.Output, "Type (.*) to remove it").Groups[1].Value);
    }

    /// <summary>
    /// The command lines of everything that runs as the plain user, or works in the checkout's folder.
    /// </summary>
    public IReadOnlyList<string> Left() =>
    [
        .. Directory.EnumerateDirectories("/proc")
        .Where(p => int.TryParse(Path.GetFileName(p), CultureInfo.InvariantCulture, out _)).Select(Line)
        .OfType<string>()
            // One that has ended and waits to be taken note of has none any more.
            .Where(line => line.Length > 0),
    ];

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        portal?.Dispose();
        await ResetAsync();
        Directory.Delete(root, recursive: true);
    }

    private string? Line(string process)
    {
        try
        {
            var cwd = new FileInfo(Path.Combine(process, "cwd")).LinkTarget ?? "";
            var isTheirs = isPlain && File.ReadLines(Path.Combine(process, "status"))
                .Any(l => l == $"Uid:\t{Uid()}\t{Uid()}\t{Uid()}\t{Uid()}");
            return isTheirs || cwd.StartsWith(root, StringComparison.Ordinal)
                ? File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ')
                : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Uid() =>
        File.ReadLines("/etc/passwd").First(l => l.StartsWith(PlainUser + ":", StringComparison.Ordinal)).Split(':')[2];

    private async Task CloneAsync()
    {
        await RunToolAsync("git", "clone", "--quiet", "--no-hardlinks", RepositoryRoot.Path, Folder);
        Directory.CreateDirectory(Path.Combine(root, "home"));
    }

    private ProcessStartInfo Info(string[] command)
    {
        string[] become = isPlain ? ["setpriv", $"--reuid={PlainUser}", $"--regid={PlainUser}", "--clear-groups"] : [];
        string[] all =
        [
            .. become, "env", "-i", $"HOME={home}", $"PATH={Environment.GetEnvironmentVariable("PATH")}", .. command
        ];
        var start = new ProcessStartInfo(all[0])
        {
            WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true,
            RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (var argument in all.Skip(1)) start.ArgumentList.Add(argument);
        return start;
    }

    private static async Task<int> WaitAsync(Process process, CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode;
    }

    private static async Task RunToolAsync(string tool, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(tool, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        var errors = await process.StandardError.ReadToEndAsync();
        Assert.True(await WaitAsync(process, CancellationToken.None) == 0, $"{tool}: {errors}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
