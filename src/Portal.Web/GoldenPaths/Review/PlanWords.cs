using Portal.Core.Runs;

namespace Portal.Web.GoldenPaths.Review;

/// <summary>A plan in words.</summary>
internal static class PlanWords
{
    private const string WaitVerb = "Wait for";

    /// <summary>What the button does: "Create repository and environment".</summary>
    public static string Button(RunPlan plan)
    {
        var makes = plan.Effects.Where(e => e.Effect.Verb == "Create").Select(e => e.What)
            .Distinct(StringComparer.Ordinal).ToList();
        if (makes.Count > 0) return $"Create {Join(makes)}";
        return plan.Effects.FirstOrDefault(e => !IsWait(e)) is { } first
            ? $"{first.Effect.Verb} {first.What}"
            : "Run the steps";
    }

    /// <summary>It changes nothing: the run stops there until somebody or something lets it go on.</summary>
    public static bool IsWait(PlannedChange change) => change.Effect.Verb == WaitVerb;

    /// <summary>Before the name of what changes: "Create repository", "Wait for approval:".</summary>
    public static string What(PlannedChange change) => !IsWait(change)
        ? $"{change.Effect.Verb} {change.What}"
        : change.What == "time" ? "Wait:" : $"{WaitVerb} {change.What}:";

    /// <summary>What those who approve are asked.</summary>
    public static IReadOnlyList<PlannedChange> Approvals(RunPlan plan) =>
        [.. plan.Effects.Where(e => IsWait(e) && e.What == "approval")];

    public static string Join(IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.Take(words.Count - 1))} and {words[^1]}";

    public static string Size(long bytes) => bytes < 1024
        ? $"{bytes} bytes"
        : bytes < 1024 * 1024 ? $"{bytes / 1024.0:0.#} KiB" : $"{bytes / 1024.0 / 1024.0:0.#} MiB";
}
