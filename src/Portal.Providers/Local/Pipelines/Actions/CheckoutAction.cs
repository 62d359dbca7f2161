using System.Globalization;
using System.Text;
using Portal.Core.Providers;
using Portal.Providers.Local.Pipelines.Files;
using Portal.Providers.Local.Pipelines.Jobs;
using Portal.Providers.Local.Repositories;

namespace Portal.Providers.Local.Pipelines.Actions;

/// <summary>
/// actions/checkout. The portal copies the repository's objects into a folder that the job has never touched (git run
/// by the portal in a folder of a job would run the job's hooks), and gives it to the job, which unpacks the files
/// itself: whatever their names, number and size are, it is behind the job's walls.
/// </summary>
internal static class CheckoutAction
{
    /// <summary>Up to here copying the whole history is quicker than asking git for a part of it.</summary>
    private const long CopyBytes = 64L << 20;

    public static async Task<StepResult> RunAsync(StepContext context, CancellationToken cancellation)
    {
        var (job, info) = (context.Job, context.Job.Info);
        if (context.Input("repository") is { } other
            && !other.Equals(info.Repository.ToString(), StringComparison.OrdinalIgnoreCase))
        {
            return StepResult.Unavailable($"actions/checkout of another repository ({other})");
        }

        var path = WorkspaceFiles.Normalise(job.Folders.Workspace, context.Input("path") ?? ".");
        var (commit, reference) = await ResolveAsync(context, cancellation);
        if (commit is null) return StepResult.Failed($"there is no '{reference}' in {info.Repository}");

        var staging = job.Folders.Staging("checkout");
        Directory.CreateDirectory(staging, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var depth = int.TryParse(
            context.Input("fetch-depth"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : 1;
        await CloneAsync(job.Repository, staging, commit, reference, depth, cancellation);
        job.Machine.Sandbox.User.OwnTree(staging);
        if (await PlaceAsync(context, staging, path, commit, cancellation) is { } failed) return failed;
        context.Outputs["commit"] = commit;
        context.Outputs["ref"] = reference;
        context.Log($"Checked out {commit} ({Short(reference)})");
        if (context.Input("submodules") is { } modules && modules != "false")
        {
            context.Log("##[warning]submodules are not fetched locally");
        }
        if (context.Flag("lfs")) context.Log("##[warning]files of Git LFS are not fetched locally");
        return StepResult.Passed;
    }

    private static async Task<(string? Commit, string Reference)> ResolveAsync(
        StepContext context, CancellationToken cancellation)
    {
        var stored = context.Job.Stored;
        if (context.Input("ref") is not { } asked || asked == stored.Reference || asked == Short(stored.Reference))
        {
            return (stored.Info.Commit, stored.Reference);
        }
        foreach (var name in (string[])[$"refs/heads/{asked}", $"refs/tags/{asked}", asked])
        {
            if (await LocalReferences.FindCommitAsync(context.Job.Repository, name, cancellation) is { } commit)
            {
                return (commit, name);
            }
        }

        return (null, asked);
    }

    private static async Task CloneAsync(
        string repository, string staging, string commit, string reference, int depth, CancellationToken cancellation)
    {
        var git = Path.Combine(staging, ".git");
        Directory.CreateDirectory(Path.Combine(git, "objects", "pack"));
        Directory.CreateDirectory(Path.Combine(git, "refs", "tags"));
        await File.WriteAllTextAsync(
            Path.Combine(git, "config"), "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n",
            cancellation);
        var branch = reference.StartsWith("refs/heads/", StringComparison.Ordinal) ? Short(reference) : null;
        WriteReference(git, branch is null ? null : $"refs/remotes/origin/{branch}", commit);
        WriteReference(git, branch is null ? null : $"refs/heads/{branch}", commit);
        await File.WriteAllTextAsync(
            Path.Combine(git, "HEAD"), branch is null ? commit + "\n" : $"ref: refs/heads/{branch}\n", cancellation);

        var objects = new DirectoryInfo(Path.Combine(repository, "objects"));
        var files = objects.EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(f => !f.Name.StartsWith("tmp_", StringComparison.Ordinal)).ToList();
        if (depth == 0 || files.Sum(f => f.Length) <= CopyBytes)
        {
            foreach (var file in files)
            {
                var target = Path.Combine(git, "objects", Path.GetRelativePath(objects.FullName, file.FullName));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                file.CopyTo(target);
            }

            if (depth == 0) await CopyReferencesAsync(repository, git, cancellation);
        }
        else
        {
            await GitAsync(
                git, staging, ["fetch", "--quiet", "--no-tags", $"--depth={depth}", $"file://{repository}", commit],
                cancellation);
        }
    }

    private static void WriteReference(string git, string? name, string commit)
    {
        if (name is null) return;
        var path = Path.Combine(git, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, commit + "\n");
    }

    private static async Task CopyReferencesAsync(string repository, string git, CancellationToken cancellation)
    {
        var all = await GitCommand.RunAsync(
            repository, ["for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/tags"], null,
            cancellation);
        foreach (var line in Encoding.UTF8.GetString(all).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (sha, name) = (line[..40], line[41..]);
            WriteReference(
                git,
                name.StartsWith("refs/heads/", StringComparison.Ordinal) ? $"refs/remotes/origin/{Short(name)}" : name,
                sha);
        }
    }

    private static Task GitAsync(string git, string workTree, string[] arguments, CancellationToken cancellation) =>
        GitCommand.RunAsync(
            git, [
                "-c", "core.bare=false", "-c", "protocol.file.allow=always", "-c", "safe.directory=*",
                $"--work-tree={workTree}", .. arguments], null, cancellation,
            TimeSpan.FromMinutes(10));

    /// <summary>Null when it went well.</summary>
    private static async Task<StepResult?> PlaceAsync(
        StepContext context, string staging, string path, string commit, CancellationToken cancellation)
    {
        const string unpack = "git -c core.hooksPath=/dev/null -C \"$1\" reset --hard --quiet \"$2\"";
        var workspace = context.Job.Folders.Workspace;
        var whole = path == "**";
        var target = whole ? workspace : Path.Combine(workspace, path);
        var script = $"mkdir -p \"$1\" && find \"$1\" -mindepth 1 -maxdepth 1 -exec rm -rf {{}} + && cp -R "
            + $"--preserve=mode,links \"$0/.\" \"$1/\" && {unpack}";
        if (whole && !Directory.EnumerateFileSystemEntries(workspace).Any())
        {
            Directory.Delete(workspace);
            Directory.Move(staging, workspace);
            script = unpack;
        }

        // GitHub empties the folder first, too.
        var exit = await context.RunAsync(
            ["sh", "-c", script, staging, target, commit], null, cancellation, context.Job.Folders.Home);
        if (exit.End != Processes.ProcessEnd.Exited || context.Job.Exceeded is not null)
        {
            return context.ResultOf(exit, null);
        }
        return exit.Succeeded ? null : StepResult.Failed($"the checkout could not be placed in '{path}'");
    }

    private static string Short(string reference) =>
        reference.StartsWith("refs/heads/", StringComparison.Ordinal)
            || reference.StartsWith("refs/tags/", StringComparison.Ordinal)
            ? reference[(reference.IndexOf('/', 5) + 1)..]
            : reference;
}
