using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Portal.TestKit.GitHub.Server.Actions;

/// <summary>The script of a step: really run, or only what can be seen of it.</summary>
internal static partial class StepScript
{
    /// <summary>
    /// Understands <c>echo</c>, <c>exit</c>, <c>false</c>, <c>sleep</c> and a loop over <c>seq</c> on one line; the
    /// rest does nothing.
    /// </summary>
    /// <returns>The status; 143 when it was cancelled.</returns>
    public static async Task<int> PretendAsync(
        string text, Action<string> log, Func<TimeSpan, Task> wait, Func<bool> isCancelled)
    {
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            if (isCancelled()) return 143;
            if (Loop().Match(line) is { Success: true } loop)
            {
                for (var i = 1; i <= int.Parse(loop.Groups["count"].Value, CultureInfo.InvariantCulture); i++) log(
                    Unquote(loop.Groups["text"].Value).Replace(
                        $"${loop.Groups["name"].Value}", $"{i}", StringComparison.Ordinal));
                continue;
            }
            foreach (var command in line.Split(';', StringSplitOptions.TrimEntries))
            {
                if (Exit().Match(command) is { Success: true } exit)
                {
                    return int.Parse("0" + exit.Groups["status"].Value, CultureInfo.InvariantCulture);
                }
                if (command == "false") return 1;
                if (Sleep().Match(command) is { Success: true } sleep)
                {
                    await wait(
                        TimeSpan.FromSeconds(double.Parse(sleep.Groups["time"].Value, CultureInfo.InvariantCulture)));
                }
                if (Echo().Match(command) is { Success: true } echo && !command.Contains('>'))
                {
                    log(Unquote(echo.Groups["text"].Value));
                }
                if (isCancelled()) return 143;
            }
        }
        return isCancelled() ? 143 : 0;
    }

    public static async Task<int> RunAsync(string text, Action<string> log, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("portal-step-");
        try
        {
            var file = Path.Combine(folder.FullName, "step.sh");
            await File.WriteAllTextAsync(file, text, CancellationToken.None);
            var start = new ProcessStartInfo("bash", ["-e", file])
            {
                WorkingDirectory = folder.FullName, UseShellExecute = false, RedirectStandardOutput = true,
                RedirectStandardError = true
            };
            foreach (var name in (string[])["GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_STEP_SUMMARY", "GITHUB_PATH"])
            {
                start.Environment[name] = Path.Combine(folder.FullName, name);
            }
            using var bash = Process.Start(start)!;
            bash.OutputDataReceived += (_, said) => Say(said.Data, log);
            bash.ErrorDataReceived += (_, said) => Say(said.Data, log);
            bash.BeginOutputReadLine();
            bash.BeginErrorReadLine();
            using (cancellation.Register(
                () => bash.Kill(entireProcessTree: true))) await bash.WaitForExitAsync(CancellationToken.None);
            return cancellation.IsCancellationRequested ? 143 : bash.ExitCode;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Say(string? line, Action<string> log)
    {
        if (line is not null) log(line);
    }

    private static string Unquote(string text) =>
        text.Length > 1 && text[0] is '"' or '\'' && text[^1] == text[0] ? text[1..^1] : text;

    [GeneratedRegex(@"^for (?<name>\w+) in \$\(seq (?:1 )?(?<count>\d+)\); do echo (?<text>[^;]+); done\z")]
    private static partial Regex Loop();

    [GeneratedRegex(@"^exit(?: (?<status>\d+))?\z")]
    private static partial Regex Exit();

    [GeneratedRegex(@"^sleep (?<time>\d+(\.\d+)?)\z")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"^echo (?<text>.+)\z")]
    private static partial Regex Echo();
}
