using System.Diagnostics;

namespace Portal.TestKit.Hosting;

/// <summary>An executable that is a portal, built already.</summary>
public sealed record PortalProgram(string Path)
{
    /// <summary>The portal itself, as <c>./portal up</c> runs it.</summary>
    public static PortalProgram Portal { get; } =
        new(RepositoryRoot.Combine("src", "Portal.Web", "bin", "Release", "net10.0", "Portal.Web.dll"));

    /// <summary>
    /// The portal with the fail points and the outside world of tests, of the same configuration as the tests.
    /// </summary>
    public static PortalProgram TestHost { get; } =
        new(RepositoryRoot.Combine("tests", "Portal.TestHost", "bin", Configuration, "net10.0", "Portal.TestHost.dll"));

    private static string Configuration => AppContext.BaseDirectory.Contains(
        $"{System.IO.Path.DirectorySeparatorChar}Release{System.IO.Path.DirectorySeparatorChar}",
        StringComparison.Ordinal) ? "Release" : "Debug";

    /// <summary>Runs a command to its end.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> RunAsync(
        IEnumerable<string> arguments, string? input, CancellationToken cancellation,
        IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        using var process = Start(arguments, environment ?? []);
        if (input is not null) await process.StandardInput.WriteLineAsync(input.AsMemory(), cancellation);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0
            ? output.Trim()
            : throw new PortalProcessException($"{string.Join(' ', arguments)}: {await errors}");
    }

    internal Process Start(IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
    {
        if (!File.Exists(Path)) throw new PortalProcessException($"there is no {Path}: it is not built");
        var start = new ProcessStartInfo("dotnet", [Path, .. arguments])
        {
            WorkingDirectory = RepositoryRoot.Path, UseShellExecute = false, RedirectStandardInput = true,
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}

/// <summary>A portal that does not start or a command of it that fails; the message holds its last lines.</summary>
public sealed class PortalProcessException(string message) : Exception(message);
