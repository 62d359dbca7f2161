using Portal.Core.Shared;

namespace Portal.Core.Costs.Billing;

/// <summary>What providers billed in a month. Amounts in different currencies stand in rows of their own.</summary>
/// <param name="ByComponent">The largest first; without the part that is nobody's.</param>
/// <param name="Unattributed">What is billed for no environment of the portal's, per provider.</param>
/// <param name="Total">Per currency, the unattributed part included.</param>
/// <param name="Providers">Each that bills, and how far its figures go.</param>
public sealed record BilledReport(
    IReadOnlyList<BilledRow> ByComponent, IReadOnlyList<BilledRow> ByOwner, IReadOnlyList<BilledRow> ByProvider,
    IReadOnlyList<BilledRow> Unattributed,
    IReadOnlyList<Money> Total, IReadOnlyList<BillState> Providers)
{
    public static BilledReport None { get; } = new([], [], [], [], [], []);
}

/// <param name="Key">Of the component or the team; the name of the provider.</param>
/// <param name="Services">What makes it up, in the provider's words, the dearest first.</param>
public sealed record BilledRow(string Key, Money Amount, IReadOnlyList<BilledPart> Services);

public sealed record BilledPart(string Service, Money Amount);

/// <param name="AsOf">When the figures were read; null when never.</param>
/// <param name="BilledUntil">The last day for which there is a figure, of any month; null when none.</param>
/// <param name="NotYetFrom">First day of the month that is not billed yet; null when all of it, as far as it has
/// passed, is.</param>
/// <param name="NotYetTo">Last such day.</param>
/// <param name="Problem">Why the figures are old, in words; null when they are not.</param>
public sealed record BillState(
    string Provider, DateTimeOffset? AsOf, DateOnly? BilledUntil, DateOnly? NotYetFrom, DateOnly? NotYetTo,
    string? Problem);
