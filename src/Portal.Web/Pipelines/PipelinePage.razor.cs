using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Portal.Core.Catalog;
using Portal.Core.Delivery;
using Portal.Core.Delivery.Reports;
using Portal.Core.Entities;
using Portal.Core.Providers;
using Portal.Web.Controls;
using Portal.Web.GoldenPaths;
using Portal.Web.Repositories;
using Portal.Web.Shared;

namespace Portal.Web.Pipelines;

/// <summary>One pipeline run: its jobs and steps, its log as it is written, and what it kept.</summary>
public sealed partial class PipelinePage
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Under its step; the whole log has the rest.</summary>
    private const int MostOfAStep = 1_000;

    private readonly List<(HostLogLine Line, LogLine Shown)> heard = [];
    private readonly Dictionary<string, List<LogLine>> stepLogs = new(StringComparer.Ordinal);
    private PipelineReport? report;
    private SourceAt source = SourceAt.Unknown;
    private int grouped;
    private bool downloads;
    private PipelineRunInfo? info;
    private CatalogEntity? service;
    private LiveLog log = null!;
    private string? failure, runsAs, shownData, provider;
    private bool mayChange, isSample, cancelling, rerunning, following;

    [Parameter] public required string Id { get; set; }
    [Inject] private PlanLimits Limits { get; set; } = default!;
    [Inject] private ReadPipelines Pipelines { get; set; } = default!;
    [Inject] private ReadPipelineReport Reports { get; set; } = default!;
    [Inject] private ReadArtifacts Artifacts { get; set; } = default!;
    [Inject] private SourceLinks Sources { get; set; } = default!;
    [Inject] private ReadCatalog Catalog { get; set; } = default!;
    [Inject] private ProviderRegistry Providers { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [Inject] private TimeProvider Time { get; set; } = default!;

    private List<Crumb> Crumbs => service is null
        ? [new("Catalog", PortalUrls.Catalog)]
        : [new("Catalog", PortalUrls.Catalog), new(service.Title ?? service.Name, PortalUrls.Entity(service.Ref))];

    protected override async Task LoadAsync()
    {
        log = NewLog();
        heard.Clear();
        (report, grouped) = (null, 0);
        if (OrProblem(await Pipelines.FindAsync(Id, Me, Closing)) is not { } run) return;
        info = run.Info;
        isSample = run.IsSample;
        mayChange = !isSample && await Pipelines.MayChangeAsync(run, Me, Closing);
        service = await Catalog.FindByRepositoryAsync(run.RepositoryId, Me, Closing);
        provider = run.Provider;
        source = Sources.At(run.Provider, info.Repository, info.Commit);
        downloads = Artifacts.CanRead(run.Provider);
        runsAs = Providers.Find<IPipelineHost>(run.Provider)?.RunsAs;
        await log.ReadOnAsync(Closing);
        await ReadReportAsync();
        if (RendererInfo.IsInteractive) Follow();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) Follow();
    }

    private LiveLog NewLog() => new(
        (after, limit, cancellation) => Pipelines.LogAsync(Id, after, limit, Me, cancellation), headings: true, Time,
        (line, shown) => heard.Add((line, shown)));

    /// <summary>When it is over: why it failed, and each line under its step.</summary>
    private async Task ReadReportAsync()
    {
        if (info is not { IsFinished: true } || log.Problem == LiveLog.Slow) return;
        if (report is null or { IsWhole: false })
        {
            report = (await Reports.FindAsync(Id, Me, Closing)).TryGet(out var read, out _) ? read : null;
        }
        if (grouped == heard.Count && grouped > 0) return;
        grouped = heard.Count;
        stepLogs.Clear();
        foreach (var (line, shown) in heard)
        {
            if (KeyOf(line) is not { } key) continue;
            if (!stepLogs.TryGetValue(key, out var lines)) stepLogs[key] = lines = [];
            if (lines.Count < MostOfAStep) lines.Add(shown);
            else if (lines.Count == MostOfAStep)
            {
                lines.Add(new LogLine("The rest is in the whole log.", LogLevelKind.Heading, line.At));
            }
        }
    }

    private string? KeyOf(HostLogLine line)
    {
        foreach (var job in info!.Jobs)
        {
            foreach (var (i, step) in job.Steps.Index())
            {
                if (StepOfLine.Is(job, step, line.Source, line.At)) return $"{job.Id}-{i}";
            }
        }
        return null;
    }

    /// <summary>Looks until the run is over; again once it has been run again.</summary>
    private void Follow()
    {
        if (following) return;
        following = true;
        _ = KeepLookingAsync(Time, Period, LookAsync);
    }

    private async Task<bool> LookAsync()
    {
        if (info is null) return true;
        var now = await Pipelines.FindAsync(Id, Me, Closing);
        var wrote = await log.ReadOnAsync(Closing);
        var changed = now.IsOk && now.Value.Data != shownData;
        if (now.IsOk) (info, shownData) = (now.Value.Info, now.Value.Data);
        if (wrote || changed)
        {
            await ReadReportAsync();
            StateHasChanged();
        }
        // The log's last lines may come a moment after the end.
        return following = !info.IsFinished || wrote;
    }

    private async Task CancelAsync()
    {
        (cancelling, failure) = (true, null);
        failure = (await Pipelines.CancelAsync(Id, Me, Closing)).Error?.Message;
        cancelling = false;
        if (await Pipelines.FindAsync(Id, Me, Closing) is { IsOk: true } now) info = now.Value.Info;
    }

    /// <summary>Some hosts go on with the same run, others make a new one, which has a page of its own.</summary>
    private async Task RerunAsync()
    {
        (rerunning, failure) = (true, null);
        var again = await Limits.CountAsync(Me, () => Pipelines.RerunAsync(Id, Me, Closing));
        rerunning = false;
        if (!again.TryGet(out var id, out var error))
        {
            failure = error.Message;
            return;
        }
        if (id != Id)
        {
            Navigation.NavigateTo(PortalUrls.Pipeline(id));
            return;
        }
        await LoadAsync();
    }

    private static string Cause(PipelineTrigger trigger) => trigger switch
    {
        PipelineTrigger.Push => "by a push",
        PipelineTrigger.PullRequest => "by a pull request",
        PipelineTrigger.Schedule => "by its schedule",
        PipelineTrigger.Manual => "on demand",
        _ => "by an event of its host",
    };

    /// <summary>Folded with their logs when it is over; the one that failed is open.</summary>
    private List<TimelineItem> Steps(PipelineJobInfo job) =>
        [.. job.Steps.Select((s, i) => new TimelineItem(
            $"{job.Id}-{i}", NameOf(s), Status.Of(s.Status), s.StartedAt, s.FinishedAt, s.Note,
            LogOf($"{job.Id}-{i}", NameOf(s)), s.Status == PipelineStatus.Failed))];

    private RenderFragment? LogOf(string step, string name)
    {
        if (!info!.IsFinished || !stepLogs.TryGetValue(step, out var lines)) return null;
        return builder =>
        {
            builder.OpenComponent<LogView>(0);
            builder.AddComponentParameter(1, nameof(LogView.Lines), lines);
            builder.AddComponentParameter(2, nameof(LogView.Label), $"Log of {name}");
            builder.CloseComponent();
        };
    }

    private static string NameOf(PipelineStepInfo step) => ShortCommits().Replace(step.Name, "@$1");

    /// <summary>Actions pinned by commit have names that nobody can read whole.</summary>
    [GeneratedRegex("@([0-9a-f]{7})[0-9a-f]{33}")]
    private static partial Regex ShortCommits();
}
