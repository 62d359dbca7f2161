using System.Diagnostics;
using Portal.TestKit;

namespace Portal.E2E.Tests.Hosting;

/// <summary>The packages of the shipped templates, fetched once per machine and shared by all test portals.</summary>
internal static class Packages
{
    private static readonly Lazy<string> Folder = new(Fetch);

    public static void Link(string data)
    {
        Directory.CreateSymbolicLink(Path.Combine(data, "packages"), Path.Combine(Folder.Value, "packages"));
    }

    private static string Fetch()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"portal-test-packages-{Environment.UserName}");
        Directory.CreateDirectory(folder, (UnixFileMode)0b111_101_101);
        using var fetch = Process.Start(
            new ProcessStartInfo(Path.Combine(RepositoryRoot.Path, "build/prefetch-packages.sh"), folder))!;
        fetch.WaitForExit();
        return fetch.ExitCode == 0
            ? folder
            : throw new InvalidOperationException("The templates' packages could not be fetched.");
    }
}
