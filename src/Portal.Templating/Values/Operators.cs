namespace Portal.Templating;

/// <summary>
/// JavaScript's operators. Unknown operands throw; the nodes of the tree turn that into an unknown result.
/// </summary>
internal static class Operators
{
    public static Value Add(Value left, Value right)
    {
        if (left.Kind == ValueKind.Number && right.Kind == ValueKind.Number)
        {
            return Value.From(left.AsNumber + right.AsNumber);
        }

        left = Conversions.ToPrimitive(left);
        right = Conversions.ToPrimitive(right);
        if (left.Kind != ValueKind.String && right.Kind != ValueKind.String)
        {
            return Value.From(Conversions.ToNumber(left) + Conversions.ToNumber(right));
        }

        var first = Conversions.ToText(left);
        var second = Conversions.ToText(right);
        TextLimit.Check((long)first.Length + second.Length);
        return Value.From(first + second);
    }

    public static bool StrictEquals(Value left, Value right)
    {
        Know(left);
        Know(right);
        if (left.Kind != right.Kind) return false;

        return left.Kind switch
        {
            ValueKind.Undefined or ValueKind.Null => true,
            ValueKind.Boolean or ValueKind.Number => left.AsNumber == right.AsNumber,
            ValueKind.String => string.Equals(left.AsString, right.AsString, StringComparison.Ordinal),
            _ => ReferenceEquals(left.Reference, right.Reference),
        };
    }

    /// <summary>The equality of <c>includes</c>: NaN equals itself.</summary>
    public static bool SameValueZero(Value left, Value right) =>
        (left.Kind == ValueKind.Number && right.Kind == ValueKind.Number && double.IsNaN(left.AsNumber)
            && double.IsNaN(right.AsNumber))
        || (left.Kind == ValueKind.Unknown || right.Kind == ValueKind.Unknown
            ? left.Kind == right.Kind && left.AsUnknown == right.AsUnknown
            : StrictEquals(left, right));

    public static bool LooseEquals(Value left, Value right)
    {
        Know(left);
        Know(right);
        if (left.Kind == right.Kind) return StrictEquals(left, right);

        if (left.IsNullish || right.IsNullish) return left.IsNullish && right.IsNullish;

        var leftIsObject = IsObjectLike(left);
        if (leftIsObject && IsObjectLike(right)) return false;

        left = Conversions.ToPrimitive(left);
        right = Conversions.ToPrimitive(right);
        return left.Kind == ValueKind.String && right.Kind == ValueKind.String
            ? StrictEquals(left, right)
            : Conversions.ToNumber(left) == Conversions.ToNumber(right);
    }

    public static bool Compare(string symbol, Value left, Value right)
    {
        left = Conversions.ToPrimitive(left);
        right = Conversions.ToPrimitive(right);
        if (left.Kind == ValueKind.String && right.Kind == ValueKind.String)
        {
            var order = string.CompareOrdinal(left.AsString, right.AsString);
            return symbol switch { "<" => order < 0, ">" => order > 0, "<=" => order <= 0, _ => order >= 0 };
        }

        var first = Conversions.ToNumber(left);
        var second = Conversions.ToNumber(right);
        return symbol switch { "<" => first
            < second, ">" => first > second, "<=" => first <= second, _ => first >= second };
    }

    public static double Remainder(double left, double right) => left % right;

    /// <summary><c>Math.pow</c>: unlike .NET's, 1 to the power of NaN or infinity is NaN.</summary>
    public static double Power(double @base, double exponent) =>
        double.IsNaN(exponent)
            || (Math.Abs(@base) == 1 && double.IsInfinity(exponent)) ? double.NaN : Math.Pow(@base, exponent);

    /// <summary>The operator <c>in</c>.</summary>
    public static bool Contains(Value key, Value container)
    {
        Know(container);
        switch (container.Kind)
        {
            case ValueKind.Array:
                foreach (var item in container.AsArray.Items)
                {
                    if (StrictEquals(item, key)) return true;
                }

                return false;
            case ValueKind.String:
                return container.AsString.Contains(Conversions.ToText(key), StringComparison.Ordinal);
            case ValueKind.Object:
                return container.AsObject.Has(Conversions.ToText(key));
            case ValueKind.SafeString:
                throw new EvaluationError("'in' does not look inside text that is marked safe; use '.includes()'");
            default:
                throw new EvaluationError(
                    $"'in' needs a list, a string or an object on its right side, not {Conversions.Describe(container)}");
        }
    }

    private static bool IsObjectLike(Value value) =>
        value.Kind is ValueKind.Array or ValueKind.Object or ValueKind.Regex or ValueKind.Callable
            or ValueKind.SafeString;

    private static void Know(Value value)
    {
        if (value.Kind == ValueKind.Unknown) throw new UnknownValueException(value.AsUnknown.Description);
    }
}
