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
        ["toPrecision"] = (_, self, args) => args.At(0).IsUndefined ? Value.From(self.ToString()) : Precision(self.AsNumber, Digits(args.At(0), 1, 1)),
        ["toExponential"] = (_, self, args) => Exponential(self.AsNumber, args.At(0).IsUndefined ? -1 : Digits(args.At(0), 0, 0)),
        ["toString"] = (_, self, args) => Text(self.AsNumber, args.At(0)),
        ["valueOf"] = (_, self, _) => self,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static int Digits(Value value, int fallback, int minimum)
    {
        var digits = value.IsUndefined ? fallback : Conversions.ToInteger(value);
        return digits < minimum || digits > 100 ? throw new EvaluationError($"the number of digits must be between {minimum} and 100") : digits;
    }

    private static Value Fixed(double number, int digits)
    {
        if (!double.IsFinite(number) || Math.Abs(number) >= 1e21)
        {
            return Value.From(NumberText.Format(number));
        }

        var text = Math.Abs(number).ToString("F" + digits, CultureInfo.InvariantCulture);
        return Value.From((number < 0 ? "-" : "") + text);
    }

    private static Value Exponential(double number, int digits)
    {
        if (!double.IsFinite(number))
        {
            return Value.From(NumberText.Format(number));
        }

        var text = digits < 0 ? Shortest(number) : number.ToString("e" + digits, CultureInfo.InvariantCulture);
        var mark = text.IndexOf('e');
        var exponent = int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return Value.From($"{text[..mark]}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent).ToString(CultureInfo.InvariantCulture)}");
    }

    // The fewest digits that read back the same.
    private static string Shortest(double number)
    {
        for (var digits = 0; digits < 17; digits++)
        {
            var text = number.ToString("e" + digits, CultureInfo.InvariantCulture);
            if (double.Parse(text, CultureInfo.InvariantCulture) == number)
            {
                return text;
            }
        }

        return number.ToString("e17", CultureInfo.InvariantCulture);
    }

    private static Value Precision(double number, int digits)
    {
        if (!double.IsFinite(number))
        {
            return Value.From(NumberText.Format(number));
        }

        var scientific = number.ToString("e" + (digits - 1), CultureInfo.InvariantCulture);
        var exponent = int.Parse(scientific.AsSpan(scientific.IndexOf('e') + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent < -6 || exponent >= digits)
        {
            return Exponential(number, digits - 1);
        }

        var text = Math.Abs(number).ToString("F" + (digits - 1 - exponent), CultureInfo.InvariantCulture);
        return Value.From((number < 0 ? "-" : "") + text);
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
