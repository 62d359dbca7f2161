using System.Globalization;
using System.Text;

namespace Portal.Core.Schema;

/// <summary>
/// Rewrites an ECMA-262 pattern as one of .NET with the same meaning. They differ in \d \w \s (ASCII here), $ (the very
/// end here), characters beyond the BMP (one here, two there), classes such as [] and [^], and in what .NET alone
/// understands, which is refused.
/// </summary>
/// <remarks>
/// Patterns of JSON Schema are read with JavaScript's flag <c>u</c>: whole characters, properties, no unknown escape.
/// Those of the template language, <c>r/…/</c>, are read without it, as Nunjucks does: halves of characters, any escape
/// for itself, and flags. That is another translator (<c>RegexTranslator</c>), on the floor below.
/// </remarks>
internal sealed class EcmaRegexTranslator(string pattern)
{
    private const string AnyPair = @"[\uD800-\uDBFF][\uDC00-\uDFFF]";

    private readonly StringBuilder @out = new(pattern.Length * 2);
    private int at;

    private bool More => at < pattern.Length;

    public string Translate()
    {
        while (More) Step();

        return @out.ToString();
    }

    private void Step()
    {
        var c = pattern[at];
        switch (c)
        {
            case '\\':
                Escape();
                break;
            case '[':
                at++;
                new EcmaClassTranslator(this).Translate();
                break;
            case '(':
                Group();
                break;
            case '$':
                at++;
                @out.Append(@"\z");
                break;
            case '.':
                at++;
                @out.Append($@"(?>{AnyPair}|[^\n\r\u2028\u2029])");
                break;
            case '#' or ' ':
                at++;
                @out.Append('\\').Append(c);
                break;
            default:
                Literal();
                break;
        }
    }

    private void Literal()
    {
        if (at + 1 < pattern.Length && char.IsSurrogatePair(pattern[at], pattern[at + 1]))
        {
            @out.Append("(?:").Append(pattern, at, 2).Append(')');
            at += 2;
            return;
        }

        @out.Append(pattern[at++]);
    }

    private void Group()
    {
        at++;
        if (!More || pattern[at] != '?')
        {
            @out.Append('(');
            return;
        }

        var rest = pattern.AsSpan(at);
        var isNamed = rest.StartsWith("?<") && rest.Length > 2 && rest[2] is not ('=' or '!');
        if (!isNamed && !rest.StartsWith("?:") && !rest.StartsWith("?=") && !rest.StartsWith("?!")
            && !rest.StartsWith("?<=") && !rest.StartsWith("?<!"))
        {
            throw new FormatException($"'(?' is followed by something that JavaScript does not know at position {at}");
        }

        var length = isNamed ? 2 : rest.StartsWith("?<") ? 3 : 2;
        @out.Append('(').Append(rest[..length]);
        at += length;
    }

    private void Escape()
    {
        var escape = ReadEscape(inClass: false);
        switch (escape.Kind)
        {
            case EscapeKind.Set:
                @out.Append('[').Append(escape.Text).Append(']');
                break;
            case EscapeKind.NegatedSet:
                @out.Append($"(?>{AnyPair}|[^").Append(escape.Text).Append("])");
                break;
            case EscapeKind.Character:
                @out.Append(escape.Text.Length > 6 ? $"(?:{escape.Text})" : escape.Text);
                break;
            default:
                @out.Append(escape.Text);
                break;
        }
    }

    /// <summary>Reads what follows a backslash; the position is at the backslash.</summary>
    public EcmaEscape ReadEscape(bool inClass)
    {
        at++;
        if (!More) throw new FormatException("it ends in a backslash");

        var c = pattern[at++];
        return c switch
        {
            'd' => new EcmaEscape(EscapeKind.Set, "0-9"),
            'w' => new EcmaEscape(EscapeKind.Set, "A-Za-z0-9_"),
            's' => new EcmaEscape(EscapeKind.Set, EcmaSets.Space),
            'D' => new EcmaEscape(EscapeKind.NegatedSet, "0-9"),
            'W' => new EcmaEscape(EscapeKind.NegatedSet, "A-Za-z0-9_"),
            'S' => new EcmaEscape(EscapeKind.NegatedSet, EcmaSets.Space),
            'b' => inClass ? EcmaEscape.Of('\b') : new EcmaEscape(EscapeKind.Assertion, BoundaryWord(negated: false)),
            'B' when !inClass => new EcmaEscape(EscapeKind.Assertion, BoundaryWord(negated: true)),
            'n' => EcmaEscape.Of('\n'),
            'r' => EcmaEscape.Of('\r'),
            't' => EcmaEscape.Of('\t'),
            'f' => EcmaEscape.Of('\f'),
            'v' => EcmaEscape.Of('\v'),
            '0' when !More || !char.IsAsciiDigit(pattern[at]) => EcmaEscape.Of('\0'),
            >= '1' and <= '9' when !inClass => BackReference(),
            'k' when !inClass => NamedReference(),
            'c' => Control(),
            'x' => EcmaEscape.Of((char)Hex(2)),
            'u' => CodePoint(),
            'p' or 'P' => Property(c == 'P'),
            _ when char.IsAsciiLetterOrDigit(
                c) => throw new FormatException($"\\{c} is not an escape that JavaScript knows"),
            _ => EcmaEscape.Of(c),
        };
    }

    private static string BoundaryWord(bool negated)
    {
        const string word = "[A-Za-z0-9_]";
        return negated
            ? $"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))"
            : $"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))";
    }

    private EcmaEscape BackReference()
    {
        var start = at - 1;
        while (More && char.IsAsciiDigit(pattern[at])) at++;

        return new EcmaEscape(EscapeKind.Assertion, $"(?:\\{pattern[start..at]})");
    }

    private EcmaEscape NamedReference()
    {
        var end = pattern.IndexOf('>', at);
        if (!More || pattern[at] != '<' || end < 0) throw new FormatException("\\k needs a group name: \\k<name>");

        var name = pattern[at..(end + 1)];
        at = end + 1;
        return new EcmaEscape(EscapeKind.Assertion, "\\k" + name);
    }

    private EcmaEscape Control()
    {
        if (!More || !char.IsAsciiLetter(pattern[at])) throw new FormatException("\\c needs a letter");

        return EcmaEscape.Of((char)(pattern[at++] % 32));
    }

    private int Hex(int digits)
    {
        if (at + digits > pattern.Length || !int.TryParse(
            pattern.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            throw new FormatException($"{digits} hexadecimal digits are missing at position {at}");
        }

        at += digits;
        return value;
    }

    private EcmaEscape CodePoint()
    {
        if (More && pattern[at] == '{')
        {
            var end = pattern.IndexOf('}', at);
            if (end < 0 || !int.TryParse(
                pattern.AsSpan(at + 1, end - at - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var point) || point > 0x10FFFF)
            {
                throw new FormatException("\\u{…} needs a code point");
            }

            at = end + 1;
            return point < 0x10000 ? EcmaEscape.Of((char)point) : EcmaEscape.Of(char.ConvertFromUtf32(point));
        }

        var first = (char)Hex(4);
        if (char.IsHighSurrogate(first) && pattern.AsSpan(at).StartsWith("\\u")
            && !pattern.AsSpan(at).StartsWith("\\u{"))
        {
            var mark = at;
            at += 2;
            var second = (char)Hex(4);
            if (char.IsLowSurrogate(second)) return EcmaEscape.Of(string.Concat(first, second));

            at = mark;
        }

        return EcmaEscape.Of(first);
    }

    private EcmaEscape Property(bool negated)
    {
        var end = More && pattern[at] == '{' ? pattern.IndexOf('}', at) : -1;
        if (end < 0) throw new FormatException("\\p needs a property: \\p{Letter}");

        var name = pattern[(at + 1)..end];
        at = end + 1;
        var set =
            EcmaSets.Property(name) ?? throw new FormatException($"the Unicode property '{name}' is not supported");
        return new EcmaEscape(negated ? EscapeKind.NegatedSet : EscapeKind.Set, set);
    }

    // What the translator of a class needs of this one.
    internal bool HasMore => More;

    internal char Current => pattern[at];

    internal char Next() => pattern[at++];

    internal StringBuilder Output => @out;

    internal const string Pair = AnyPair;
}

internal enum EscapeKind
{
    Character,
    Set,
    NegatedSet,
    Assertion,
}

/// <param name="Kind">What it stands for.</param>
/// <param name="Text">A character as .NET writes it, the inside of a class, or a whole group.</param>
internal readonly record struct EcmaEscape(EscapeKind Kind, string Text)
{
    public static EcmaEscape Of(char c) => new(EscapeKind.Character, Write(c));

    public static EcmaEscape Of(string pair) => new(EscapeKind.Character, Write(pair[0]) + Write(pair[1]));

    public static string Write(char c) => char.IsAsciiLetterOrDigit(c) ? c.ToString() : $"\\u{(int)c:X4}";
}
