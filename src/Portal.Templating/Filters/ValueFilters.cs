using Portal.Templating.Rendering;

namespace Portal.Templating.Filters;

/// <summary>Filters on numbers and on any value.</summary>
internal static class ValueFilters
{
    public static IEnumerable<KeyValuePair<string, TemplateFunction>> All { get; } =
        new Dictionary<string, TemplateFunction>
        {
            ["abs"] = (_, args) => Value.From(Math.Abs(args.At(0).ToNumber())),
            ["default"] = Default,
            ["d"] = Default,
            ["dump"] = Dump,
            ["float"] = (_, args) => OrDefault(NumberText.ParseFloat(args.At(0).ToString()), args.At(1)),
            ["int"] = Int,
            ["length"] = (_, args) => Length(args.At(0).OrEmpty()),
            ["round"] = Round,
        };

    private static Value Default(TemplateCall call, Value[] args)
    {
        var value = args.At(0);
        var isAbsent = args.At(2).IsTruthy ? !value.IsTruthy : value.IsUndefined;
        return isAbsent ? args.At(1) : value;
    }

    private static Value Dump(TemplateCall call, Value[] args)
    {
        var spaces = args.At(1);
        var gap = spaces.Kind switch
        {
            ValueKind.Number => new string(' ', Math.Clamp(Conversions.ToInteger(spaces), 0, 10)),
            ValueKind.String => spaces.AsString[..Math.Min(10, spaces.AsString.Length)],
            _ => "",
        };
        return JsonText.Write(args.At(0), gap) is { } text ? Value.From(text) : Value.Undefined;
    }

    private static Value Int(TemplateCall call, Value[] args)
    {
        var ordered = MacroArguments.Order(args, "value", "default", "base");
        var radix = ordered[2].IsUndefined ? 10 : ordered[2].ToNumber();
        return OrDefault(NumberText.ParseInt(ordered[0].ToString(), radix), ordered[1]);
    }

    private static Value OrDefault(double number, Value fallback) =>
        double.IsNaN(number) ? fallback : Value.From(number);

    private static Value Length(Value value) => value.Kind switch
    {
        ValueKind.String or ValueKind.SafeString => Value.From((double)value.AsString.Length),
        ValueKind.Array => Value.From((double)value.AsArray.Count),
        ValueKind.Object => Value.From((double)value.AsObject.Count),
        _ => Value.Undefined,
    };

    private static Value Round(TemplateCall call, Value[] args)
    {
        var factor = Math.Pow(10, args.At(1).NumberOr(0));
        var scaled = args.At(0).ToNumber() * factor;
        var method = args.At(2).Kind == ValueKind.String ? args.At(2).AsString : "";
        return Value.From(method switch { "ceil" => Math.Ceiling(
            scaled), "floor" => Math.Floor(scaled), _ => RoundHalfUp(scaled) } / factor);
    }

    // JavaScript rounds halves upwards, also below zero; adding 0.5 first would be wrong just below a half.
    private static double RoundHalfUp(double number)
    {
        var floor = Math.Floor(number);
        return number - floor >= 0.5 ? Math.Ceiling(number) : number < 0 && floor == 0 ? -0d : floor;
    }
}
