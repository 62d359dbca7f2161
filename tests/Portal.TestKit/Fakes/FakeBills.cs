using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.TestKit.Fakes;

/// <summary>A provider that bills what a test says.</summary>
public sealed class FakeBills(string instance = "local") : ICostSource
{
    public string Instance => instance;

    public string Type => "Fake";

    public List<BilledCost> Bill { get; } = [];

    /// <summary>The ranges that it was asked for.</summary>
    public List<(DateOnly From, DateOnly To)> Asked { get; } = [];

    /// <summary>What it throws instead of answering; null = it answers.</summary>
    public Exception? Trouble { get; set; }

    public void Add(
        DateOnly day, decimal amount, string? environment, string currency = "EUR", string scope = "rg-orders",
        string service = "Container Apps") =>
        Bill.Add(new BilledCost(day, environment, scope, service, new Money(amount, currency)));

    public Task<IReadOnlyList<BilledCost>> BilledAsync(DateOnly from, DateOnly to, CancellationToken cancellation)
    {
        Asked.Add((from, to));
        return Trouble is null
            ? Task.FromResult<IReadOnlyList<BilledCost>>([.. Bill.Where(b => b.Day >= from && b.Day <= to)])
            : Task.FromException<IReadOnlyList<BilledCost>>(Trouble);
    }
}
