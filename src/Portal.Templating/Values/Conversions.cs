using System.Runtime.CompilerServices;
using System.Text;

namespace Portal.Templating;

/// <summary>JavaScript's conversions between kinds of values.</summary>
internal static class Conversions
{
    public static string ToText(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.String or ValueKind.SafeString:
                return value.AsString;
            case ValueKind.Undefined:
                return "undefined";
            case ValueKind.Null:
                return "null";
            case ValueKind.Boolean:
                return value.AsBoolean ? "true" : "false";
            case ValueKind.Number:
                return NumberText.Format(value.AsNumber);
            case ValueKind.Object:
                return "[object Object]";
            case ValueKind.Regex:
                return value.AsRegex.ToString();
            case ValueKind.Unknown:
                throw new UnknownValueException(value.AsUnknown.Description);
            case ValueKind.Callable:
                throw new EvaluationError(
                    $"'{value.AsCallable.Name}' is a function; call it, as in '{value.AsCallable.Name}()'");
            default:
                return Join(value.AsArray, ",");
        }
    }

    /// <summary><c>array.join(separator)</c>: undefined and null items are empty.</summary>
    public static string Join(ArrayValue array, string separator)
    {
        var text = new StringBuilder();
        AppendJoined(text, array, separator);
        return text.ToString();
    }

    private static void AppendJoined(StringBuilder text, ArrayValue array, string separator)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new TemplateLimitException("An array is nested too deeply, or holds itself.");
        }

        for (var index = 0; index < array.Count; index++)
        {
            if (index > 0) text.Append(separator);

            var item = array[index];
            if (item.Kind == ValueKind.Array) AppendJoined(text, item.AsArray, ",");
            else if (!item.IsNullish) text.Append(ToText(item));

            TextLimit.Check(text.Length);
        }
    }

    public static double ToNumber(Value value) => value.Kind switch
    {
        ValueKind.Number => value.AsNumber,
        ValueKind.Undefined => double.NaN,
        ValueKind.Null => 0,
        ValueKind.Boolean => value.AsBoolean ? 1 : 0,
        ValueKind.String or ValueKind.SafeString => NumberText.Parse(value.AsString),
        ValueKind.Unknown => throw new UnknownValueException(value.AsUnknown.Description),
        ValueKind.Array => NumberText.Parse(ToText(value)),
        _ => double.NaN,
    };

    /// <summary>An argument as a whole number: NaN is zero, and it fits an int.</summary>
    public static int ToInteger(Value value) => ToInteger(ToNumber(value));

    public static int ToInteger(double number) =>
        double.IsNaN(number) ? 0 : (int)Math.Clamp(Math.Truncate(number), int.MinValue, int.MaxValue);

    public static int ToInt32(double number)
    {
        if (!double.IsFinite(number)) return 0;

        var rest = Math.Truncate(number) % 4294967296d;
        return unchecked((int)(uint)(long)rest);
    }

    /// <summary>Objects become text where an operator needs a primitive.</summary>
    public static Value ToPrimitive(Value value) => value.Kind switch
    {
        ValueKind.Array or ValueKind.Object or ValueKind.Regex or ValueKind.Callable => Value.From(ToText(value)),
        ValueKind.SafeString => Value.From(value.AsString),
        ValueKind.Unknown => throw new UnknownValueException(value.AsUnknown.Description),
        _ => value,
    };

    /// <summary>What <c>typeof</c> would call it, in words for messages.</summary>
    public static string Describe(Value value) => value.Kind switch
    {
        ValueKind.Undefined => "undefined",
        ValueKind.Null => "null",
        ValueKind.Boolean => "a boolean",
        ValueKind.Number => "a number",
        ValueKind.String or ValueKind.SafeString => "a string",
        ValueKind.Array => "an array",
        ValueKind.Object => "an object",
        ValueKind.Regex => "a regular expression",
        ValueKind.Unknown => "not known yet",
        _ => "a function",
    };
}
