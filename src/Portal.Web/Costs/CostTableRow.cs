using Portal.Core.Costs;
using Portal.Core.Shared;

namespace Portal.Web.Costs;

/// <summary>What one service or team costs in one currency: as metered, and as billed.</summary>
/// <param name="Metered">Null: nothing of it ran at a price of the portal's.</param>
/// <param name="Billed">Null: nothing of it is billed (yet).</param>
public sealed record CostTableRow(string Key, CostRow? Metered, Money? Billed)
{
    /// <summary>Each of the metered rows with what is billed in its currency; then what is billed alone.</summary>
    public static IReadOnlyList<CostTableRow> Of(
        IReadOnlyList<CostRow> metered, IReadOnlyList<Portal.Core.Costs.Billing.BilledRow> billed)
    {
        var left = billed.ToDictionary(b => (b.Key, b.Amount.Currency), b => b.Amount);
        var rows = metered.Select(m => new CostTableRow(
            m.Key, m, left.Remove((m.Key, m.SoFar.Currency), out var amount) ? amount : null)).ToList();
        rows.AddRange(left.Select(b => new CostTableRow(b.Key.Key, null, b.Value)));
        return rows;
    }
}
