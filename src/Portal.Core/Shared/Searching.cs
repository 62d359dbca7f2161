using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;

namespace Portal.Core.Shared;

/// <summary>A row with the texts that it is looked for by.</summary>
public sealed class Searched<T>
{
    public required T Row { get; init; }

    /// <summary>What it is called: slips of the finger are forgiven in these, and they count first.</summary>
    public required string Names { get; init; }

    /// <summary>The names and all else.</summary>
    public required string All { get; init; }
}

/// <summary>
/// What somebody types into a search, as conditions for the database: it finds the few rows that may be meant, however
/// many there are, and who asks scores those.
/// </summary>
public static class Searching
{
    /// <summary>Rows that are looked at closer: those that hold what was typed, and those that nearly do.</summary>
    private const int MostExact = 50, MostNear = 200;
    private const int LongestWord = 40, MostWords = 8;
    private const string Between = "[-_ ./:,]";

    /// <returns>The best guess first; one may stand in it twice.</returns>
    /// <param name="enough">When so many hold what was typed, nobody needs those that nearly do.</param>
    public static async Task<IReadOnlyList<T>> CandidatesAsync<T>(
        this IQueryable<Searched<T>> rows, string typed, int enough, CancellationToken cancellation)
    {
        var words = Words(typed);
        if (words.Count == 0) return [];
        var exact = await Ranked(words.Aggregate(rows, Holding), typed).Take(MostExact).Select(s => s.Row)
            .ToListAsync(cancellation);
        if (exact.Count >= enough || words.TrueForAll(w => w.Length < LettersForOneSlip)) return exact;
        var near = await Nearest(words.Aggregate(rows, NearlyHolding), words).Take(MostNear).Select(s => s.Row)
            .ToListAsync(cancellation);
        return [.. exact, .. near];
    }

    /// <summary>As many slips are forgiven as a word is long enough for.</summary>
    private const int LettersForOneSlip = 4, LettersForTwoSlips = 8;

    private static List<string> Words(string typed) =>
        [.. typed.ToLowerInvariant()
            .Split(
                [' ', '-', '_', '.', '/', ':', ','],
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Take(MostWords).Select(w => w.Length <= LongestWord ? w : w[..LongestWord])];

    private static IQueryable<Searched<T>> Ranked<T>(IQueryable<Searched<T>> rows, string typed)
    {
        var inside = Like.Containing(typed.Trim());
        var beginning = inside[1..];
        return rows.OrderByDescending(s => EF.Functions.ILike(s.Names, beginning))
            .ThenByDescending(s => EF.Functions.ILike(s.Names, inside))
            .ThenBy(s => s.Names.Length).ThenBy(s => s.Names);
    }

    /// <summary>Those first that hold most of the words as they are, then most of their pieces.</summary>
    private static IQueryable<Searched<T>> Nearest<T>(IQueryable<Searched<T>> rows, List<string> words)
    {
        var whole = words.Select(Like.Containing).ToArray();
        var pieces =
            words.Where(w => w.Length >= LettersForOneSlip).SelectMany(Pieces).Select(Like.Containing).ToArray();
        return rows.OrderByDescending(s => whole.Count(p => EF.Functions.ILike(s.Names, p)))
            .ThenByDescending(s => pieces.Count(p => EF.Functions.ILike(s.Names, p)))
            .ThenBy(s => s.Names.Length).ThenBy(s => s.Names);
    }

    private static IQueryable<Searched<T>> Holding<T>(IQueryable<Searched<T>> rows, string word)
    {
        var like = Like.Containing(word);
        // Letters and digits alone mean themselves in a pattern.
        if (!word.All(char.IsLetterOrDigit)) return rows.Where(s => EF.Functions.ILike(s.All, like));
        var initials = string.Join($"[^{Between[1..^1]}]*{Between}+", word.ToCharArray());
        var pattern = $"(^|{Between}){initials}";
        return word.Length == 1
            ? rows.Where(s => Regex.IsMatch(s.All, pattern, RegexOptions.IgnoreCase))
            : rows.Where(s =>
                EF.Functions.ILike(s.All, like) || Regex.IsMatch(s.Names, pattern, RegexOptions.IgnoreCase));
    }

    private static IQueryable<Searched<T>> NearlyHolding<T>(IQueryable<Searched<T>> rows, string word)
    {
        if (word.Length < LettersForOneSlip) return Holding(rows, word);
        var pieces = Pieces(word).Select(Like.Containing).ToArray();
        return rows.Where(s => pieces.Any(p => EF.Functions.ILike(s.Names, p)));
    }

    /// <summary>
    /// Of a word with so many slips that is cut into one piece more, a piece has none. Two letters that are swapped
    /// across a cut spoil both sides, so they are also swapped back.
    /// </summary>
    internal static IReadOnlyList<string> Pieces(string word)
    {
        var count = word.Length >= LettersForTwoSlips ? 3 : 2;
        var cuts = Enumerable.Range(0, count + 1).Select(i => i * word.Length / count).ToArray();
        var pieces = new List<string>(Cut(word));
        foreach (var cut in cuts[1..^1])
        {
            pieces.AddRange(Cut($"{word[..(cut - 1)]}{word[cut]}{word[cut - 1]}{word[(cut + 1)..]}"));
        }
        return [.. pieces.Distinct(StringComparer.Ordinal)];

        IEnumerable<string> Cut(string text) => Enumerable.Range(0, count).Select(i => text[cuts[i]..cuts[i + 1]]);
    }
}
