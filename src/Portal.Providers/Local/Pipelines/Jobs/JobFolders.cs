using Portal.Providers.Local.Pipelines.Runs;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>
/// The folders of one job. Those that the job may write to are its own and lie in one that it may not: so it can
/// replace none of them, and what the portal lays beside them (scripts, the event, a checkout that is being made) can
/// only be read by it.
/// </summary>
internal sealed class JobFolders
{
    private readonly string repository;
    private int steps;

    public JobFolders(string root, string repository, JobUser user)
    {
        (Root, this.repository) = (root, repository);
        RunFolders.MakePassable(root);
        foreach (var folder in (string[])[Work, Workspace, Home, Temp, Tools, Answers]) user.MakePrivateFolder(folder);
        RunFolders.MakePassable(Commands);
        File.WriteAllText(EventFile, "{}");
    }

    public string Root { get; }

    public string Work => Path.Combine(Root, "work");

    public string Workspace => Path.Combine(Work, repository);

    public string Home => Path.Combine(Root, "home");

    public string Temp => Path.Combine(Root, "temp");

    public string Tools => Path.Combine(Root, "tools");

    public string EventFile => Path.Combine(Root, "event.json");

    /// <summary>Of the portal's own, for what is being made for the job, which can read it.</summary>
    public string Staging(string name) => Path.Combine(Root, $"staging-{name}-{steps}");

    private string Answers => Path.Combine(Root, "answers");

    private string Commands => Path.Combine(Root, "commands");

    /// <param name="packages">Of the shipped templates; the job may read it.</param>
    /// <param name="denied">What the job does not reach of the network outside; null for no network.</param>
    public SandboxSpec Sandbox(string tag, string? packages, int memoryMiB, IReadOnlyList<System.Net.IPNetwork>? denied)
    {
        var own = ((string[])[Work, Home, Temp, Tools, Answers]).Select(f => SandboxFolder.Own(f));
        // By both names, where it is a link: its settings name its files by one of them.
        string?[] names = packages is not null && Directory.Exists(packages)
            ? [packages, Directory.ResolveLinkTarget(packages, returnFinalTarget: true)?.FullName] : [];
        var shared = names.OfType<string>().Select(SandboxFolder.ReadOnly);
        return new SandboxSpec(
            tag, Home, Temp, [SandboxFolder.ReadOnly(Root), .. own, .. shared], memoryMiB, Denied: denied);
    }

    public CommandFiles NextCommandFiles() => new(Answers, $"{++steps}");

    public string WriteScript(string text, string extension)
    {
        var path = Path.Combine(Commands, $"script-{steps}{extension}");
        File.WriteAllText(path, text);
        File.SetUnixFileMode(
            path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return path;
    }

    /// <summary>A list of files for the job, each ended by a NUL.</summary>
    public async Task<string> WriteListAsync(IEnumerable<string> files, CancellationToken cancellation)
    {
        var path = Path.Combine(Commands, $"list-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(path, string.Concat(files.Select(f => f + "\0")), cancellation);
        File.SetUnixFileMode(
            path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return path;
    }
}
