using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;

namespace Portal.Core.GoldenPaths.Actions.Fetch;

/// <summary>
/// Patterns for paths as in Backstage: <c>*</c>, <c>**</c>, <c>?</c>, <c>[a-z]</c>, <c>{a,b}</c>; a leading <c>!</c> takes away again;
/// one that names a folder means all in it. Dot files count.
/// </summary>
internal sealed class Globs
{
    private const int MaxPatterns = 1_000, MaxLength = 500;

    /// <summary>Of one pattern: each is one more place to go back to.</summary>
    private const int MaxStars = 12;

    /// <summary>Of one match, and of all together. No pattern that is meant comes near it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), PatienceOfAll = TimeSpan.FromSeconds(10);

    private readonly List<(Regex Pattern, bool Takes)> patterns = [];
    private TimeSpan spent;

    public Globs(IEnumerable<string> patterns)
    {
        foreach (var pattern in patterns)
        {
            var takes = !pattern.StartsWith('!');
            var text = (takes ? pattern : pattern[1..]).Trim();
            if (text.StartsWith("./", StringComparison.Ordinal)) text = text[2..];
            if (text.Length > MaxLength) throw new ActionFailedException($"The pattern '{Words.Short(text, 50)}' is longer than {MaxLength} characters.");
            if (text.Replace("**", "*", StringComparison.Ordinal).Count(c => c == '*') > MaxStars)
                throw new ActionFailedException($"The pattern '{Words.Short(text, 50)}' has more than {MaxStars} stars.");
            if (this.patterns.Count == MaxPatterns) throw new ActionFailedException($"There are more than {MaxPatterns} patterns for paths.");
            if (text.Length > 0) this.patterns.Add((Compile(text.TrimEnd('/')), takes));
        }
    }

    public bool IsEmpty => patterns.Count == 0;

    public bool Matches(string path)
    {
        var matched = false;
        foreach (var (pattern, takes) in patterns)
        {
            if (matched != takes && IsMatch(pattern, path)) matched = takes;
        }
        return matched;
    }

    private bool IsMatch(Regex pattern, string path)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            var matches = pattern.IsMatch(path);
            spent += Stopwatch.GetElapsedTime(began);
            return spent <= PatienceOfAll ? matches : throw new ActionFailedException($"The patterns for paths take longer than {PatienceOfAll.TotalSeconds} s together. Make them simpler.");
        }
        catch (RegexMatchTimeoutException)
        {
            throw new ActionFailedException($"A pattern for paths takes longer than {Patience.TotalSeconds} s for '{Words.Short(path)}'. Make it simpler.");
        }
    }

    private static Regex Compile(string glob)
    {
        var text = new StringBuilder("^");
        var braces = 0;
        for (var i = 0; i < glob.Length; i++)
        {
            var rest = glob.AsSpan(i);
            if (rest.StartsWith("**/"))
            {
                text.Append("(?:.*/)?");
                i += 2;
            }
            else if (rest.StartsWith("**"))
            {
                text.Append(".*");
                i++;
            }
            else
            {
                i = One(glob, i, text, ref braces);
            }
        }
        // What names a folder means everything below it.
        text.Append("(?:/.*)?$");
        try
        {
            return new Regex(text.ToString(), RegexOptions.CultureInvariant, Patience);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new ActionFailedException($"'{glob}' is no pattern for paths. Use *, **, ?, [a-z] and {{a,b}}.");
        }
    }

    private static int One(string glob, int i, StringBuilder text, ref int braces)
    {
        switch (glob[i])
        {
            case '*':
                text.Append("[^/]*");
                return i;
            case '?':
                text.Append("[^/]");
                return i;
            case '[' when glob.IndexOf(']', i + 1) is var end and > 0:
                var set = glob[(i + 1)..end];
                text.Append('[').Append(set.StartsWith('!') ? "^" + Escape(set[1..]) : Escape(set)).Append(']');
                return end;
            case '{' when glob.IndexOf('}', i) > 0:
                braces++;
                text.Append("(?:");
                return i;
            case '}' when braces > 0:
                braces--;
                text.Append(')');
                return i;
            case ',' when braces > 0:
                text.Append('|');
                return i;
            case '\\' when i + 1 < glob.Length:
                text.Append(Regex.Escape(glob[i + 1].ToString()));
                return i + 1;
            default:
                text.Append(Regex.Escape(glob[i].ToString()));
                return i;
        }
    }

    private static string Escape(string set) => set.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal);
}
