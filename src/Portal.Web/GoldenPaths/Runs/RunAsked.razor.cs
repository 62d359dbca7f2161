using Microsoft.AspNetCore.Components;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Web.Governance;

namespace Portal.Web.GoldenPaths.Runs;

/// <summary>What a run that waits for an approval will do, to everybody who may see it.</summary>
public sealed partial class RunAsked
{
    /// <summary>
    /// Planning may ask a provider, which may be slow: the page does not wait for it longer than that.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource leaving = new();
    private RunPlanView? asked;
    private Error? problem;

    [Parameter, EditorRequired] public required Run Run { get; set; }

    [Inject] private ReadRunPlan Plans { get; set; } = null!;
    [Inject] private PlanLimits Limits { get; set; } = null!;
    [Inject] private CurrentActor Current { get; set; } = null!;
    [Inject] private TimeProvider Time { get; set; } = null!;

    public void Dispose()
    {
        leaving.Cancel();
        leaving.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        var loading = LoadAsync();
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(leaving.Token);
        await Task.WhenAny(loading, Task.Delay(Patience, Time, waiting.Token));
        await waiting.CancelAsync();
        if (loading.IsCompleted) await loading;
    }

    private async Task LoadAsync()
    {
        var left = leaving.Token;
        try
        {
            (asked, problem) = (null, null);
            var actor = await Current.GetAsync(left);
            (await Limits.CountAsync(actor, () => Plans.FindAsync(Run.Id, actor, left)))
                .TryGet(out asked, out problem);
            if (!left.IsCancellationRequested) StateHasChanged();
        }
        catch (OperationCanceledException)
        {
            // The page is left.
        }
    }
}
