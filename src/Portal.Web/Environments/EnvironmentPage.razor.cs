using Microsoft.AspNetCore.Components;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Web.Controls;
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

    [Parameter] public required string Id { get; set; }
    [Inject] private ReadEnvironments Environments { get; set; } = default!;
    [Inject] private ControlEnvironment Control { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private TimeProvider Time { get; set; } = default!;
    [Inject] private ProviderRegistry Providers { get; set; } = default!;

    private string Title => $"{EntityWords.Name(view!.Environment.Component)} {view.Environment.Name}";

    private string ProviderWords => view!.ProviderType is not { } type ? $"{view.Environment.Provider} (not set up any more)"
        : type.Equals(view.Environment.Provider, StringComparison.OrdinalIgnoreCase) ? type : $"{view.Environment.Provider} ({type})";

    private string? RunsAs => Providers.Find<IEnvironmentHost>(view!.Environment.Provider)?.RunsAs;

    private bool Busy => doing is not null || !RendererInfo.IsInteractive;

    protected override void OnInitialized() => log = new LiveLog((after, limit, cancellation) => Environments.LogAsync(Id, after, limit, Me, cancellation), time: Time);

    protected override async Task LoadAsync()
    {
        view = OrProblem(await Environments.FindAsync(Id, Me, Closing));
        if (view is not null) await log.ReadOnAsync(Closing);
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

    private static bool Same(EnvironmentView one, EnvironmentView other) => Shown(one) == Shown(other);

    private static (EnvironmentStatus, string?, string?, string?, int, DateTimeOffset?, int, DeploymentStatus?) Shown(EnvironmentView view)
    {
        var it = view.Environment;
        return (it.Status, it.Url, it.Commit, it.Message, it.Restarts, it.ExpiresAt, view.Deployments.Count, view.Deployments is [var newest, ..] ? newest.Status : null);
    }

    private Task StopAsync() => DoAsync("stop", () => Control.StopAsync(Id, Me, Closing), "Stopped. It costs nothing while it does not run.");

    private Task StartAsync() => DoAsync("start", () => Control.StartAsync(Id, Me, Closing), "Started.");

    private Task ExtendAsync() => DoAsync("extend", () => Control.ExtendAsync(Id, LifetimeChoices.Find(lifetime).Length, Me, Closing), "Its end is moved.");

    private async Task DestroyAsync()
    {
        if (!await destroy!.ShowAsync()) return;
        Toasts.Done($"{Title} is destroyed.");
        Navigation.NavigateTo(PortalUrls.Environments);
    }

    private async Task<string?> ConfirmDestroyAsync() =>
        (await Control.DestroyAsync(Id, Me, Closing, adoptedToo: view!.Environment.AdoptedFrom is not null)).Error?.Message;

    private async Task ReleaseAsync()
    {
        if (!await release!.ShowAsync()) return;
        Toasts.Done($"{Title} is released.");
        Navigation.NavigateTo(PortalUrls.Environments);
    }

    private async Task<string?> ConfirmReleaseAsync() => (await Control.ReleaseAsync(Id, Me, Closing)).Error?.Message;

    private async Task DoAsync(string what, Func<Task<Result<Done>>> act, string done)
    {
        (doing, failure) = (what, null);
        var result = await act();
        (doing, failure) = (null, result.Error?.Message);
        if (result.IsOk) Toasts.Done(done);
        view = OrProblem(await Environments.FindAsync(Id, Me, Closing)) ?? view;
    }
}
