using System.Formats.Tar;
using Portal.Core.Providers;
using Portal.Providers.Local.Pipelines.Files;
using Portal.Providers.Local.Pipelines.Jobs;

namespace Portal.Providers.Local.Pipelines.Actions;

/// <summary>
/// actions/upload-artifact. What is found is packed by the job in its sandbox, so that nothing gets in that the job
/// could not read itself, and unpacked by the portal into a folder that the job cannot reach.
/// </summary>
internal static class UploadArtifactAction
{
    private const int MaxFiles = 100_000;

    public static async Task<StepResult> RunAsync(StepContext context, CancellationToken cancellation)
    {
        var job = context.Job;
        var name = context.Input("name") ?? "artifact";
        if (!IsName(name))
        {
            return StepResult.Failed(
                $"'{name}' cannot be the name of an artifact: no \" : < > | * ? / \\ and line breaks, 1 to 100 "
                + "characters");
        }
        if (context.Input("path") is not { } path) return StepResult.Failed("the input 'path' is missing");

        List<WorkspaceFile> files;
        string top;
        try
        {
            // What points out of the workspace is refused before anything is looked at.
            var patterns = WorkspaceFiles.Parse(
                job.Folders.Workspace,
                path.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            var listed = await WorkspaceListing.ReadAsync(
                job, context.Flag("include-hidden-files"), context.Timeout, cancellation);
            files = WorkspaceFiles.Match(patterns, listed);
            top = ArtifactRoot.Of(patterns, files);
            await CheckLinksAsync(context, [.. files.Where(f => f.IsLink)], cancellation);
        }
        catch (PathOutsideException outside)
        {
            return StepResult.Failed(outside.Message);
        }

        if (files.Count == 0) return NothingFound(context, path);
        if (files.Count > MaxFiles) return StepResult.Failed($"the artifact has more than {MaxFiles} files");
        return await StoreAsync(context, name, files, top, cancellation);
    }

    private static async Task<StepResult> StoreAsync(
        StepContext context, string name, List<WorkspaceFile> files, string top, CancellationToken cancellation)
    {
        var job = context.Job;
        var folder = Path.Combine(job.Machine.Folders.Artifacts(job.Run.Id), name);
        if (Directory.Exists(folder) && !context.Flag("overwrite"))
        {
            return StepResult.Failed(
                $"there is an artifact '{name}' of this run already; give it another name, or set overwrite: true");
        }

        // The job packs what it can read, and the portal unpacks what it says: a stream, no file that the job could
        // change meanwhile.
        var list = await job.Folders.WriteListAsync(files.Select(
            f => top.Length == 0 ? f.Path : f.Path[(top.Length + 1)..]), cancellation);
        var part = folder + ".part";
        var limit = ((long)job.Machine.Options.MaxArtifactsMiB << 20) - job.Run.ArtifactBytes;
        if (Directory.Exists(part)) Directory.Delete(part, true);
        var (size, count) = (0L, 0);
        var exit = await job.ReadAsync(
            [
                "sh", "-c",
                "exec tar --create --dereference --hard-dereference --null --verbatim-files-from --no-recursion --file "
                + "- --files-from \"$0\" 2>/dev/null",
                list],
            Path.Combine(job.Folders.Workspace, top), async stream =>
            {
                (size, count) = await UnpackAsync(stream, part, limit, cancellation);
                await stream.CopyToAsync(Stream.Null, cancellation);
            }, context.Timeout, cancellation);
        File.Delete(list);
        if (exit.End != Processes.ProcessEnd.Exited || job.Exceeded is not null)
        {
            return Discard(part, context.ResultOf(exit, null));
        }
        if (!exit.Succeeded && size <= limit) return Discard(part, StepResult.Failed("the files could not be read"));
        if (size > limit)
        {
            return Discard(
                part,
                StepResult.Failed(
                    $"the artifacts of this run are larger than {job.Machine.Options.MaxArtifactsMiB} MiB"));
        }

        if (Directory.Exists(folder)) Directory.Delete(folder, true);
        Directory.Move(part, folder);
        job.Run.AddArtifact(new ArtifactInfo(name, size, count));
        context.Outputs["artifact-id"] = name;
        context.Log($"Artifact {name}: {count} files, {size} bytes");
        return StepResult.Passed;
    }

    private static StepResult Discard(string part, StepResult result)
    {
        if (Directory.Exists(part)) Directory.Delete(part, true);
        return result;
    }

    private static async Task<(long Size, int Files)> UnpackAsync(
        Stream stream, string folder, long limit, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var (size, count) = (0L, 0);
        await using var tar = new TarReader(stream, leaveOpen: true);
        while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            // With dereferencing, and from a list without folders, only files are left.
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)) continue;
            var target = Inside(folder, entry.Name);
            size += entry.Length;
            if (size > limit || count >= MaxFiles) return (size, count);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await using (var file = new FileStream(target, FileMode.CreateNew))
            {
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
        return target.StartsWith(folder + "/", StringComparison.Ordinal)
            ? target : throw new InvalidDataException($"'{name}' leads out of the artifact.");
    }

    private static async Task CheckLinksAsync(
        StepContext context, IReadOnlyList<WorkspaceFile> links, CancellationToken cancellation)
    {
        if (links.Count == 0) return;
        var job = context.Job;
        var list = await job.Folders.WriteListAsync(links.Select(l => l.Path), cancellation);
        var targets = new List<string>();
        await job.ReadAsync(
            [
                "sh", "-c", "exec xargs -0 -a \"$0\" realpath -z -m -- 2>/dev/null",
                list], job.Folders.Workspace, async stream =>
            {
                await foreach (var line in NulLines.ReadAsync(stream))
                {
                    targets.Add(System.Text.Encoding.UTF8.GetString(line));
                }
            }, context.Timeout, cancellation);
        File.Delete(list);
        for (var i = 0; i < links.Count; i++)
        {
            if (i >= targets.Count || !targets[i].StartsWith(job.Folders.Workspace + "/", StringComparison.Ordinal))
            {
                throw new PathOutsideException($"{links[i].Path} (a symbolic link)");
            }
        }
    }

    private static StepResult NothingFound(StepContext context, string path)
    {
        var paths = path.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var message = $"no files were found with the path {string.Join(", ", paths)}";
        switch (context.Input("if-no-files-found"))
        {
            case "error": return StepResult.Failed(message);
            case "ignore": break;
            default: context.Log($"##[warning]{message}"); break;
        }

        return StepResult.Passed;
    }

    internal static bool IsName(string name) =>
        name.Length is > 0 and <= 100 && name is not ("." or "..") && !name.EndsWith(".part", StringComparison.Ordinal)
            && name.IndexOfAny([.. "\":<>|*?\r\n\\/\0"]) < 0;
}
