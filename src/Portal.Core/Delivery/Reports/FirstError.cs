using Portal.Core.Providers;

namespace Portal.Core.Delivery.Reports;

/// <summary>
/// Of all that a log and its reports say, the one thing to look at first: what the failed step was told by its compiler
/// or linter; else the first test that failed; else what was thrown, or called itself an error.
/// </summary>
internal static class FirstError
{
    public static Finding? Of(PipelineRunInfo run, IReadOnlyList<Finding> findings, TestReport? tests)
    {
        if (run.Status != PipelineStatus.Failed) return null;
        var failed = run.Jobs.SelectMany(j => j.Steps.Where(s => s.Status == PipelineStatus.Failed)
            .Select(s => (Job: j, Step: s))).FirstOrDefault();
        var errors = findings.Where(f => f.Level == FindingLevel.Error
            && (failed.Step is null || StepOfLine.Is(failed.Job, failed.Step, f.Source, f.At))).ToList();
        return First(errors, FindingWeight.Told)
            ?? (tests?.Failures is [var test, ..] ? OfTest(test, run) : null)
            ?? First(errors, FindingWeight.Thrown) ?? First(errors, FindingWeight.Named);
    }

    private static Finding? First(List<Finding> errors, FindingWeight weight) => errors.Find(e => e.Weight == weight);

    private static Finding OfTest(FailedTest test, PipelineRunInfo run) => new(
        FindingLevel.Error, test.File, test.Line, null, null, $"{test.Name} failed: {test.Message}", "tests",
        run.FinishedAt ?? run.CreatedAt, FindingWeight.Told);
}
