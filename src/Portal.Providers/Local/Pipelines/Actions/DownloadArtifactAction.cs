using Portal.Providers.Local.Pipelines.Files;
using Portal.Providers.Local.Pipelines.Jobs;

namespace Portal.Providers.Local.Pipelines.Actions;

/// <summary>
/// actions/download-artifact, from the same run. The job itself copies: artifacts are readable to it.
/// </summary>
internal static class DownloadArtifactAction
{
    public static async Task<StepResult> RunAsync(StepContext context, CancellationToken cancellation)
    {
        var job = context.Job;
        if (context.Input("run-id") is { } run && run != job.Run.Id)
        {
            return StepResult.Unavailable("actions/download-artifact of another run");
        }
        var all = job.Machine.Folders.Artifacts(job.Run.Id);
        var names = Directory.Exists(all)
            ? Directory.EnumerateDirectories(all).Select(d => Path.GetFileName(d)!).Where(UploadArtifactAction.IsName)
            .Order(StringComparer.Ordinal).ToList()
            : [];
        var single = context.Input("name");
        if (single is not null)
        {
            if (!names.Contains(single, StringComparer.Ordinal))
            {
                return StepResult.Failed(
                    $"there is no artifact '{single}' of this run; there are: "
                    + $"{(names.Count == 0 ? "none" : string.Join(", ", names))}");
            }
            names = [single];
        }
        else if (context.Input("pattern") is { } pattern)
        {
            var glob = WorkspaceFiles.GlobOf(pattern);
            names = [.. names.Where(n => glob.IsMatch(n))];
        }

        var target = Path.Combine(job.Folders.Workspace, context.Input("path") ?? "");
        foreach (var name in names)
        {
            var into = single is not null || context.Flag("merge-multiple") ? target : Path.Combine(target, name);
            var staged = Stage(context, Path.Combine(all, name), name);
            var exit = await context.RunAsync(
                ["sh", "-c", "mkdir -p \"$1\" && cp -R \"$0/.\" \"$1/\"", staged, into], null, cancellation,
                job.Folders.Home);
            if (!exit.Succeeded)
            {
                return StepResult.Failed($"the artifact '{name}' could not be copied to '{context.Input("path")}'");
            }
            context.Log($"Artifact {name} downloaded");
        }

        context.Outputs["download-path"] = target;
        return StepResult.Passed;
    }

    /// <summary>
    /// The portal's data may lie where the job cannot get to: a copy that belongs to the job can be read.
    /// </summary>
    private static string Stage(StepContext context, string from, string name)
    {
        var staging = context.Job.Folders.Staging($"download-{name}");
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(staging, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to, overwrite: true);
        }

        Directory.CreateDirectory(staging);
        context.Job.Machine.Sandbox.User.OwnTree(staging);
        return staging;
    }
}
