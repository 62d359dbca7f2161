using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.GoldenPaths.Actions.Fetch;

/// <summary>
/// Several patterns for paths as in Backstage (<see cref="Glob.ForTemplates"/>); a leading <c>!</c> takes away again.
/// </summary>
internal sealed class Globs
{
    private const int MaxPatterns = 1_000;

    /// <summary>Of all patterns for all paths: some seconds. No pattern that is meant comes near it.</summary>
    private const long MaxSteps = 100_000_000;

    private readonly List<(Glob Glob, bool Takes)> patterns = [];
    private readonly long mostSteps;
    private long steps;

    public Globs(IEnumerable<string> patterns, long mostSteps = MaxSteps)
    {
        this.mostSteps = mostSteps;
        foreach (var pattern in patterns)
        {
            var takes = !pattern.StartsWith('!');
            var text = (takes ? pattern : pattern[1..]).Trim();
            if (text.StartsWith("./", StringComparison.Ordinal)) text = text[2..];
            if (this.patterns.Count == MaxPatterns)
            {
                throw ActionFailedException.Wrong($"There are more than {MaxPatterns} patterns for paths.");
            }
            if (text.Length > 0) this.patterns.Add((Compile(text.TrimEnd('/')), takes));
        }
    }

    public bool IsEmpty => patterns.Count == 0;

    public bool Matches(string path)
    {
        var matched = false;
        foreach (var (glob, takes) in patterns)
        {
            if (matched != takes && IsMatch(glob, path)) matched = takes;
        }
        return matched;
    }

    private bool IsMatch(Glob glob, string path)
    {
        var isMatch = glob.IsMatch(path, out var taken);
        steps += taken;
        return steps <= mostSteps ? isMatch : throw ActionFailedException.Wrong(
            "The patterns for paths take too long for the files that they are held against: simplify them.");
    }

    private static Glob Compile(string pattern)
    {
        try
        {
            return Glob.ForTemplates(pattern);
        }
        catch (FormatException e)
        {
            throw ActionFailedException.Wrong(
                $"A pattern for paths is none: {Words.Short(e.Message, 700)} Use *, **, ?, [a-z] and {{a,b}}.");
        }
    }
}
