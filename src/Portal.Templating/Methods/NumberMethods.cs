using System.Collections.Frozen;
using System.Globalization;
using Portal.Templating.Filters;

namespace Portal.Templating.Methods;

/// <summary>JavaScript's methods of numbers.</summary>
internal static class NumberMethods
{
    public static FrozenDictionary<string, Method> All { get; } = new Dictionary<string, Method>
    {
        ["toFixed"] = (_, self, args) => Fixed(self.AsNumber, Digits(args.At(0), 0, 0)),
        ["toPrecision"] = (_, self, args) => args.At(0).IsUndefined
            ? Value.From(self.ToString())
            : Precision(self.AsNumber, Digits(args.At(0), 1, 1)),
        ["toExponential"] =
            (_, self, args) => Exponential(self.AsNumber, args.At(0).IsUndefined ? -1 : Digits(args.At(0), 0, 0)),
        ["toString"] = (_, self, args) => Text(self.AsNumber, args.At(0)),
        ["valueOf"] = (_, self, _) => self,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static int Digits(Value value, int fallback, int minimum)
    {
        var digits = value.IsUndefined ? fallback : Conversions.ToInteger(value);
        return digits < minimum || digits > 100
            ? throw new EvaluationError($"the number of digits must be between {minimum} and 100")
            : digits;
    }

    private static Value Fixed(double number, int digits)
    {
        if (!double.IsFinite(number) || Math.Abs(number) >= 1e21) return Value.From(NumberText.Format(number));

        return Value.From((number < 0 ? "-" : "") + ExactDecimal.Fixed(Math.Abs(number), digits));
    }

    private static Value Exponential(double number, int digits)
    {
        if (!double.IsFinite(number)) return Value.From(NumberText.Format(number));

        var (text, exponent) = ExactDecimal.Exponential(Math.Abs(number), digits < 0 ? ShortestDigits(number) : digits);
        var mantissa = text.Length == 1 ? text : $"{text[0]}.{text[1..]}";
        return Value.From(
            $"{(number < 0 ? "-" : "")}{mantissa}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent).ToString(CultureInfo.InvariantCulture)}");
    }

    // The fewest digits behind the first that read back the same.
    private static int ShortestDigits(double number)
    {
        for (var digits = 0; digits < 17; digits++)
        {
            if (double.Parse(
                number.ToString("e" + digits, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) == number)
            {
                return digits;
            }
        }

        return 17;
    }

    private static Value Precision(double number, int digits)
    {
        if (!double.IsFinite(number)) return Value.From(NumberText.Format(number));

        var (_, exponent) = ExactDecimal.Exponential(Math.Abs(number), digits - 1);
        return exponent < -6 || exponent >= digits
            ? Exponential(number, digits - 1)
            : Value.From((number < 0 ? "-" : "") + ExactDecimal.Fixed(Math.Abs(number), digits - 1 - exponent));
    }

    private static Value Text(double number, Value radix)
    {
        var value = radix.IsUndefined ? 10 : Conversions.ToInteger(radix);
        return value switch
        {
            10 => Value.From(NumberText.Format(number)),
            >= 2 and <= 36 => Value.From(NumberText.FormatRadix(number, value)),
            _ => throw new EvaluationError("'toString' takes a radix between 2 and 36"),
        };
    }
}
