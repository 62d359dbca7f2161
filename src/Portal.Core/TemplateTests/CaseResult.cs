using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.TemplateTests;

/// <summary>Compares what a case expects with what came of it; every difference is one plain sentence.</summary>
internal static class CaseResult
{
    public static IEnumerable<string> Compare(Expectations expect, IReadOnlyList<FieldError> errors)
    {
        foreach (var error in errors.Where(e => !expect.Errors.Any(x => Matches(x, e))))
        {
            yield return $"The form refuses {(error.Path.Length == 0 ? "the values" : error.Path)}: {error.Message}";
        }
        foreach (var missing in expect.Errors.Where(x => !errors.Any(e => Matches(x, e))))
        {
            yield return $"No error at {missing.Path}{(missing.Message is null ? "" : $" that says '{missing.Message}'")} was reported.";
        }
    }

    public static IEnumerable<string> Compare(Expectations expect, RunPlan plan)
    {
        var files = plan.Files;
        foreach (var path in expect.Files.Where(p => !files.TryGet(p, out _))) yield return NotMade(path, files);
        foreach (var path in expect.Absent.Where(p => files.TryGet(p, out _)))
        {
            yield return $"{path} is made, and should not be.";
        }
        foreach (var (path, text) in expect.Contains)
        {
            if (files.ReadText(path) is not { } content) yield return NotMade(path, files);
            else if (!content.Contains(text, StringComparison.Ordinal)) yield return $"{path} does not contain: {text}";
        }
        foreach (var (path, text) in expect.Lacks)
        {
            if (files.ReadText(path) is not { } content) yield return NotMade(path, files);
            else if (content.IndexOf(text, StringComparison.Ordinal) is var at
                and >= 0) yield return $"{path} contains, in line {content.AsSpan(0, at).Count('\n') + 1}: {text}";
        }
        if (FirstMissing(expect.Effects, plan.Effects) is { } effect)
        {
            var planned = string.Join(", ", plan.Effects.Select(e => new ExpectedEffect(e.Action, e.NameInput)));
            yield return $"{effect} is not planned here. Planned, in this order: {(planned.Length == 0 ? "nothing" : planned)}.";
        }
    }

    /// <summary>Others may lie between, but the order counts.</summary>
    private static ExpectedEffect? FirstMissing(
        IReadOnlyList<ExpectedEffect> expected, IReadOnlyList<PlannedChange> planned)
    {
        var next = 0;
        foreach (var change in planned)
        {
            if (next < expected.Count && expected[next].Action == change.Action
                && (expected[next].Name is not { } name || name == change.NameInput))
            {
                next++;
            }
        }
        return next < expected.Count ? expected[next] : null;
    }

    private static bool Matches(ExpectedError expected, FieldError error) =>
        expected.Path == error.Path
            && (expected.Message is null || error.Message.Contains(expected.Message, StringComparison.Ordinal));

    private static string NotMade(string path, FileTree files)
    {
        var near = Portal.Templating.NearestName.Find(path, files.Files.Select(f => f.Path));
        return $"{path} is not made.{(near is null ? "" : $" Did you mean '{near}'?")}";
    }
}
