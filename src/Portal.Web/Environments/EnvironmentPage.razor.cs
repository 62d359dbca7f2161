using Microsoft.AspNetCore.Components;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Web.Controls;
using Portal.Web.GoldenPaths;
using Portal.Web.Shared;

namespace Portal.Web.Environments;

/// <summary>One environment: what it is, what it says, and what its owners can do with it.</summary>
public sealed partial class EnvironmentPage
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);
    private EnvironmentView? view;
    private LiveLog log = null!;
    private ConfirmDialog? destroy, release;
    private string lifetime = LifetimeChoices.Find(null).Value;
    private string? doing, failure;

    /// <summary>Of what is being done.</summary>
    private Guid? run;

    [Parameter] public required string Id { get; set; }
    [Inject] private ReadEnvironments Environments { get; set; } = default!;
    [Inject] private ControlEnvironment Control { get; set; } = default!;
    [Inject] private RunFeed Feed { get; set; } = default!;
    [Inject] private PlanLimits Limits { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private TimeProvider Time { get; set; } = default!;
    [Inject] private ProviderRegistry Providers { get; set; } = default!;

    private string Title => $"{Titles.Of(view!.Environment.Component, "component")} {view.Environment.Name}";

    private bool MayChange => view is { MayChange: true, Environment.IsSample: false };

    private string ProviderWords =>
        view!.Environment.IsSample ? "none: sample data"
            : view.ProviderType is not { } type ? $"{view.Environment.Provider} (not set up any more)"
            : type.Equals(view.Environment.Provider, StringComparison.OrdinalIgnoreCase)
                ? type
                : $"{view.Environment.Provider} ({type})";

    private string? RunsAs => Providers.Find<IEnvironmentHost>(view!.Environment.Provider)?.RunsAs;

    /// <summary>Nothing that would end it sooner; an end, where it has none.</summary>
    private IReadOnlyList<LifetimeChoices.Choice> Choices => view!.Environment.ExpiresAt is { } end
        ? [.. LifetimeChoices.All.Where(c => c.Length is not { } length || Time.GetUtcNow() + length > end)]
        : [.. LifetimeChoices.All.Where(c => c.Length is not null)];

    private LifetimeChoices.Choice Chosen => Choices.FirstOrDefault(c => c.Value == lifetime) ?? Choices[0];

    private bool Busy => doing is not null || !RendererInfo.IsInteractive;

    protected override void OnInitialized() => log = new LiveLog(
        (after, limit, cancellation) => Environments.LogAsync(Id, after, limit, Me, cancellation), time: Time);

    protected override async Task LoadAsync()
    {
        view = OrProblem(await Environments.FindAsync(Id, Me, Closing));
        if (view is null) return;
        await Titles.LoadAsync([view.Environment.Component], "component");
        await log.ReadOnAsync(Closing);
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) _ = KeepLookingAsync(Time, Period, LookAsync);
    }

    /// <summary>What others do, and what the process writes, shows without a reload.</summary>
    private async Task<bool> LookAsync()
    {
        if (view is null || doing is not null) return true;
        var now = await Environments.FindAsync(Id, Me, Closing);
        var wrote = await log.ReadOnAsync(Closing);
        if (now.IsOk && !Same(now.Value, view)) (view, wrote) = (now.Value, true);
        if (wrote) StateHasChanged();
        return view.Environment.Status != EnvironmentStatus.Destroyed;
    }

    private static bool Same(EnvironmentView one, EnvironmentView other) => Shown(one).Equals(Shown(other));

    private static object Shown(EnvironmentView view)
    {
        var it = view.Environment;
        return (
            (it.Status, it.Url, it.Commit, it.Message, it.Restarts, it.ExpiresAt),
            (view.Deployments.Count, view.Deployments is [var newest, ..] ? newest.Status : (DeploymentStatus?)null),
            view.Runs is [var last, ..] ? (last.Id, last.Status) : ((Guid, RunStatus)?)null);
    }

    /// <summary>What the portal wanted done last and could not: it is tried again at that time.</summary>
    private (Run Run, DateTimeOffset Next)? Unfinished =>
        view!.Runs is [{ Failure: not null } last, ..] && PortalRuns.NextAt(last) is { } next ? (last, next) : null;

    private Task StopAsync() =>
        DoAsync(
            "stop", () => Control.ExecuteAsync(Id, OperationRequest.Stop, Me, Closing),
            "Stopped. It costs nothing while it does not run.");

    private Task StartAsync() =>
        DoAsync("start", () => Control.ExecuteAsync(Id, OperationRequest.Start, Me, Closing), "Started.");

    private Task ExtendAsync() => DoAsync(
        "extend",
        () => Control.ExecuteAsync(
            Id, OperationRequest.Extend(Chosen.Length, sooner: view!.Environment.ExpiresAt is null), Me, Closing),
        "Its end is moved.");

    private async Task DestroyAsync()
    {
        if (!await destroy!.ShowAsync()) return;
        Toasts.Done($"{Title} is destroyed.");
        Navigation.NavigateTo(PortalUrls.Environments);
    }

    private Task<string?> ConfirmDestroyAsync() =>
        RunAsync(() => Control.ExecuteAsync(
            Id, OperationRequest.Destroy(adoptedToo: view!.Environment.AdoptedFrom is not null), Me, Closing));

    private async Task ReleaseAsync()
    {
        if (!await release!.ShowAsync()) return;
        Toasts.Done($"{Title} is released.");
        Navigation.NavigateTo(PortalUrls.Environments);
    }

    private Task<string?> ConfirmReleaseAsync() =>
        RunAsync(() => Control.ExecuteAsync(Id, OperationRequest.Release, Me, Closing));

    private async Task DoAsync(string what, Func<Task<Result<Guid>>> start, string done)
    {
        (doing, failure) = (what, null);
        failure = await RunAsync(start);
        doing = null;
        if (failure is null) Toasts.Done(done);
        view = OrProblem(await Environments.FindAsync(Id, Me, Closing)) ?? view;
    }

    /// <summary>
    /// Has it done, and follows the run to its end; why it did not work, with the address of the run that tells more.
    /// </summary>
    private async Task<string?> RunAsync(Func<Task<Result<Guid>>> start)
    {
        if (!(await Limits.CountAsync(Me, start)).TryGet(out var started, out var refused)) return refused.Message;
        run = started;
        StateHasChanged();
        var ended = await Feed.EndAsync(started, Closing);
        run = null;
        return ended.Status switch
        {
            RunStatus.Completed => null,
            RunStatus.Waiting => $"It waits for an answer: {PortalUrls.Run(started)} says whose.",
            _ => $"{ended.Failure ?? "It was cancelled."} More at {PortalUrls.Run(started)}.",
        };
    }
}
