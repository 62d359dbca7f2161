using System.Globalization;
using System.Text;

namespace Portal.Templating;

/// <summary>Numbers as JavaScript writes and reads them.</summary>
internal static class NumberText
{
    /// <summary><c>String(number)</c>: the shortest digits that read back the same, in JavaScript's layout.</summary>
    public static string Format(double number)
    {
        if (number == 0) return "0";

        if (double.IsNaN(number)) return "NaN";

        if (double.IsInfinity(number)) return number > 0 ? "Infinity" : "-Infinity";

        if (Math.Abs(number) < 1e15 && number == Math.Floor(number))
        {
            return ((long)number).ToString(CultureInfo.InvariantCulture);
        }

        var (digits, point) = Digits(Math.Abs(number));
        return (number < 0 ? "-" : "") + Lay(digits, point);
    }

    /// <summary>The significant digits, and where the decimal point stands counted from their start.</summary>
    private static (string Digits, int Point) Digits(double number)
    {
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        var mantissa = shortest;
        var exponent = 0;
        var mark = shortest.IndexOf('E', StringComparison.Ordinal);
        if (mark >= 0)
        {
            mantissa = shortest[..mark];
            exponent = int.Parse(
                shortest.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        }

        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = dot < 0 ? mantissa : mantissa[..dot];
        var fraction = dot < 0 ? "" : mantissa[(dot + 1)..];
        var all = whole + fraction;
        var point = whole.Length + exponent;
        var leading = all.Length - all.TrimStart('0').Length;
        return (all[leading..].TrimEnd('0'), point - leading);
    }

    private static string Lay(string digits, int point)
    {
        if (point is > 0 and <= 21)
        {
            return digits.Length <= point
                ? digits + new string('0', point - digits.Length)
                : string.Concat(digits.AsSpan(0, point), ".", digits.AsSpan(point));
        }

        if (point is > -6 and <= 0) return "0." + new string('0', -point) + digits;

        return Exponential(digits, point - 1);
    }

    private static string Exponential(string digits, int exponent)
    {
        var sign = exponent < 0 ? "-" : "+";
        var mantissa = digits.Length == 1 ? digits : string.Concat(digits.AsSpan(0, 1), ".", digits.AsSpan(1));
        return $"{mantissa}e{sign}{Math.Abs(exponent).ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary><c>Number(text)</c>.</summary>
    public static double Parse(string text)
    {
        var span = text.AsSpan().Trim(Whitespace.Characters);
        if (span.Length == 0) return 0;

        if (span.Length > 2 && span[0] == '0')
        {
            var radix = (span[1] | 0x20) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 };
            if (radix != 0) return ParseDigits(span[2..], radix, whole: true);
        }

        var length = DecimalPrefix(span);
        return length == span.Length ? ParseDecimal(span) : double.NaN;
    }

    /// <summary><c>parseFloat(text)</c>: the longest prefix that is a number.</summary>
    public static double ParseFloat(string text)
    {
        var span = text.AsSpan().TrimStart(Whitespace.Characters);
        var length = DecimalPrefix(span);
        return length == 0 ? double.NaN : ParseDecimal(span[..length]);
    }

    /// <summary><c>parseInt(text, radix)</c>.</summary>
    public static double ParseInt(string text, double radixNumber)
    {
        var span = text.AsSpan().TrimStart(Whitespace.Characters);
        var negative = span.Length > 0 && span[0] == '-';
        if (span.Length > 0 && span[0] is '-' or '+') span = span[1..];

        var radix = Conversions.ToInt32(radixNumber);
        if ((radix is 0 or 16) && span.Length >= 2 && span[0] == '0' && (span[1] | 0x20) == 'x')
        {
            span = span[2..];
            radix = 16;
        }

        radix = radix == 0 ? 10 : radix;
        if (radix is < 2 or > 36) return double.NaN;

        var result = ParseDigits(span, radix, whole: false);
        return negative ? -result : result;
    }

    private static double ParseDigits(ReadOnlySpan<char> span, int radix, bool whole)
    {
        var length = 0;
        double result = 0;
        while (length < span.Length && DigitOf(span[length]) is var digit && digit < radix)
        {
            result = (result * radix) + digit;
            length++;
        }

        if (length == 0 || (whole && length < span.Length)) return double.NaN;

        return radix == 10 ? double.Parse(span[..length], NumberStyles.None, CultureInfo.InvariantCulture) : result;
    }

    private static int DigitOf(char character) => character switch
    {
        >= '0' and <= '9' => character - '0',
        >= 'a' and <= 'z' => character - 'a' + 10,
        >= 'A' and <= 'Z' => character - 'A' + 10,
        _ => int.MaxValue,
    };

    private static int DecimalPrefix(ReadOnlySpan<char> span)
    {
        var index = 0;
        if (index < span.Length && span[index] is '+' or '-') index++;

        if (span[index..].StartsWith("Infinity")) return index + 8;

        var start = index;
        index = SkipDigits(span, index);
        var digits = index - start;
        if (index < span.Length && span[index] == '.')
        {
            var afterDot = SkipDigits(span, index + 1);
            digits += afterDot - index - 1;
            index = digits > 0 ? afterDot : index;
        }

        if (digits == 0) return 0;

        if (index < span.Length && (span[index] | 0x20) == 'e')
        {
            var mark = index + 1;
            if (mark < span.Length && span[mark] is '+' or '-') mark++;

            var end = SkipDigits(span, mark);
            index = end > mark ? end : index;
        }

        return index;
    }

    private static int SkipDigits(ReadOnlySpan<char> span, int index)
    {
        while (index < span.Length && char.IsAsciiDigit(span[index])) index++;

        return index;
    }

    private static double ParseDecimal(ReadOnlySpan<char> span)
    {
        if (span.EndsWith("Infinity")) return span[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;

        return double.Parse(span, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary><c>number.toString(radix)</c> for a radix other than ten.</summary>
    public static string FormatRadix(double number, int radix)
    {
        if (!double.IsFinite(number) || number == 0) return Format(number);

        const string Symbols = "0123456789abcdefghijklmnopqrstuvwxyz";
        var magnitude = Math.Abs(number);
        var whole = Math.Floor(magnitude);
        var fraction = magnitude - whole;
        var text = new StringBuilder();
        do
        {
            var rest = whole % radix;
            text.Insert(0, Symbols[(int)rest]);
            whole = (whole - rest) / radix;
        }
        while (whole > 0);

        // Digits are written until they single out this double among its neighbours.
        var tolerance = Math.Max(0.5 * (Math.BitIncrement(magnitude) - magnitude), double.Epsilon);
        if (fraction >= tolerance)
        {
            text.Append('.');
            do
            {
                fraction *= radix;
                tolerance *= radix;
                var digit = (int)fraction;
                fraction -= digit;
                if (fraction > 0.5 && fraction + tolerance > 1 && digit + 1 < radix)
                {
                    digit++;
                    fraction = 0;
                }

                text.Append(Symbols[digit]);
            }
            while (fraction >= tolerance);
        }

        return (number < 0 ? "-" : "") + text;
    }
}
