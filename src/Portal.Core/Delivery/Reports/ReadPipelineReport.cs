using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Delivery.Reports;

/// <summary>
/// Why a finished pipeline run failed, from its log and the reports of tests that it kept. Whoever may read the run may
/// read that. Both are what a job wrote: reading has an end in size, time and number at once.
/// </summary>
public sealed class ReadPipelineReport(
    ReadPipelines pipelines, ProviderRegistry providers, TimeProvider time, ILogger<ReadPipelineReport> log)
    : IDisposable
{
    internal const int MostLines = 100_000;

    private const int LinesAtOnce = 5_000;
    private const int MostFiles = 200;
    private const long MostBytes = 30L << 20;
    private const int Kept = 64;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string Provider, string Id, int Attempt), PipelineReport> known = new();
    private readonly SemaphoreSlim atOnce = new(2, 2);

    /// <summary>Of a run that is not over there is none yet.</summary>
    public async Task<Result<PipelineReport>> FindAsync(string id, Actor actor, CancellationToken cancellation)
    {
        if (!(await pipelines.FindAsync(id, actor, cancellation)).TryGet(out var run, out var refused)) return refused;
        var info = run.Info;
        if (!info.IsFinished) return PipelineReport.None;
        var key = (run.Provider, run.Id, info.Attempt);
        if (known.TryGetValue(key, out var read)) return read;
        await atOnce.WaitAsync(cancellation);
        try
        {
            if (known.TryGetValue(key, out read)) return read;
            var report = await ReadAsync(run, info, actor, cancellation);
            if (known.Count >= Kept) known.Clear();
            // What a host did not answer is asked for again.
            return report.IsWhole ? known[key] = report : report;
        }
        finally
        {
            atOnce.Release();
        }
    }

    public void Dispose() => atOnce.Dispose();

    private async Task<PipelineReport> ReadAsync(
        PipelineRun run, PipelineRunInfo info, Actor actor, CancellationToken cancellation)
    {
        var paths = new RepositoryPaths(info.Repository.Name);
        var (findings, tests) = (new LogFindings(paths), new TestResultsReader(paths));
        using var limit = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var isWhole = true;
        try
        {
            isWhole = await ReadLogAsync(run.Id, findings, actor, either.Token);
            isWhole &= await ReadTestsAsync(run, info, tests, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            isWhole = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ProviderException)
        {
            log.LogWarning("The report of pipeline run {Id} cannot be read: {Reason}", run.Id, e.Message);
            isWhole = false;
        }
        var report = tests.HasRead ? tests.Report : null;
        return new PipelineReport(
            FirstError.Of(info, findings.All, report), findings.All, findings.Left, report, isWhole);
    }

    /// <returns>False when there is more.</returns>
    private async Task<bool> ReadLogAsync(
        string id, LogFindings findings, Actor actor, CancellationToken cancellation)
    {
        long last = 0;
        for (var read = 0; read < MostLines;)
        {
            var next = await pipelines.LogAsync(id, last, LinesAtOnce, actor, cancellation);
            if (!next.IsOk) return false;
            foreach (var line in next.Value)
            {
                cancellation.ThrowIfCancellationRequested();
                findings.Read(line);
            }
            if (next.Value.Count < LinesAtOnce) return true;
            (last, read) = (next.Value[^1].Number, read + next.Value.Count);
        }
        return false;
    }

    private async Task<bool> ReadTestsAsync(
        PipelineRun run, PipelineRunInfo info, TestResultsReader tests, CancellationToken cancellation)
    {
        if (providers.Find<IPipelineArtifacts>(run.Provider) is not { } host) return true;
        var (files, bytes) = (0, 0L);
        foreach (var artifact in info.Artifacts)
        {
            // What an environment runs is larger than what is looked through, and no report is among it.
            var listed = await host.FilesAsync(run.Id, artifact.Name, MostFiles * 5, cancellation);
            foreach (var file in listed.Where(f => TestResultsReader.IsReport(f.Path)))
            {
                if (++files > MostFiles || bytes > MostBytes) return false;
                if (file.Size > TestResultsReader.LongestFile)
                {
                    tests.Trouble(file.Path, $"it is larger than {TestResultsReader.LongestFile >> 20} MiB");
                    continue;
                }
                bytes += file.Size;
                await using var stream = await host.OpenAsync(run.Id, artifact.Name, file.Path, cancellation);
                if (stream is not null) await tests.ReadAsync(file.Path, stream, cancellation);
            }
        }
        return true;
    }
}
