namespace Portal.Web.GoldenPaths;

/// <summary>
/// <c>Portal:Plans</c>: what one person may have planned, tried, priced and started, by API and pages, at each replica.
/// </summary>
public sealed class PlanOptions
{
    public const string Section = "Portal:Plans";

    /// <summary>At once; 1 to 100.</summary>
    public int AtOncePerPerson { get; set; } = 3;

    /// <summary>In a minute; 1 to 10000.</summary>
    public int PerMinutePerPerson { get; set; } = 120;
}
