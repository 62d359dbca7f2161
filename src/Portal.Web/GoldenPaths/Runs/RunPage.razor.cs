using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Web.Controls;
using Portal.Web.Governance;
using Portal.Web.Shared;

namespace Portal.Web.GoldenPaths.Runs;

/// <summary>A run as it goes: its steps, its log, and at the end what is needed next. Follows by itself.</summary>
public sealed partial class RunPage
{
    /// <summary>However much is logged, the page is drawn at most this often.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(100);
    private const int AtOnce = 1_000;

    private static readonly Crumb[] Crumbs = [new("Create", PortalUrls.Create), new("Runs", PortalUrls.Runs)];
    private readonly List<RunEvent> events = [];
    private List<LogLine> lines = [];
    private CancellationTokenSource? following;
    private IReadOnlyList<TimelineItem> items = [];
    private RunOutput? output;
    private RunWait? wait;
    private RunView? view;
    private Error? error;
    private string? step;
    private Guid loaded;
    private ElementReference steps;
    private bool busy;

    [Parameter] public Guid Id { get; set; }

    [CascadingParameter] private HttpContext? Request { get; set; }
    [Inject] private ReadRuns Runs { get; set; } = null!;
    [Inject] private RunFeed Feed { get; set; } = null!;
    [Inject] private PlanLimits Limits { get; set; } = null!;
    [Inject] private CancelRun Cancel { get; set; } = null!;
    [Inject] private RetryRun Retry { get; set; } = null!;
    [Inject] private CurrentActor Current { get; set; } = null!;
    [Inject] private ChangeLinks Changes { get; set; } = null!;
    [Inject] private TimeProvider Time { get; set; } = null!;
    [Inject] private Toasts Toasts { get; set; } = null!;

    private Status Shown => Status.Of(view!.Run.Status);

    private long LastEvent => events.Count == 0 ? 0 : events[^1].Number;

    public async ValueTask DisposeAsync()
    {
        if (following is not null) await following.CancelAsync();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (loaded == Id) return;
        if (following is not null) await following.CancelAsync();
        (loaded, following, step) = (Id, null, null);
        events.Clear();
        lines = [];
        await ReloadAsync();
        Request.Answer(error);
        // What is there already stands in the first page that is sent, before any circuit.
        if (view is not null) Take(await Feed.ReadAsync(Id, 0, AtOnce, CancellationToken.None));
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (following is null && view is not null) Follow();
    }

    private void Follow()
    {
        following = new CancellationTokenSource();
        _ = FollowAsync(Id, following.Token);
    }

    private async Task FollowAsync(Guid run, CancellationToken cancellation)
    {
        try
        {
            await foreach (var batch in Feed.FollowAsync(run, LastEvent, cancellation))
            {
                await InvokeAsync(() =>
                {
                    Take(batch.Events);
                    if (batch.State is { } state)
                    {
                        Show(view! with { Run = state.Run, Steps = state.Steps, Changes = state.Changes });
                    }
                    StateHasChanged();
                });
                await Task.Delay(Breath, Time, cancellation);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The page is left, or shows another run; or the portal stops.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Shown by the error boundary around the page, which offers to try again.
            await DispatchExceptionAsync(e);
        }
    }

    private async Task ReloadAsync()
    {
        if ((await Runs.FindAsync(Id, await Current.GetAsync(), CancellationToken.None)).TryGet(
            out var found, out error)) Show(found);
        else view = null;
    }

    private void Show(RunView shown)
    {
        view = shown;
        wait = view.Run.Wait is { } waiting ? JsonSerializer.Deserialize<RunWait>(waiting, Json.Options) : null;
        items = [.. view.Steps.Select(
            s => new TimelineItem(s.StepId, s.Name, StatusOf(s), s.StartedAt, s.FinishedAt, s.Action))];
        output = view.Run.Output is { } json ? JsonSerializer.Deserialize<RunOutput>(json, Json.Options) : null;
    }

    /// <summary>
    /// What waits, and for what: a step of a run that waits does nothing meanwhile, one after a failure is not coming.
    /// </summary>
    private Status StatusOf(RunStep step) => wait is null
        ? view!.Run.IsOver && step.Status == StepStatus.Waiting ? Status.Off("Not reached") : Status.Of(step.Status)
        : step.Status == StepStatus.Running ? Status.Waiting("Waiting")
        : step.Status == StepStatus.Waiting ? Status.Waiting("Not yet") : Status.Of(step.Status);

    private void Take(IReadOnlyList<RunEvent> batch)
    {
        foreach (var e in batch.Where(e => e.Number > LastEvent))
        {
            events.Add(e);
            if (step is null || e.StepId == step) lines.Add(LineOf(e));
        }
    }

    /// <summary>The log of one step; of all when it was chosen already.</summary>
    private void Choose(string chosen)
    {
        step = step == chosen ? null : chosen;
        lines = [.. events.Where(e => step is null || e.StepId == step).Select(LineOf)];
    }

    private static LogLine LineOf(RunEvent e) => new(e.Message, e.Type switch
    {
        RunEventType.Error => LogLevelKind.Error,
        RunEventType.Warning => LogLevelKind.Warning,
        RunEventType.Status => LogLevelKind.Heading,
        _ => LogLevelKind.Normal,
    }, e.At);

    private async Task CancelAsync()
    {
        busy = true;
        if ((await Cancel.ExecuteAsync(Id, await Current.GetAsync(), CancellationToken.None)).Error is { } refused)
        {
            Toasts.Fail(refused);
        }
        await ReloadAsync();
        busy = false;
    }

    private async Task RetryAsync()
    {
        busy = true;
        var actor = await Current.GetAsync();
        if ((await Limits.CountAsync(
            actor,
            () => Retry.ExecuteAsync(Id, new RetryRunRequest(), actor, CancellationToken.None))).Error is { } refused)
        {
            Toasts.Fail(refused);
        }
        await GoOnAsync();
        busy = false;
    }

    /// <summary>A run that was over goes on: it is followed again.</summary>
    private async Task GoOnAsync()
    {
        if (following is not null) await following.CancelAsync();
        await ReloadAsync();
        Follow();
        await FocusStepsAsync();
    }

    /// <summary>The button that was pressed goes away: whoever uses the keyboard goes on where things happen.</summary>
    private Task FocusStepsAsync() => steps.FocusAsync(preventScroll: true).AsTask();
}
