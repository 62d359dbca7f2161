using System.Globalization;
using Portal.Core.Runs.Execution;

namespace Portal.TestHost;

/// <summary>Where a process fails.</summary>
/// <param name="Effect">The end of the effect's id; null = any effect.</param>
/// <param name="Ordinal">Which of the boundaries that fit, from 1.</param>
/// <param name="Boundary">Null = any boundary.</param>
internal sealed record FailPoint(string? Effect, int Ordinal, JournalBoundary? Boundary)
{
    public static FailPoint Parse(string text)
    {
        var slash = text.LastIndexOf('/');
        var (effect, name) = slash > 0 ? (text[..slash], text[(slash + 1)..]) : throw Wrong(text);
        JournalBoundary? boundary = name == "*"
            ? null
            : Enum.TryParse<JournalBoundary>(name, ignoreCase: true, out var known) ? known : throw Wrong(text);
        return int.TryParse(effect, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            ? new FailPoint(null, ordinal > 0 ? ordinal : throw Wrong(text), boundary)
            : new FailPoint(effect, 1, boundary);
    }

    public bool Fits(JournalBoundary boundary, string effect) =>
        (Boundary is null || Boundary == boundary)
            && (Effect is null || effect.EndsWith(Effect, StringComparison.Ordinal));

    private static FormatException Wrong(string text) => new(
        $"Test:FailAt is '{text}': give EFFECT/BOUNDARY, such as publish-0-repository/AfterCall, 3/AfterIntent or 17/*. Boundaries: {string.Join(", ", Enum.GetNames<JournalBoundary>())}.");
}
