using System.Globalization;
using System.Net;
using System.Text;

namespace Portal.Core.Runs.Masking;

/// <summary>A text, and for each of its characters the place in the original that it comes from.</summary>
internal sealed class DecodedText
{
    private static readonly System.Buffers.SearchValues<char> Encoded = System.Buffers.SearchValues.Create(@"\&%");

    private readonly string text;
    private readonly int[] from;
    private readonly int[] to;

    private DecodedText(string text, int[] from, int[] to) => (this.text, this.from, this.to) = (text, from, to);

    public string Text => text;

    public static DecodedText Of(string text)
    {
        var from = new int[text.Length];
        var to = new int[text.Length];
        for (var i = 0; i < text.Length; i++) (from[i], to[i]) = (i, i + 1);
        return new DecodedText(text, from, to);
    }

    /// <summary>Where a part of this text stands in the original.</summary>
    public (int From, int To) Original(int start, int length) => (from[start], to[start + length - 1]);

    /// <summary>
    /// Without one layer of JSON's, HTML's and URLs' escapes, whichever there are; null when there are none.
    /// </summary>
    public DecodedText? Decode()
    {
        if (!text.AsSpan().ContainsAny(Encoded)) return null;
        var result = new Builder(this);
        for (var i = 0; i < text.Length;)
        {
            var taken = text[i] switch
            {
                '\\' => Backslash(i, result),
                '&' => Entity(i, result),
                '%' => Percents(i, result),
                _ => 0,
            };
            if (taken == 0) result.Add(text[i], i, taken = 1);
            i += taken;
        }
        return result.Length == text.Length && result.Same(text) ? null : result.ToText();
    }

    /// <summary>
    /// Without what differs between ways of writing the same: blanks and line breaks (indented, folded, <c>+</c> in
    /// forms), quotes and what escapes them.
    /// </summary>
    public DecodedText Squeeze()
    {
        var result = new Builder(this);
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsFiller(text[i])) result.Add(text[i], i, 1);
        }
        return result.Length == text.Length ? this : result.ToText();
    }

    public static bool IsFiller(char c) =>
        c is '+' or '\'' or '"' or '`' or '\\' || char.IsWhiteSpace(c) || char.IsControl(c);

    private int Backslash(int at, Builder result)
    {
        if (at + 1 >= text.Length) return 0;
        var next = text[at + 1];
        if (Hex(at + 2, next switch { 'u' => 4, 'x' => 2, 'U' => 8, _ => 0 }) is { } code)
        {
            var length = next switch { 'u' => 6, 'x' => 4, _ => 10 };
            foreach (var c in code is >= 0 and <= char.MaxValue
                ? ((char)code).ToString()
                : Rune.IsValid(code) ? new Rune(code).ToString() : "") result.Add(c, at, length);
            return length;
        }
        var plain = next switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\b',
            'f' => '\f',
            'v' => '\v',
            '0' => '\0',
            _ => next
        };
        if (plain == next && char.IsLetterOrDigit(next)) return 0;
        result.Add(plain, at, 2);
        return 2;
    }

    private int Entity(int at, Builder result)
    {
        const int longest = 32;
        var end = text.IndexOf(';', at, Math.Min(longest, text.Length - at));
        if (end < 0) return 0;
        var written = text[at..(end + 1)];
        var plain = written == "&apos;" ? "'" : WebUtility.HtmlDecode(written);
        if (plain == written) return 0;
        foreach (var c in plain) result.Add(c, at, written.Length);
        return written.Length;
    }

    private int Percents(int at, Builder result)
    {
        var bytes = new List<byte>();
        for (var i = at; i < text.Length && text[i] == '%' && Hex(i + 1, 2) is { } code; i += 3) bytes.Add((byte)code);
        var all = bytes.ToArray().AsSpan();
        for (var i = 0; i < all.Length;)
        {
            // Half a character is kept as it stands.
            var whole =
                Rune.DecodeFromUtf8(all[i..], out var rune, out var length) == System.Buffers.OperationStatus.Done;
            if (whole)
            {
                foreach (var c in rune.ToString()) result.Add(c, at + (3 * i), 3 * length);
            }
            else
            {
                for (var c = 0; c < 3 * length; c++) result.Add(text[at + (3 * i) + c], at + (3 * i) + c, 1);
            }
            i += length;
        }
        return 3 * all.Length;
    }

    private int? Hex(int at, int digits) =>
        digits > 0 && at + digits <= text.Length && int.TryParse(
            text.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
            out var code) ? code : null;

    private sealed class Builder(DecodedText source)
    {
        private readonly StringBuilder chars = new(source.text.Length);
        private readonly List<int> from = new(source.text.Length);
        private readonly List<int> to = new(source.text.Length);

        public int Length => chars.Length;

        public bool Same(string text) => chars.Equals(text.AsSpan());

        public void Add(char c, int at, int length)
        {
            chars.Append(c);
            from.Add(source.from[at]);
            to.Add(source.to[at + length - 1]);
        }

        public DecodedText ToText() => new(chars.ToString(), [.. from], [.. to]);
    }
}
