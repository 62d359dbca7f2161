using System.Diagnostics;
using System.Text;

namespace Portal.TestKit.GitHub.Server.GitData;

/// <summary>What git said.</summary>
internal sealed record GitOutput(int Status, byte[] Bytes, string Errors)
{
    public string Text => Encoding.UTF8.GetString(Bytes).TrimEnd('\n');

    public string[] Lines => Text.Length == 0 ? [] : Text.Split('\n');
}

/// <summary>Runs git with nobody's configuration.</summary>
internal static class GitProcess
{
    public static ProcessStartInfo StartInfo(string folder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder, UseShellExecute = false,
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("GIT_", StringComparison.Ordinal))
            .ToList()) start.Environment.Remove(name);
        start.Environment["HOME"] = folder;
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        return start;
    }

    public static async Task<GitOutput> TryAsync(
        string folder, IReadOnlyList<string> arguments, byte[]? input = null, string? index = null)
    {
        var start = StartInfo(folder, arguments);
        if (index is not null) start.Environment["GIT_INDEX_FILE"] = index;
        return await RunAsync(start, input);
    }

    public static async Task<GitOutput> RunAsync(ProcessStartInfo start, byte[]? input)
    {
        using var git = Process.Start(start)!;
        using var output = new MemoryStream();
        var reading = git.StandardOutput.BaseStream.CopyToAsync(output);
        var errors = git.StandardError.ReadToEndAsync();
        try
        {
            await using var stream = git.StandardInput.BaseStream;
            if (input is not null) await stream.WriteAsync(input);
        }
        catch (IOException)
        {
            // git stopped reading; its status says why.
        }
        await Task.WhenAll(reading, errors);
        await git.WaitForExitAsync();
        return new GitOutput(git.ExitCode, output.ToArray(), await errors);
    }

    public static async Task<GitOutput> RunAsync(
        string folder, IReadOnlyList<string> arguments, byte[]? input = null, string? index = null)
    {
        var output = await TryAsync(folder, arguments, input, index);
        return output.Status == 0
            ? output
            : throw new InvalidOperationException($"git {string.Join(' ', arguments)} failed: {output.Errors}");
    }
}
