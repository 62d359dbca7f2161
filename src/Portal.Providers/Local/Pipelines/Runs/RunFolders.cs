using System.Security.Cryptography;
using System.Text;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Local.Pipelines.Runs;

/// <summary>
/// Where runs keep what. State lies below the provider's data folder; work lies where the job user can get to.
/// </summary>
internal sealed class RunFolders(string root, JobUser user)
{
    private const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly Lazy<string> work = new(() => FindWork(root, user));

    public string Runs => Path.Combine(root, "runs");

    public string Run(string id) => Path.Combine(Runs, id);

    public string State(string id) => Path.Combine(Run(id), "run.json");

    public string Log(string id) => Path.Combine(Run(id), "log");

    public string Artifacts(string id) => Path.Combine(Run(id), "artifacts");

    /// <summary>Of one run; gone when it is over.</summary>
    public string Work(string id) => Path.Combine(work.Value, id);

    public void DeleteWork(string id)
    {
        if (Directory.Exists(Work(id))) Directory.Delete(Work(id), recursive: true);
    }

    /// <summary>A folder that the job user can pass through, but neither list nor change.</summary>
    public static void MakePassable(string folder) => Directory.CreateDirectory(folder, Passable);

    /// <summary>An id comes from outside: only what we give out is looked for.</summary>
    public static bool IsId(string id) => id.Length == 32 && id.All(char.IsAsciiHexDigitLower);

    /// <summary>The data folder may lie in a home that nobody else can enter: then jobs work below /var/lib.</summary>
    private static string FindWork(string root, JobUser user)
    {
        Directory.CreateDirectory(root);
        var folder = Path.Combine(root, "work");
        if (!user.CanEnter(root))
        {
            var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)))[..12];
            MakePassable("/var/lib/portal-jobs");
            folder = $"/var/lib/portal-jobs/{name}";
        }

        MakePassable(folder);
        return folder;
    }
}
