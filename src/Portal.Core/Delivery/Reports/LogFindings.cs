using System.Text.RegularExpressions;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Delivery.Reports;

/// <summary>
/// Reads a log line by line and keeps what it says is wrong. It takes any text in any order: what it does not know it
/// passes over, and what it keeps is bounded.
/// </summary>
internal sealed class LogFindings(RepositoryPaths paths)
{
    /// <summary>Of each level.</summary>
    public const int Most = 100;

    private const int LongestLine = 2_000;
    private const int LongestMessage = 1_000;

    /// <summary>So many lines after what was thrown its trace is over.</summary>
    private const int TraceLines = 20;

    private readonly List<Finding> all = [];
    private readonly HashSet<(FindingLevel, string?, int?, int?, string)> known = [];
    private readonly Dictionary<FindingLevel, int> counts = [];
    private (string File, int Line)? ahead;
    private string? lintFile;
    private int open = -1;
    private int openUntil;
    private int read;

    public IReadOnlyList<Finding> All => all;

    /// <summary>What was found and not kept.</summary>
    public int Left { get; private set; }

    public void Read(HostLogLine line)
    {
        read++;
        var text = line.Text.Length > LongestLine ? line.Text[..LongestLine] : line.Text;
        if (text.Contains('\u001b')) text = LogPatterns.Ansi.Replace(text, "");
        text = text.TrimEnd();
        if (text.Length == 0 || PlaceOfOpen(text)) return;
        var found = Annotation(text, line) ?? Compiler(text, line) ?? Lint(text, line) ?? Thrown(text, line);
        if (found is not null) Keep(found);
        else Remember(text);
    }

    private Finding? Annotation(string text, HostLogLine line)
    {
        if (LogPatterns.Marked.Match(text) is { Success: true } marked)
        {
            var rest = marked.Groups["text"].Value;
            // The line that a runner writes for every failed step tells nothing by itself.
            if (LogPatterns.ExitCode.IsMatch(rest) || LogPatterns.ExitCodeAhead.IsMatch(rest)) return null;
            return LogPatterns.PlaceAhead.Match(rest) is { Success: true } placed
                ? Of(placed, line, Level(marked), FindingWeight.Told)
                : Of(rest, line, Level(marked));
        }
        return LogPatterns.Command.Match(text) is { Success: true } command ? OfCommand(command, line) : null;
    }

    private Finding OfCommand(Match command, HostLogLine line)
    {
        var properties = command.Groups["properties"].Value.Split(',').Select(p => p.Split('=', 2))
            .Where(p => p.Length == 2).GroupBy(p => p[0].Trim(), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => Decoded(g.First()[1]), StringComparer.OrdinalIgnoreCase);
        return new Finding(
            Level(command), properties.TryGetValue("file", out var file) ? Relative(file) : null,
            Number(properties.GetValueOrDefault("line")), Number(properties.GetValueOrDefault("col")), null,
            Message(Decoded(command.Groups["text"].Value)), line.Source, line.At, FindingWeight.Told);
    }

    private Finding? Compiler(string text, HostLogLine line)
    {
        if (LogPatterns.Go.Match(text) is { Success: true } go)
        {
            return Of(go, line, FindingLevel.Error, FindingWeight.Told);
        }
        // Most lines of a log end here.
        if (!text.Contains("error", StringComparison.OrdinalIgnoreCase)
            && !text.Contains("warning", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        ReadOnlySpan<Regex> compilers =
            [LogPatterns.Parentheses, LogPatterns.Colons, LogPatterns.Maven, LogPatterns.CodeAlone];
        foreach (var compiler in compilers)
        {
            if (compiler.Match(text) is { Success: true } told) return Of(told, line, Level(told), FindingWeight.Told);
        }
        return LogPatterns.Rust.Match(text) is { Success: true } rust && rust.Groups["code"].Success
            ? Opened(Of(rust, line, Level(rust), FindingWeight.Told))
            : null;
    }

    private Finding? Lint(string text, HostLogLine line)
    {
        if (lintFile is null || LogPatterns.Lint.Match(text) is not { Success: true } lint) return null;
        // The rule stands behind the text, two blanks away.
        var told = lint.Groups["text"].Value;
        var rule = told.LastIndexOf("  ", StringComparison.Ordinal);
        return Of(lint, line, Level(lint), FindingWeight.Told) with
        {
            File = Relative(lintFile), Message = Message(rule > 0 ? told[..rule] : told),
            Code = rule > 0 ? told[(rule + 2)..] : null,
        };
    }

    private Finding? Thrown(string text, HostLogLine line)
    {
        if (LogPatterns.Thrown.Match(text) is { Success: true } thrown)
        {
            var found = Of(thrown, line, FindingLevel.Error, FindingWeight.Thrown);
            if (ahead is not { } place) return Opened(found with { Weight = FindingWeight.Named });
            ahead = null;
            return found with { File = Relative(place.File), Line = place.Line };
        }
        return LogPatterns.Named.Match(text) is { Success: true } named
            ? Of(named, line, FindingLevel.Error, FindingWeight.Named)
            : null;
    }

    /// <summary>The next lines may say where.</summary>
    private Finding Opened(Finding found)
    {
        (open, openUntil) = (all.Count, read + TraceLines);
        return found;
    }

    private bool PlaceOfOpen(string text)
    {
        if (open < 0 || open >= all.Count || read > openUntil) return false;
        ReadOnlySpan<Regex> frames =
            [LogPatterns.RustPlace, LogPatterns.NodeFrame, LogPatterns.DotNetFrame];
        foreach (var frame in frames)
        {
            if (frame.Match(text) is not { Success: true } at) continue;
            var file = Relative(at.Groups["file"].Value);
            // Of the runtime or of a package: the next frame may be of the repository.
            if (!RepositoryPaths.IsOwn(file)) return true;
            var weight = all[open].Weight == FindingWeight.Named ? FindingWeight.Thrown : all[open].Weight;
            all[open] = all[open] with { File = file, Line = Number(at.Groups["line"].Value), Weight = weight };
            open = -1;
            return true;
        }
        return false;
    }

    /// <summary>What stands above an error and says where it is.</summary>
    private void Remember(string text)
    {
        if (LogPatterns.NodeHead.Match(text) is { Success: true } head) ahead = At(head);
        else if (LogPatterns.PythonFrame.Match(text) is { Success: true } frame)
        {
            var place = At(frame);
            // The innermost frame of the repository.
            if (RepositoryPaths.IsOwn(Relative(place.File))) ahead = place;
        }
        else if (LogPatterns.FileAlone.Match(text) is { Success: true } file) lintFile = file.Groups["file"].Value;
        else if (text.StartsWith("Traceback", StringComparison.Ordinal)) ahead = null;
    }

    private void Keep(Finding found)
    {
        if (!known.Add((found.Level, found.File, found.Line, found.Column, found.Message)))
        {
            open = -1;
            return;
        }
        var count = counts.GetValueOrDefault(found.Level);
        if (count >= Most)
        {
            Left++;
            // What is told twice is counted once, as long as that costs no more than what is kept.
            if (known.Count > 4 * Most) known.Clear();
            open = -1;
            return;
        }
        counts[found.Level] = count + 1;
        all.Add(found);
    }

    private Finding Of(Match match, HostLogLine line, FindingLevel level, FindingWeight weight) => new(
        level, match.Groups["file"].Success ? Relative(match.Groups["file"].Value) : null,
        Number(match.Groups["line"].Value), Number(match.Groups["column"].Value),
        match.Groups["code"].Success ? match.Groups["code"].Value : null, Message(match.Groups["text"].Value),
        line.Source, line.At, weight);

    private static Finding Of(string text, HostLogLine line, FindingLevel level) =>
        new(level, null, null, null, null, Message(text), line.Source, line.At, FindingWeight.Told);

    private static (string File, int Line) At(Match match) =>
        (match.Groups["file"].Value, Number(match.Groups["line"].Value) ?? 1);

    private static FindingLevel Level(Match match) => match.Groups["kind"].Value.ToLowerInvariant() switch
    {
        "warning" => FindingLevel.Warning,
        "notice" => FindingLevel.Notice,
        _ => FindingLevel.Error,
    };

    /// <summary>MSBuild names the project behind its text.</summary>
    private static string Message(string text)
    {
        var project = text.LastIndexOf(" [/", StringComparison.Ordinal);
        if (project > 0 && text.EndsWith("proj]", StringComparison.Ordinal)) text = text[..project];
        return Words.Short(text.Trim(), LongestMessage);
    }

    private string Relative(string path) => paths.Relative(path);

    private static int? Number(string? text) => RepositoryPaths.Number(text);

    private static string Decoded(string text) => text.Contains('%')
        ? text.Replace("%0D", "", StringComparison.Ordinal).Replace("%0A", "\n", StringComparison.Ordinal)
            .Replace("%3A", ":", StringComparison.Ordinal).Replace("%2C", ",", StringComparison.Ordinal)
            .Replace("%25", "%", StringComparison.Ordinal)
        : text;
}
