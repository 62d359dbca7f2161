namespace Portal.Templating.Rendering;

/// <summary>How unknown values spread.</summary>
internal static class Unknowns
{
    /// <summary>
    /// The result of an operator with an unknown operand. Text joined to one stays readable in a preview.
    /// </summary>
    public static Value Combine(bool isAddition, Value left, Value right)
    {
        var description = left.IsUnknown ? left.AsUnknown.Description : right.AsUnknown.Description;
        var joins = isAddition && (left.IsText || right.IsText || HasText(left) || HasText(right));
        return Value.FromUnknown(
            new UnknownValue(description, joins ? Preview(left) + Preview(right) : UnknownValue.Marker));
    }

    private static bool HasText(Value value) => value.IsUnknown && value.AsUnknown.Preview != UnknownValue.Marker;

    private static string Preview(Value value)
    {
        try
        {
            return value.IsUnknown ? value.AsUnknown.Preview : Conversions.ToText(value);
        }
        catch (UnknownValueException)
        {
            return UnknownValue.Marker;
        }
    }
}
