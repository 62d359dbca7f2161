using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Core.Costs;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Web.Controls;
using Portal.Web.Shared;

namespace Portal.Web.Costs;

/// <summary>The costs of one calendar month (UTC), by service, by team, and how they are worked out.</summary>
public sealed partial class CostsPage
{
    private const string MonthFormat = "yyyy-MM";
    private const int PageSize = 100;
    /// <summary>Told apart in the chart.</summary>
    private const int MostApart = 6;
    private const int ChartDays = 31;

    private CostReport? report;
    private IReadOnlyList<DailyCost> days = [];

    /// <summary><c>2026-11</c>; the present month without it.</summary>
    [SupplyParameterFromQuery] private string? Month { get; set; }
    [SupplyParameterFromQuery] private string? By { get; set; }
    [SupplyParameterFromQuery(Name = "page")] private int PageNumber { get; set; }
    [Inject] private ReadCosts Costs { get; set; } = default!;
    [Inject] private DailyCosts Daily { get; set; } = default!;
    [Inject] private ProviderRegistry Providers { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [Inject] private TimeProvider Time { get; set; } = default!;

    private DateTimeOffset Now => Time.GetUtcNow();

    private DateTimeOffset From =>
        DateTimeOffset.TryParseExact(
            Month, MonthFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out var month) && month <= Now && month.Year >= 2000
            ? month
            : new DateTimeOffset(Now.Year, Now.Month, 1, 0, 0, 0, TimeSpan.Zero);

    private bool IsCurrent => report!.To > Now;

    private string Counted => Bills ? "Metered" : IsCurrent ? "So far" : "Cost";

    /// <summary>A provider bills, so that there is more to show than what the portal has metered.</summary>
    private bool Bills => report is { Billed.Providers.Count: > 0 };

    private IReadOnlyList<TabItem> Tabs =>
    [
        new("service", "By service"), new("team", "By team"),
        .. Bills ? [new TabItem("provider", "By provider")] : Array.Empty<TabItem>(),
        new("working", "See the calculation"),
    ];

    private IReadOnlyList<CostTableRow> Rows => By == "team"
        ? CostTableRow.Of(report!.ByOwner, report.Billed.ByOwner)
        : CostTableRow.Of(report!.ByComponent, report.Billed.ByComponent);

    /// <summary>The price sheets that the hosts name.</summary>
    private string Source => Providers.All<IEnvironmentHost>().SelectMany(h => h.Definitions).SelectMany(d => d.Sizes)
        .Select(s => s.PriceSource).Distinct(StringComparer.Ordinal).ToList() is { Count: > 0 } sheets
        ? $"the {string.Join(" and the ", sheets)}"
        : "the price sheet at the time";

    private IReadOnlyList<(string Key, string Title)> Apart =>
        [.. (By == "team" ? report!.ByOwner : report!.ByComponent).Select(r => r.Key)
            .Distinct(StringComparer.Ordinal).Take(MostApart).Select(k => (k, Titles.Of(k)))];

    /// <summary>Of the chart: the month, or what led to a month that has just begun.</summary>
    private DateOnly FirstDay =>
        IsCurrent ? LastDay.AddDays(-ChartDays + 1) : DateOnly.FromDateTime(From.UtcDateTime);

    private DateOnly LastDay => DateOnly.FromDateTime((IsCurrent ? Now : report!.To.AddDays(-1)).UtcDateTime);

    protected override async Task LoadAsync()
    {
        report = OrProblem(await Costs.MonthAsync(Filter, Me, Closing));
        days = [];
        if (report is null || By is not (null or "service" or "team")) return;
        var daily = await Daily.ListAsync(
            new DailyCostFilter
            {
                From = FirstDay, To = LastDay.AddDays(1), Apart = [.. Apart.Select(a => a.Key)],
                By = By == "team" ? DailyCostsBy.Owner : DailyCostsBy.Component,
            }, Me, Closing);
        await Titles.LoadAsync(Apart.Select(a => a.Key));
        days = daily.IsOk ? daily.Value : [];
    }

    private CostFilter Filter => By == "working"
        ? new CostFilter { Month = From, Offset = Paging.Offset(PageNumber, PageSize), Limit = PageSize }
        : new CostFilter { Month = From };

    private Money Forecast(string currency) =>
        report!.ByComponent.Where(r => r.Forecast.Currency == currency).Aggregate(
            Money.Zero(currency), (sum, row) => sum + row.Forecast);

    /// <summary>Percent of what its currency adds up to.</summary>
    private int Share(CostRow row) =>
        report!.Total.FirstOrDefault(t => t.Currency == row.SoFar.Currency) is { Amount: > 0 } total
            ? (int)Math.Round(row.SoFar.Amount / total.Amount * 100)
            : 0;

    private string Link(DateTimeOffset month) =>
        Navigation.With("month", month.Year == Now.Year && month.Month == Now.Month ? null : Value(month));

    private void Choose(ChangeEventArgs chosen)
    {
        if (DateTimeOffset.TryParseExact(
            chosen.Value?.ToString(), MonthFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out var month))
        {
            Navigation.NavigateTo(Link(month));
        }
    }

    private static string Value(DateTimeOffset month) =>
        month.UtcDateTime.ToString(MonthFormat, CultureInfo.InvariantCulture);

    private static string Word(DateTimeOffset month) =>
        month.UtcDateTime.ToString("MMMM yyyy", CultureInfo.InvariantCulture);

    private static string Moment(DateTimeOffset at) =>
        at.UtcDateTime.ToString("d MMM HH:mm", CultureInfo.InvariantCulture);
}
