using System.Globalization;
using MudBlazor;
using Portal.Core.Costs;

namespace Portal.Web.Costs;

/// <summary>Costs by day as a chart and a table draw them.</summary>
internal sealed record CostStack(IReadOnlyList<DateOnly> Days, IReadOnlyList<CostStack.Column> Columns)
{
    private const int Ticks = 4;
    private static readonly decimal[] Steps = [1m, 2m, 5m, 10m];

    private static readonly string[] Colours =
    [
        "var(--accent)", "var(--success)", "var(--warning)", "var(--info)", "var(--danger)", "var(--text-3)",
        "var(--border-strong)",
    ];

    /// <param name="Amounts">One for each day; 0 where nothing ran.</param>
    internal sealed record Column(string Title, IReadOnlyList<decimal> Amounts);

    /// <summary>Every fifth day, so that they can be read; the first tells the month.</summary>
    public string[] Labels =>
        [.. Days.Select((d, i) => i == 0 || d.Day == 1 ? d.ToString("d MMM", CultureInfo.InvariantCulture)
            : d.Day is 5 or 10 or 15 or 20 or 25 && i > 2 ? $"{d.Day}" : "")];

    /// <summary>The chart knows whole steps alone, so amounts are counted in steps of its scale.</summary>
    public List<ChartSeries<decimal>> Bars =>
        [.. Columns.Select(c => new ChartSeries<decimal>
        {
            Name = c.Title, Data = new ChartData<decimal>([.. c.Amounts.Select(a => a / Step)]),
        })];

    public StackedBarChartOptions Options => new()
    {
        ChartPalette = Colours, YAxisTicks = 1, XAxisLines = false, YAxisLines = true, ShowToolTips = false,
        YAxisToStringFunc = steps => ((decimal)steps * Step).ToString("0.####", CultureInfo.InvariantCulture),
    };

    /// <summary>1, 2 or 5 of a power of ten.</summary>
    internal decimal Step
    {
        get
        {
            var most = Days.Select((_, i) => Columns.Sum(c => c.Amounts[i])).DefaultIfEmpty().Max();
            if (most <= 0) return 1;
            var power = (decimal)Math.Pow(10, Math.Floor(Math.Log10((double)(most / Ticks))));
            return power * Steps.First(step => step * power * Ticks >= most || step == Steps[^1]);
        }
    }

    public static CostStack Of(
        IEnumerable<DailyCost> costs, IReadOnlyList<(string Key, string Title)> apart, DateOnly from, DateOnly until)
    {
        DateOnly[] days = [.. Enumerable.Range(0, until.DayNumber - from.DayNumber + 1).Select(from.AddDays)];
        var known = costs.ToLookup(c => c.Key ?? "");
        return new CostStack(days, [.. apart.Append((Key: "", Title: "Others")).Where(a => known.Contains(a.Key))
            .Select(a => new Column(a.Title, [.. Amounts(known[a.Key], days)]))]);
    }

    private static IEnumerable<decimal> Amounts(IEnumerable<DailyCost> costs, IEnumerable<DateOnly> days)
    {
        var known = costs.ToDictionary(c => c.Day, c => c.Cost.Amount);
        return days.Select(d => known.GetValueOrDefault(d));
    }
}
