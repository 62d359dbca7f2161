using Microsoft.AspNetCore.Components;
using Portal.Core.Access;
using Portal.Core.Access.Clocks;
using Portal.Core.Data.Clocks;
using Portal.Core.Environments.Comparing;
using Portal.Core.Inbound;
using Portal.Core.Providers.Checks;
using Portal.Web.Controls;
using Portal.Web.Shared;

namespace Portal.Web.Providers;

/// <summary>The configured providers, for everybody to see and for the platform team to mend.</summary>
public sealed partial class ProvidersPage
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private IReadOnlyList<ProviderView>? rows;
    private IReadOnlyList<FailedDelivery>? failed;
    private IReadOnlyList<HostDifference> differences = [];
    private ClockJudgement? clock;
    private string? failure;
    private bool mayAdminister;

    [Inject] private ReadProviders Providers { get; set; } = default!;
    [Inject] private ReadDeliveries Deliveries { get; set; } = default!;
    [Inject] private ReadDifferences Differences { get; set; } = default!;
    [Inject] private ConfirmClock Clock { get; set; } = default!;
    [Inject] private ProviderChecks Checks { get; set; } = default!;
    [Inject] private Authorise Authorise { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private TimeProvider Time { get; set; } = default!;

    protected override async Task LoadAsync()
    {
        mayAdminister = await Authorise.MayAsync(Me, Permissions.Administer, null, Closing);
        rows = OrProblem(await Providers.ListAsync(Me, Closing));
        failed = OrProblem(await Deliveries.FailedAsync(Me, Closing));
        if (!mayAdminister) return;
        differences = await Differences.ListAsync(Me, Closing) is { IsOk: true } found ? found.Value : [];
        clock = await Clock.ReadAsync(Me, Closing) is { IsOk: true } judged ? judged.Value : null;
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) _ = KeepLookingAsync(Time, Period, FollowAsync);
    }

    /// <summary>Checks and deliveries go on while one looks.</summary>
    private async Task<bool> FollowAsync()
    {
        await LoadAsync();
        StateHasChanged();
        return true;
    }

    private void CheckAgain()
    {
        foreach (var row in rows ?? []) Checks.Ask(row.Instance);
        Toasts.Say("Each provider is checked again.", "What it says shows here.");
    }

    private async Task ConfirmClockAsync()
    {
        failure = (await Clock.ConfirmAsync(Me, Closing)).Error?.Message;
        if (failure is null) Toasts.Done("The time counts as right: what is due is destroyed again.");
        await LoadAsync();
    }

    private async Task TryAgainAsync(Guid id)
    {
        failure = (await Deliveries.TryAgainAsync(id, Me, Closing)).Error?.Message;
        if (failure is null) Toasts.Done("The delivery is worked off again.");
        await LoadAsync();
    }
}
