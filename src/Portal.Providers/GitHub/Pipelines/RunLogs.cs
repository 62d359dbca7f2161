using System.Globalization;
using Microsoft.Extensions.Caching.Memory;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Api;

namespace Portal.Providers.GitHub.Pipelines;

/// <summary>
/// The log of a run as numbered lines. GitHub gives a job's log when the job is over, as one text: its lines come then,
/// job after job in the order in which they ended, so that no line changes its number. What was fetched is kept for the
/// next page.
/// </summary>
internal sealed class RunLogs(GitHubApi client, TimeProvider time) : IDisposable
{
    private const long Kept = 32L * 1024 * 1024;

    /// <summary>A log may come a little later than its job's end; after that there is none (any more).</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(2);

    private readonly MemoryCache logs = new(new MemoryCacheOptions { SizeLimit = Kept });

    public async Task<IReadOnlyList<HostLogLine>> ReadAsync(
        RunId run, long after, int limit, CancellationToken cancellation)
    {
        if (limit <= 0 || after < 0) return [];
        var (lines, number) = (new List<HostLogLine>(), 0L);
        foreach (var job in await EndedAsync(run, cancellation))
        {
            if (await LinesAsync(run.Repository, job, cancellation) is not { } text) break;
            if (number + text.Count <= after)
            {
                number += text.Count;
                continue;
            }
            foreach (var line in text)
            {
                number++;
                if (number > after) lines.Add(line with { Number = number });
                if (lines.Count == limit) return lines;
            }
        }
        return lines;
    }

    public void Dispose() => logs.Dispose();

    private async Task<IEnumerable<JobBody>> EndedAsync(RunId run, CancellationToken cancellation)
    {
        try
        {
            var jobs = await client.JobsAsync(run.Repository, run.Number, cancellation);
            return jobs.Where(
                j => j is
                {
                    Status: RunStatuses.Completed, CompletedAt: not null, Conclusion: not "skipped",
                }).OrderBy(j => j.CompletedAt).ThenBy(j => j.Id);
        }
        catch (ProviderException none) when (none.Error.Kind == ErrorKind.NotFound)
        {
            return [];
        }
    }

    /// <returns>Null while the log is not there yet.</returns>
    private async Task<IReadOnlyList<HostLogLine>?> LinesAsync(
        RepositoryName name, JobBody job, CancellationToken cancellation)
    {
        if (logs.TryGetValue(job.Id, out IReadOnlyList<HostLogLine>? known)) return known;
        if (await TextAsync(name, job, cancellation) is not { } text)
        {
            return time.GetUtcNow() - job.CompletedAt > Late ? [] : null;
        }
        var lines = Parse(text, job);
        logs.Set(job.Id, lines, new MemoryCacheEntryOptions { Size = (text.Length * 2L) + (lines.Count * 64L) + 64 });
        return lines;
    }

    private async Task<string?> TextAsync(RepositoryName name, JobBody job, CancellationToken cancellation)
    {
        try
        {
            return await client.FindJobLogAsync(name, job.Id, cancellation);
        }
        catch (ProviderException large) when (large.Error.Kind == ErrorKind.TooLarge)
        {
            return $"The log of the job {job.Name} is too large to be shown here: see it on GitHub.";
        }
    }

    /// <summary>Each line begins with its moment: <c>2026-11-21T10:00:00.1234567Z text</c>.</summary>
    internal static IReadOnlyList<HostLogLine> Parse(string text, JobBody job)
    {
        var (lines, at) = (new List<HostLogLine>(), job.StartedAt ?? job.CompletedAt ?? default);
        foreach (var line in text.TrimStart('\uFEFF').TrimEnd('\n', '\r').Split('\n'))
        {
            var rest = line.TrimEnd('\r');
            var space = rest.IndexOf(' ', StringComparison.Ordinal);
            var moment = space < 0 ? rest : rest[..space];
            if (moment.Length is >= 20 and <= 35 && moment[4] == '-'
                && DateTimeOffset.TryParse(
                    moment, CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            {
                (at, rest) = (time, space < 0 ? "" : rest[(space + 1)..]);
            }
            lines.Add(new HostLogLine(0, at, job.Name, rest));
        }
        return lines is [{ Text: "" }] ? [] : lines;
    }
}
