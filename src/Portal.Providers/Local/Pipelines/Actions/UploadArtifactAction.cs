using System.Formats.Tar;
using Portal.Core.Providers;
using Portal.Providers.Local.Pipelines.Files;
using Portal.Providers.Local.Pipelines.Jobs;

namespace Portal.Providers.Local.Pipelines.Actions;

/// <summary>
/// actions/upload-artifact. What is found is packed by the job's own user, so that nothing gets in that the job could not read itself, and
/// unpacked by the portal into a folder that the job cannot write to.
/// </summary>
internal static class UploadArtifactAction
{
    private const int MaxFiles = 100_000;

    public static async Task<StepResult> RunAsync(StepContext context, CancellationToken cancellation)
    {
        var job = context.Job;
        var name = context.Input("name") ?? "artifact";
        if (!IsName(name)) return StepResult.Failed($"'{name}' cannot be the name of an artifact: no \" : < > | * ? / \\ and line breaks, 1 to 100 characters");
        if (context.Input("path") is not { } path) return StepResult.Failed("the input 'path' is missing");

        List<WorkspaceFile> files;
        string top;
        try
        {
            var patterns = path.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            files = WorkspaceFiles.Match(job.Folders.Workspace, patterns, context.Flag("include-hidden-files"));
            top = ArtifactRoot.Of(job.Folders.Workspace, patterns, files);
            foreach (var link in files.Where(f => f.IsLink)) CheckLink(job.Folders.Workspace, link);
        }
        catch (PathOutsideException outside)
        {
            return StepResult.Failed(outside.Message);
        }

        if (files.Count == 0) return NothingFound(context, path);
        if (files.Count > MaxFiles) return StepResult.Failed($"the artifact has more than {MaxFiles} files");
        return await StoreAsync(context, name, files, top, cancellation);
    }

    private static async Task<StepResult> StoreAsync(StepContext context, string name, List<WorkspaceFile> files, string top, CancellationToken cancellation)
    {
        var job = context.Job;
        var folder = Path.Combine(job.Machine.Folders.Artifacts(job.Run.Id), name);
        if (Directory.Exists(folder) && !context.Flag("overwrite")) return StepResult.Failed($"there is an artifact '{name}' of this run already; give it another name, or set overwrite: true");

        // The list is read-only to the job, the archive is its own.
        var list = job.Folders.Staging("artifact") + ".list";
        var archive = Path.Combine(job.Folders.Home, $".artifact-{Guid.NewGuid():N}.tar");
        await File.WriteAllTextAsync(list, string.Join('\0', files.Select(f => top.Length == 0 ? f.Path : f.Path[(top.Length + 1)..])) + "\0", cancellation);
        var exit = await context.RunAsync(
            ["tar", "--create", "--dereference", "--null", "--verbatim-files-from", "--no-recursion", "--file", archive, "--files-from", list], null, cancellation,
            Path.Combine(job.Folders.Workspace, top));
        if (exit.End != Processes.ProcessEnd.Exited) return context.ResultOf(exit, null);
        if (!exit.Succeeded) return StepResult.Failed("the files could not be read");

        var part = folder + ".part";
        var limit = ((long)job.Machine.Options.MaxArtifactsMiB << 20) - job.Run.ArtifactBytes;
        if (Directory.Exists(part)) Directory.Delete(part, true);
        var (size, count) = await UnpackAsync(archive, part, limit, cancellation);
        if (size > limit)
        {
            Directory.Delete(part, true);
            return StepResult.Failed($"the artifacts of this run are larger than {job.Machine.Options.MaxArtifactsMiB} MiB");
        }

        if (Directory.Exists(folder)) Directory.Delete(folder, true);
        Directory.Move(part, folder);
        File.Delete(archive);
        job.Run.AddArtifact(new ArtifactInfo(name, size, count));
        context.Outputs["artifact-id"] = name;
        context.Log($"Artifact {name}: {count} files, {size} bytes");
        return StepResult.Passed;
    }

    private static async Task<(long Size, int Files)> UnpackAsync(string archive, string folder, long limit, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var (size, count) = (0L, 0);
        await using var stream = new FileStream(archive, FileMode.Open, FileAccess.Read);
        await using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            // With dereferencing, and from a list without folders, only files are left; a second name of the same file is a hard link.
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.HardLink)) continue;
            var target = Inside(folder, entry.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (entry.EntryType == TarEntryType.HardLink)
            {
                File.Copy(Inside(folder, entry.LinkName), target);
                size += new FileInfo(target).Length;
            }
            else
            {
                size += entry.Length;
                if (size > limit) return (size, count);
                await using var file = new FileStream(target, FileMode.CreateNew);
                if (entry.DataStream is { } data) await data.CopyToAsync(file, cancellation);
            }

            var executable = entry.Mode.HasFlag(UnixFileMode.UserExecute);
            File.SetUnixFileMode(target, (UnixFileMode)(executable ? 0b111_101_101 : 0b110_100_100));
            count++;
        }

        return (size, count);
    }

    private static string Inside(string folder, string name)
    {
        var target = Path.GetFullPath(Path.Combine(folder, name));
        return target.StartsWith(folder + "/", StringComparison.Ordinal) ? target : throw new InvalidDataException($"'{name}' leads out of the artifact.");
    }

    private static void CheckLink(string workspace, WorkspaceFile link)
    {
        var target = File.ResolveLinkTarget(link.FullPath, returnFinalTarget: true)?.FullName;
        if (target is null || !Path.GetFullPath(target).StartsWith(workspace + "/", StringComparison.Ordinal)) throw new PathOutsideException($"{link.Path} (a symbolic link)");
    }

    private static StepResult NothingFound(StepContext context, string path)
    {
        var message = $"no files were found with the path {string.Join(", ", path.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))}";
        switch (context.Input("if-no-files-found"))
        {
            case "error": return StepResult.Failed(message);
            case "ignore": break;
            default: context.Log($"##[warning]{message}"); break;
        }

        return StepResult.Passed;
    }

    internal static bool IsName(string name) =>
        name.Length is > 0 and <= 100 && name is not ("." or "..") && !name.EndsWith(".part", StringComparison.Ordinal) && name.IndexOfAny([.. "\":<>|*?\r\n\\/\0"]) < 0;
}
