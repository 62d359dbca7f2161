using System.Globalization;
using System.Numerics;

namespace Portal.Templating.Methods;

/// <summary>
/// The exact decimal digits of a double, rounded half up as JavaScript does; .NET rounds halves to even.
/// </summary>
internal static class ExactDecimal
{
    /// <summary>A number that is not negative with this many digits after the point.</summary>
    public static string Fixed(double magnitude, int digits)
    {
        var text = Scaled(magnitude, digits).ToString(CultureInfo.InvariantCulture).PadLeft(digits + 1, '0');
        return digits == 0 ? text : $"{text[..^digits]}.{text[^digits..]}";
    }

    /// <summary>The digits of a number that is not negative, this many after the first, and its exponent.</summary>
    public static (string Digits, int Exponent) Exponential(double magnitude, int digits)
    {
        if (magnitude == 0) return (new string('0', digits + 1), 0);

        var exponent = (int)Math.Floor(Math.Log10(magnitude));
        while (true)
        {
            // The estimate may be one off, and rounding may add a digit.
            var text = Scaled(magnitude, digits - exponent).ToString(CultureInfo.InvariantCulture);
            if (text.Length == digits + 1) return (text, exponent);

            exponent += text.Length > digits + 1 ? 1 : -1;
        }
    }

    /// <summary>The number times ten to the power of <paramref name="scale"/>, rounded half up.</summary>
    private static BigInteger Scaled(double magnitude, int scale)
    {
        var bits = BitConverter.DoubleToInt64Bits(magnitude);
        var exponent = (int)((bits >> 52) & 0x7ff);
        var mantissa = bits & 0xfffffffffffff;
        (mantissa, exponent) = exponent == 0 ? (mantissa, -1074) : (mantissa | 0x10000000000000, exponent - 1075);
        BigInteger numerator = mantissa;
        var denominator = BigInteger.One;
        (numerator, denominator) =
            exponent >= 0 ? (numerator << exponent, denominator) : (numerator, denominator << -exponent);
        (numerator, denominator) = scale >= 0
            ? (numerator * BigInteger.Pow(10, scale), denominator)
            : (numerator, denominator * BigInteger.Pow(10, -scale));
        return ((2 * numerator) + denominator) / (2 * denominator);
    }
}
