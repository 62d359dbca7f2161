namespace Portal.Core.Environments.Sample;

/// <summary>How one of the sample's services is doing.</summary>
/// <param name="Person">Who works on it most: key of a user.</param>
/// <param name="RunsPerWeek">Of its pipeline.</param>
/// <param name="FailsEvery">The how-manieth run fails.</param>
/// <param name="NewestFails">Its pipeline is failing now.</param>
internal sealed record SampleService(
    string Name, string Person, int RunsPerWeek, int FailsEvery, bool NewestFails,
    IReadOnlyList<SampleEnvironment> Environments)
{
    public static readonly IReadOnlyList<SampleService> All =
    [
        new("checkout", "ada", 9, 7, false,
            [new("prod", "large", 64), new("test", "medium", 64), new("dev", "small", 12)]),
        new("payment-gateway", "dana", 5, 11, false, [new("prod", "large", 58), new("test", "medium", 58)]),
        new("invoicing", "ada", 3, 6, true, [new("prod", "medium", 41), new("test", "small", 41)]),
        new("shop-web", "ben", 12, 6, false,
            [new("prod", "large", 64), new("test", "medium", 60), new("dev", "small", 9)]),
        new("product-search", "emil", 6, 5, false,
            [new("prod", "medium", 37) { IsUnhealthy = true }, new("test", "small", 30)]),
        new("delivery-planner", "farah", 4, 8, false, [new("prod", "medium", 33), new("dev", "small", 5)]),
        new("stock-keeper", "farah", 3, 9, false,
            [new("prod", "medium", 50), new("test", "small", 21) { IsStopped = true }]),
        new("mail-sender", "chen", 2, 10, false, [new("prod", "small", 62)]),
    ];
}

/// <param name="Days">For how long it has been there.</param>
internal sealed record SampleEnvironment(string Type, string Size, int Days)
{
    public bool IsUnhealthy { get; init; }

    public bool IsStopped { get; init; }

    /// <summary>What is not for customers runs in working hours only.</summary>
    public bool RunsAtNight => Type == "prod";

    /// <summary>Of the example price sheet.</summary>
    public decimal PricePerHour => Size switch { "large" => 0.032m, "medium" => 0.016m, _ => 0.008m };
}
