using System.Diagnostics;

namespace Portal.Providers.Tests.GitHub.World;

/// <summary>The real git, as a person runs it.</summary>
internal sealed class WorldGit(string folder)
{
    /// <returns>What it wrote. A status other than 0 fails the test with its words.</returns>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "git",
            ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "protocol.version=2", .. arguments])
        {
            WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        using var git = Process.Start(start)!;
        var errors = git.StandardError.ReadToEndAsync();
        var output = await git.StandardOutput.ReadToEndAsync();
        await git.WaitForExitAsync();
        return git.ExitCode == 0
            ? output.Trim()
            : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {await errors}");
    }
}

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("portal-world-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
