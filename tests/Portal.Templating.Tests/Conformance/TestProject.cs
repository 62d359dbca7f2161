using System.Runtime.CompilerServices;

namespace Portal.Templating.Tests.Conformance;

/// <summary>Where the corpus and the npm package of these tests lie.</summary>
internal static class TestProject
{
    public static string Folder { get; } = Find(Source());

    private static string Source([CallerFilePath] string path = "") => path;

    // A deterministic build may have rewritten the source path; then the folder is above the binaries.
    private static string Find(string source)
    {
        for (var folder = Path.GetDirectoryName(source); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "package-lock.json"))) return folder;
        }

        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "package-lock.json"))
                && Directory.Exists(Path.Combine(folder, "corpus")))
            {
                return folder;
            }
        }

        throw new DirectoryNotFoundException("The folder of Portal.Templating.Tests was not found.");
    }
}
