namespace Portal.Core.Delivery.Reports;

/// <summary>A test that did not pass.</summary>
/// <param name="Suite">Its class or file, as the report has it; null without.</param>
/// <param name="File">Relative to the repository where it is in it; null when the report names none.</param>
/// <param name="Details">The trace; null without.</param>
public sealed record FailedTest(
    string Name, string? Suite, string? File, int? Line, string Message, string? Details);

/// <summary>What the tests of a pipeline run came to, of all reports that it kept.</summary>
/// <param name="Failures">The first of them; <see cref="Failed"/> counts all.</param>
/// <param name="Problems">Reports that could not be read, and why.</param>
public sealed record TestReport(
    int Passed, int Failed, int Skipped, IReadOnlyList<FailedTest> Failures, IReadOnlyList<string> Problems)
{
    public int Total => Passed + Failed + Skipped;
}
