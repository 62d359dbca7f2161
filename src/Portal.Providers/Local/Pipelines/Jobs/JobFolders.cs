using Portal.Providers.Local.Pipelines.Runs;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>The folders of one job. Those that the job may write to lie in one that it may not.</summary>
internal sealed class JobFolders
{
    private readonly JobUser user;
    private int steps;

    public JobFolders(string root, string repository, JobUser user)
    {
        (Root, this.user) = (root, user);
        RunFolders.MakePassable(root);
        Workspace = Path.Combine(root, "work", repository);
        RunFolders.MakePassable(Path.Combine(root, "work"));
        foreach (var folder in (string[])[Workspace, Home, Temp, Tools]) user.MakePrivateFolder(folder);
        RunFolders.MakePassable(Commands);
        File.WriteAllText(EventFile, "{}");
    }

    public string Root { get; }

    public string Workspace { get; }

    public string Home => Path.Combine(Root, "home");

    public string Temp => Path.Combine(Root, "temp");

    public string Tools => Path.Combine(Root, "tools");

    public string EventFile => Path.Combine(Root, "event.json");

    /// <summary>Of the portal's own, for what is being made for the job.</summary>
    public string Staging(string name) => Path.Combine(Root, $"staging-{name}-{steps}");

    private string Commands => Path.Combine(Root, "commands");

    public CommandFiles NextCommandFiles() => new(Path.Combine(Commands, $"{++steps}"), user);

    public string WriteScript(string text, string extension)
    {
        var path = Path.Combine(Commands, $"script-{steps}{extension}");
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return path;
    }
}
