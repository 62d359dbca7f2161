using Portal.Core.Providers;

namespace Portal.Providers.Local.Pipelines.Runs;

/// <summary>A run as it lies in <c>run.json</c>.</summary>
/// <param name="Correlation">Unique in its repository.</param>
/// <param name="Attempt">From 1; counts up when the portal died while it ran.</param>
/// <param name="Reference">Full, e.g. <c>refs/heads/main</c>.</param>
/// <param name="Inputs">Of workflow_dispatch, as given.</param>
/// <param name="Before">The branch's commit before the push.</param>
internal sealed record StoredRun(
    PipelineRunInfo Info, string Correlation, int Attempt, string Reference, string? Before, string? By,
        IReadOnlyDictionary<string, string>? Inputs = null)
{
    public bool IsTag => Reference.StartsWith("refs/tags/", StringComparison.Ordinal);
}
