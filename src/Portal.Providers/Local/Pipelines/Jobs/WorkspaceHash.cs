using System.Security.Cryptography;
using System.Text;
using Portal.Providers.Local.Pipelines.Expressions;
using Portal.Providers.Local.Pipelines.Files;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>
/// hashFiles(): SHA-256 over the SHA-256 of each matching file of the workspace; empty when none matches. The job
/// itself looks and reads: so it can reach nothing that it could not reach anyway, and what never ends (a pipe, an
/// endless file) ends with its time.
/// </summary>
internal static class WorkspaceHash
{
    /// <summary>GitHub's own limit.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Expressions are evaluated in one go, so this waits. A machine runs few jobs at a time.</summary>
    public static string Of(JobContext job, IReadOnlyList<string> patterns) =>
        Task.Run(() => OfAsync(job, patterns)).GetAwaiter().GetResult();

    private static async Task<string> OfAsync(JobContext job, IReadOnlyList<string> patterns)
    {
        var parsed = WorkspaceFiles.Parse(job.Folders.Workspace, patterns);
        var listed = await WorkspaceListing.ReadAsync(job, hidden: true, Patience, job.Cancellation);
        var files = WorkspaceFiles.Match(parsed, listed).Where(f => !f.IsLink).ToList();
        if (files.Count == 0) return "";
        var list = await job.Folders.WriteListAsync(files.Select(f => f.Path), job.Cancellation);
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var hashed = 0;
        var exit = await job.ReadAsync(
            [
                "sh", "-c", "exec xargs -0 -a \"$0\" sha256sum -z -- 2>/dev/null",
                list], job.Folders.Workspace, async stream =>
            {
                // A line is the hash, two blanks, the name.
                await foreach (var line in NulLines.ReadAsync(stream))
                {
                    all.AppendData(Convert.FromHexString(
                        Encoding.ASCII.GetString(line.AsSpan(line[0] == (byte)'\\' ? 1 : 0, 64))));
                    hashed++;
                }
            }, Patience, job.Cancellation);
        File.Delete(list);
        if (!exit.Succeeded || hashed != files.Count)
        {
            throw new ExpressionException(
                job.Exceeded is { } why ? $"hashFiles() was ended: {why}" : exit.End == Processes.ProcessEnd.TimedOut

                        ? $"hashFiles() took longer than {Patience.TotalMinutes:0} minutes and was ended"
                        : "hashFiles() could not read all files");
        }
        return Convert.ToHexStringLower(all.GetHashAndReset());
    }
}
