namespace Portal.Core.Delivery.Reports;

/// <summary>What a finished pipeline run says of itself beyond its steps.</summary>
/// <param name="First">Why it failed: the first error of the step that failed; null when none can be told.</param>
/// <param name="Findings">Errors, warnings and notices of its log, in their order.</param>
/// <param name="Left">Findings that are not in the list.</param>
/// <param name="Tests">Null when no report of tests was kept.</param>
/// <param name="IsWhole">False: there was more to read than is read for a page.</param>
public sealed record PipelineReport(
    Finding? First, IReadOnlyList<Finding> Findings, int Left, TestReport? Tests, bool IsWhole)
{
    public static readonly PipelineReport None = new(null, [], 0, null, IsWhole: true);
}
