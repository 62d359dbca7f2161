using System.Text.Json;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

/// <summary>
/// What cannot be corrected any more: the parameters of the steps that are done, and of changes that are made or begun.
/// </summary>
public static class FixedParameters
{
    /// <param name="names">The parameters that are asked about.</param>
    public static IReadOnlySet<string> Of(RunView view, IEnumerable<string> names)
    {
        var done = view.Steps.Where(s => s.Status is StepStatus.Completed or StepStatus.Skipped).Select(s => s.StepId)
            .Concat(view.Changes.Where(c => c.State != JournalState.Undone).Select(c => c.StepId));
        return Of(view.Run, done.ToHashSet(StringComparer.Ordinal), names.ToHashSet(StringComparer.Ordinal));
    }

    internal static IReadOnlySet<string> Of(Run run, IReadOnlySet<string> done, IReadOnlySet<string> names) =>
        UsedParameters.Of(
            JsonSerializer.Deserialize<RunSpec>(run.Spec, Json.Options)!.Steps.Where(s => done.Contains(s.Id)), names);
}
