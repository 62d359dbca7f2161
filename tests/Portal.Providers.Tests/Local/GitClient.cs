using System.Diagnostics;

namespace Portal.Providers.Tests.Local;

/// <summary>The real git client in a folder of its own, with nobody's configuration.</summary>
public sealed class GitClient(LocalPortal portal) : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("portal-git-").FullName;

    public string Address(string path, string person = "alice", string password = LocalPortal.Password)
    {
        var uri = new Uri(portal.Url);
        return $"http://{person}:{Uri.EscapeDataString(password)}@{uri.Authority}/git/{path}";
    }

    /// <summary>Runs git, which must succeed, and returns what it said.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var (status, said) = await TryAsync(arguments);
        return status == 0 ? said : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {said}");
    }

    public async Task<(int Status, string Said)> TryAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = Folder, UseShellExecute = false, RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["HOME"] = Folder;
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        foreach (var role in (string[])["AUTHOR", "COMMITTER"])
        {
            start.Environment[$"GIT_{role}_NAME"] = "Alice";
            start.Environment[$"GIT_{role}_EMAIL"] = "alice@example.com";
        }
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }

    public string Write(string path, string text)
    {
        var file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    public async Task CommitAsync(string clone, string path, string text, string message)
    {
        Write(Path.Combine(clone, path), text);
        await RunAsync("-C", clone, "add", "-A");
        await RunAsync("-C", clone, "commit", "-q", "-m", message);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
