namespace Portal.Web.Controls;

/// <summary>How well a text answers what somebody typed: typing errors forgiven, exactness rewarded.</summary>
public static class FuzzyMatch
{
    private const int LettersForOneSlip = 4;
    private const int LettersForTwoSlips = 8;

    /// <summary>Longer words are not typed, and comparing two costs the product of their lengths.</summary>
    private const int LongestWord = 40;

    /// <summary>Of a text that is looked through, in characters, and of a query, in words.</summary>
    private const int LongestText = 2_000, MostWords = 8;

    /// <summary>From 0 (not at all) to 100 (the very same). Every word of the query has to be found.</summary>
    public static int Score(string query, string text)
    {
        text = text.Length <= LongestText ? text : text[..LongestText];
        var wanted = Words(query.Length <= LongestText ? query : query[..LongestText]).Take(MostWords).ToArray();
        if (wanted.Length == 0) return 0;
        if (string.Equals(query.Trim(), text, StringComparison.OrdinalIgnoreCase)) return 100;
        var there = Words(text);
        var whole = text.ToLowerInvariant();
        var total = 0;
        foreach (var word in wanted)
        {
            var best = Best(word, there, whole);
            if (best == 0) return 0;
            total += best;
        }

        return total / wanted.Length;
    }

    /// <summary>
    /// The best of several texts about the same thing; the first is its name, the others count a little less.
    /// </summary>
    public static int Score(string query, string name, params ReadOnlySpan<string?> others)
    {
        var best = Score(query, name);
        foreach (var other in others)
        {
            if (other is not null) best = Math.Max(best, Score(query, other) * 3 / 4);
        }

        return best;
    }

    private static int Best(string word, string[] there, string whole)
    {
        if (whole.StartsWith(word, StringComparison.Ordinal)) return 95;
        var best = 0;
        foreach (var other in there)
        {
            if (other == word) return 90;
            if (other.StartsWith(word, StringComparison.Ordinal)) best = Math.Max(best, 85);
            else if (Slips(word, other) is var slips
                && slips <= Allowed(word)) best = Math.Max(best, slips == 1 ? 55 : 45);
        }

        if (best >= 85) return best;
        if (word.Length > 1 && whole.Contains(word, StringComparison.Ordinal)) return Math.Max(best, 70);
        if (word.Length > 1 && string.Concat(there.Select(w => w[0])).StartsWith(word, StringComparison.Ordinal))
        {
            return Math.Max(best, 60);
        }
        return best;
    }

    private static int Allowed(string word) =>
        word.Length >= LettersForTwoSlips ? 2 : word.Length >= LettersForOneSlip ? 1 : 0;

    /// <summary>
    /// Letters wrong, missing, too many or swapped, against the other word or as much of its beginning as was typed.
    /// </summary>
    private static int Slips(string typed, string other)
    {
        var limit = Allowed(typed);
        if (limit == 0 || typed.Length > LongestWord || other.Length < typed.Length - limit) return int.MaxValue;
        var best = int.MaxValue;
        for (var length = typed.Length - limit; length <= Math.Min(other.Length, typed.Length + limit); length++)
        {
            best = Math.Min(best, Distance(typed, other.AsSpan(0, length)));
        }

        return best;
    }

    private static int Distance(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= right.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var same = left[i - 1] == right[j - 1] ? 0 : 1;
                var cost = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + same);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    cost = Math.Min(cost, rows[i - 2, j - 2] + 1);
                }
                rows[i, j] = cost;
            }
        }

        return rows[left.Length, right.Length];
    }

    private static string[] Words(string text) =>
        text.ToLowerInvariant().Split(
            [' ', '-', '_', '.', '/', ':', ','],
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
