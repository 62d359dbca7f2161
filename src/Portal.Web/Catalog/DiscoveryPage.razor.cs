using Microsoft.AspNetCore.Components;
using Portal.Core.Access;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Shared;
using Portal.Web.Controls;
using Portal.Web.GoldenPaths;
using Portal.Web.Shared;
using Facet = Portal.Web.Controls.FacetValue;

namespace Portal.Web.Catalog;

/// <summary>What discovery saw, with or without a descriptor; proposes those that are missing.</summary>
public sealed partial class DiscoveryPage
{
    private const int PageSize = 50;

    /// <summary>No repository is called so.</summary>
    private const string All = "";
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private DiscoverySummary? summary;
    private Page<FoundView>? page;
    private IReadOnlyList<Facet> providers = [];
    private string? doing, failure;
    private bool mayAdminister;

    [SupplyParameterFromQuery] private string? Show { get; set; }
    [SupplyParameterFromQuery(Name = "q")] private string? Search { get; set; }
    [SupplyParameterFromQuery(Name = "provider")] private string[]? ProviderValues { get; set; }
    [SupplyParameterFromQuery(Name = "page")] private int PageNumber { get; set; }
    [Inject] private ReadDiscovery Discovery { get; set; } = default!;
    [Inject] private ProposeDescriptor Propose { get; set; } = default!;
    [Inject] private PlanLimits Limits { get; set; } = default!;
    [Inject] private WakeDiscovery Wake { get; set; } = default!;
    [Inject] private Authorise Authorise { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [Inject] private Toasts Toasts { get; set; } = default!;
    [Inject] private TimeProvider Time { get; set; } = default!;

    private bool Busy => doing is not null || !RendererInfo.IsInteractive;

    private IReadOnlyList<TabItem> Choices =>
    [
        new("all", "All", summary!.All), new("without", "Without descriptor", summary.Without),
        new("problems", "Problems", summary.Problems),
        new("registered", "In the catalog", summary.Registered),
    ];

    private DiscoveryFilter Filter => new()
    {
        Show = Show switch
        {
            "without" => FoundShow.Without,
            "problems" => FoundShow.Problems,
            "registered" => FoundShow.Registered,
            _ => FoundShow.All
        },
        Providers = ProviderValues ?? [], Search = Search, Offset = Paging.Offset(PageNumber, PageSize),
        Limit = PageSize,
    };

    protected override async Task LoadAsync()
    {
        mayAdminister = await Authorise.MayAsync(Me, Permissions.Administer, null, Closing);
        summary = OrProblem(await Discovery.SummariseAsync(Me, Closing)) ?? summary;
        page = OrProblem(await Discovery.ListAsync(Filter, Me, Closing)) ?? page;
        providers = summary is null ? [] : [.. summary.Providers.Select(p => new Facet(p.Value, p.Value, p.Count))];
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) _ = KeepLookingAsync(Time, Period, FollowAsync);
    }

    /// <summary>What a look finds shows without a reload.</summary>
    private async Task<bool> FollowAsync()
    {
        var now = await Discovery.SummariseAsync(Me, Closing);
        if (doing is not null || !now.IsOk || now.Value.SeenAt == summary?.SeenAt) return true;
        await LoadAsync();
        StateHasChanged();
        return true;
    }

    private Task LookAsync() => DoAsync("look", async () =>
    {
        var asked = await Wake.AskAsync(Me, Closing);
        if (asked.IsOk) Toasts.Done("The portal looks through the repositories.", "What it finds shows here.");
        return asked.Error;
    });

    private Task ProposeAsync(FoundRepository row) => DoAsync(row.Repository, async () =>
    {
        var started =
            await Limits.CountAsync(Me, () => Propose.ExecuteAsync(row.Provider, row.Repository, Me, Closing));
        if (started.IsOk) Navigation.NavigateTo(PortalUrls.Run(started.Value));
        return started.Error;
    });

    private Task ProposeAllAsync() => DoAsync(All, async () =>
    {
        var started = await Limits.CountAsync(Me, () => Propose.ForAllAsync(Filter with { Offset = 0 }, Me, Closing));
        if (!started.IsOk) return started.Error;
        if (started.Value > 0) Navigation.NavigateTo(PortalUrls.Runs);
        return started.Value > 0
            ? null
            : Error.Conflict("nothing-to-propose", "None of them can be proposed: each row says why.");
    });

    private async Task DoAsync(string what, Func<Task<Error?>> work)
    {
        (doing, failure) = (what, null);
        try
        {
            failure = (await work())?.Message;
        }
        finally
        {
            doing = null;
        }
    }
}
