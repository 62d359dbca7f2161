using System.Text;

namespace Portal.Providers.Local.Repositories;

/// <summary>
/// Lays out an empty bare repository as gitrepository-layout(5) tells: the same as <c>git init --bare</c>, without a
/// process.
/// </summary>
internal static class BareRepository
{
    private const string Config = """
        [core]
        	repositoryformatversion = 0
        	filemode = true
        	bare = true
        [fastimport]
        	unpackLimit = 1

        """;

    public static void Lay(string folder, string defaultBranch, string description)
    {
        foreach (var part in (string[])["objects/info", "objects/pack", "refs/heads", "refs/tags", "info"])
        {
            Directory.CreateDirectory(Path.Combine(folder, part));
        }
        File.WriteAllText(Path.Combine(folder, "config"), Config.ReplaceLineEndings("\n"), new UTF8Encoding(false));
        File.WriteAllText(
            Path.Combine(folder, "description"), description.ReplaceLineEndings(" ") + "\n", new UTF8Encoding(false));
        // Last: a folder is a repository as soon as it has a HEAD.
        File.WriteAllText(Path.Combine(folder, "HEAD"), $"ref: refs/heads/{defaultBranch}\n", new UTF8Encoding(false));
    }
}
