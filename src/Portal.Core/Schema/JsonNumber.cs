using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Core.Schema;

/// <summary>
/// A JSON number held exactly as digits × 10^exponent without trailing zeros, so that 1 equals 1.0 and 0.3 is a
/// multiple of 0.1.
/// </summary>
internal readonly struct JsonNumber : IComparable<JsonNumber>, IEquatable<JsonNumber>
{
    /// <summary>Longer literals are refused before validation: exact arithmetic on them would cost too much.</summary>
    public const int MaxLiteralLength = 1_000;

    private readonly BigInteger digits;
    private readonly long exponent;

    private JsonNumber(BigInteger digits, long exponent) => (this.digits, this.exponent) = (digits, exponent);

    public static bool TryGet(JsonNode? node, out JsonNumber number)
    {
        number = default;
        return node is JsonValue value && value.GetValueKind() == JsonValueKind.Number
            && TryParse(value.ToJsonString(), out number);
    }

    public static bool TryParse(string literal, out JsonNumber number)
    {
        number = default;
        if (literal.Length is 0 or > MaxLiteralLength) return false;

        var mantissa = literal.AsSpan();
        long exponent = 0;
        var e = mantissa.IndexOfAny('e', 'E');
        if (e >= 0)
        {
            // Exponents beyond 18 digits mean nothing that a form could hold; they saturate and still compare by size.
            if (!BigInteger.TryParse(
                mantissa[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var big))
            {
                return false;
            }

            exponent = (long)BigInteger.Clamp(big, -1_000_000_000_000_000, 1_000_000_000_000_000);
            mantissa = mantissa[..e];
        }

        var point = mantissa.IndexOf('.');
        var digits = point < 0 ? mantissa.ToString() : string.Concat(mantissa[..point], mantissa[(point + 1)..]);
        if (point >= 0) exponent -= mantissa.Length - point - 1;

        var kept = digits.TrimEnd('0');
        if (kept.Length == 0 || kept is "-" or "+")
        {
            number = new JsonNumber(BigInteger.Zero, 0);
            return digits.Length > 0;
        }

        if (!BigInteger.TryParse(kept, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        number = new JsonNumber(value, exponent + digits.Length - kept.Length);
        return true;
    }

    public bool IsInteger => exponent >= 0;

    public bool IsPositive => digits.Sign > 0;

    /// <summary>The value as an <see cref="int"/> when it is a whole number that fits; else false.</summary>
    public bool TryGetInt32(out int value)
    {
        value = 0;
        if (!IsInteger || exponent > 10) return false;

        var whole = digits * BigInteger.Pow(10, (int)exponent);
        if (whole < int.MinValue || whole > int.MaxValue) return false;

        value = (int)whole;
        return true;
    }

    public bool IsMultipleOf(JsonNumber divisor)
    {
        if (digits.IsZero) return true;

        if (divisor.digits.IsZero) return false;

        var shift = exponent - divisor.exponent;
        if (shift >= 0)
        {
            return (digits % divisor.digits * BigInteger.ModPow(
                10, shift, BigInteger.Abs(divisor.digits)) % divisor.digits).IsZero;
        }

        // Our digits end in a non-zero digit, so they cannot be a multiple of a power of ten.
        return false;
    }

    public int CompareTo(JsonNumber other)
    {
        if (digits.Sign != other.digits.Sign || digits.IsZero) return digits.Sign.CompareTo(other.digits.Sign);

        var size = Magnitude().CompareTo(other.Magnitude());
        if (size != 0) return size * digits.Sign;

        // The same magnitude: the exponents differ by no more than the literals are long.
        var shift = exponent - other.exponent;
        return shift >= 0
            ? (digits * BigInteger.Pow(10, (int)shift)).CompareTo(other.digits)
            : digits.CompareTo(other.digits * BigInteger.Pow(10, (int)-shift));
    }

    public bool Equals(JsonNumber other) => exponent == other.exponent && digits == other.digits;

    public override bool Equals(object? obj) => obj is JsonNumber other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(digits, exponent);

    private long Magnitude() => BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture).Length + exponent;
}
