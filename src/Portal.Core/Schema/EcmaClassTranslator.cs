using System.Text;

namespace Portal.Core.Schema;

/// <summary>Rewrites one class, from after its [ to its ].</summary>
internal sealed class EcmaClassTranslator(EcmaRegexTranslator source)
{
    private readonly StringBuilder set = new();
    private readonly List<string> pairs = [];
    private bool anyPair;

    public void Translate()
    {
        var negated = source.HasMore && source.Current == '^';
        if (negated) source.Next();

        while (true)
        {
            if (!source.HasMore) throw new FormatException("a [ is not closed");

            if (source.Current == ']')
            {
                source.Next();
                break;
            }

            Member();
        }

        Write(negated);
    }

    private void Member()
    {
        var first = Atom();
        if (first.Kind == EscapeKind.Character && source.HasMore && source.Current == '-')
        {
            source.Next();
            if (!source.HasMore || source.Current == ']')
            {
                Add(first);
                set.Append("\\-");
                return;
            }

            var last = Atom();
            if (last.Kind == EscapeKind.Character)
            {
                Range(first.Text, last.Text);
                return;
            }

            Add(first);
            set.Append("\\-");
            Add(last);
            return;
        }

        Add(first);
    }

    private EcmaEscape Atom()
    {
        if (source.Current == '\\') return source.ReadEscape(inClass: true);

        var c = source.Next();
        return char.IsHighSurrogate(c) && source.HasMore && char.IsLowSurrogate(source.Current)
            ? EcmaEscape.Of(string.Concat(c, source.Next()))
            : EcmaEscape.Of(c);
    }

    private void Add(EcmaEscape atom)
    {
        if (atom.Kind == EscapeKind.NegatedSet)
        {
            set.Append(EcmaSets.Complement(atom.Text));
            anyPair = true;
        }
        else if (atom.Text.Length > 6 && atom.Kind == EscapeKind.Character)
        {
            pairs.Add(atom.Text);
        }
        else
        {
            set.Append(atom.Text);
        }
    }

    private void Range(string first, string last)
    {
        if (first.Length <= 6 && last.Length <= 6)
        {
            set.Append(first).Append('-').Append(last);
            return;
        }

        var from = first.Length > 6 ? Point(first) : 0x10000;
        var to = Point(last);
        if (last.Length <= 6 || from > to) throw new FormatException("a range in [ ] is out of order");

        if (first.Length <= 6) set.Append(first).Append("-\\uFFFF");

        Pairs(from, to);
    }

    /// <summary>
    /// A range beyond the BMP, as pairs: by leading half, with the trailing halves that belong to it.
    /// </summary>
    private void Pairs(int from, int to)
    {
        var (high, low) = Halves(from);
        var (lastHigh, lastLow) = Halves(to);
        if (high == lastHigh)
        {
            pairs.Add($"\\u{high:X4}[\\u{low:X4}-\\u{lastLow:X4}]");
            return;
        }

        pairs.Add($"\\u{high:X4}[\\u{low:X4}-\\uDFFF]");
        if (lastHigh - high > 1) pairs.Add($"[\\u{high + 1:X4}-\\u{lastHigh - 1:X4}][\\uDC00-\\uDFFF]");

        pairs.Add($"\\u{lastHigh:X4}[\\uDC00-\\u{lastLow:X4}]");
    }

    private static (int High, int Low) Halves(int point) =>
        (0xD800 + ((point - 0x10000) >> 10), 0xDC00 + ((point - 0x10000) & 0x3FF));

    private static int Point(string written)
        => written.Length <= 6
            ? 0
            : char.ConvertToUtf32((char)Convert.ToInt32(written[2..6], 16), (char)Convert.ToInt32(written[8..12], 16));

    private void Write(bool negated)
    {
        var pairs = anyPair ? EcmaRegexTranslator.Pair : string.Join('|', this.pairs);
        if (negated)
        {
            var except = pairs.Length == 0 ? "" : $"(?!{pairs})";
            var single = set.Length == 0 ? "[\\s\\S]" : $"[^{set}]";
            source.Output.Append($"(?>{except}(?:{EcmaRegexTranslator.Pair}|{single}))");
        }
        else if (pairs.Length == 0)
        {
            source.Output.Append(set.Length == 0 ? "(?!)" : $"[{set}]");
        }
        else
        {
            source.Output.Append(set.Length == 0 ? $"(?:{pairs})" : $"(?:{pairs}|[{set}])");
        }
    }
}
