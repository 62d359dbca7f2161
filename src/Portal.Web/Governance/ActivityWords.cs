using Portal.Core.Activities;

namespace Portal.Web.Governance;

/// <summary>A run's changes, told by what they were made to.</summary>
internal static class ActivityWords
{
    private static readonly (string Action, string Word)[] Things =
    [
        ("repository.", "repository"), ("pipeline.", "pipeline"), ("environment.", "environment"),
        ("catalog.", "catalog entry"), ("github.", "settings at GitHub"), ("azure.", "settings in Azure"),
    ];

    /// <summary>"repository, pipeline, environment": each once, in the order in which they were first touched.</summary>
    public static IReadOnlyList<string> Made(ActivityRun run) =>
    [
        .. run.Events.Select(e => Things.FirstOrDefault(
                t => e.Action.StartsWith(t.Action, StringComparison.Ordinal)).Word)
            .OfType<string>().Distinct(StringComparer.Ordinal),
    ];
}
