using System.Diagnostics;

namespace Portal.E2E.Tests.Hosting;

/// <summary>The real git, in a folder of its own, as one person.</summary>
internal sealed class GitClient(string token) : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("portal-git-").FullName;

    public Task CloneAsync(string url) => RunAsync("clone", "--quiet", url, ".");

    public async Task CommitAndPushAsync(string message)
    {
        await RunAsync("add", "--all");
        await RunAsync(
            "-c", "user.name=Ada", "-c", "user.email=ada@example.test", "commit", "--quiet", "--message", message);
        await RunAsync("push", "--quiet", "origin", "HEAD");
    }

    public void Replace(string file, string before, string after)
    {
        var path = Path.Combine(Folder, file);
        var text = File.ReadAllText(path);
        if (!text.Contains(before, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{file} does not hold '{before}'.");
        }
        File.WriteAllText(path, text.Replace(before, after, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private async Task RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = Folder, RedirectStandardError = true, RedirectStandardOutput = true,
            UseShellExecute = false
        };
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_COUNT"] = "1";
        start.Environment["GIT_CONFIG_KEY_0"] = "http.extraHeader";
        start.Environment["GIT_CONFIG_VALUE_0"] = $"Authorization: Bearer {token}";
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var git = Process.Start(start)!;
        var output = git.StandardOutput.ReadToEndAsync();
        var errors = await git.StandardError.ReadToEndAsync();
        await git.WaitForExitAsync();
        if (git.ExitCode != 0)
        {
            throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {errors}{await output}");
        }
    }
}
