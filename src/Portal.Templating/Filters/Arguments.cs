namespace Portal.Templating.Filters;

/// <summary>Reads arguments the way Nunjucks's filters do.</summary>
internal static class Arguments
{
    /// <summary>The argument, or undefined when it was not given.</summary>
    public static Value At(this Value[] arguments, int index) =>
        index < arguments.Length ? arguments[index] : Value.Undefined;

    /// <summary>What JavaScript's <c>value || fallback</c> gives for a number.</summary>
    public static double NumberOr(this Value value, double fallback) => value.IsTruthy ? value.ToNumber() : fallback;

    /// <summary>Undefined, null and false stand for the empty string in many filters.</summary>
    public static Value OrEmpty(this Value value) =>
        value.IsNullish || (value.Kind == ValueKind.Boolean && !value.AsBoolean) ? Value.Empty : value;

    /// <summary>The text of a filter that works on text only.</summary>
    public static string NeedText(this Value value, string filter) => value.IsText
        ? value.AsString
        : throw new EvaluationError(
            $"'{filter}' needs a string, not {Conversions.Describe(value)}; '| string' makes one");

    /// <summary>The list of a filter that works on lists only.</summary>
    public static ArrayValue NeedArray(this Value value, string filter) => value.Kind == ValueKind.Array
        ? value.AsArray
        : throw new EvaluationError($"'{filter}' needs a list, not {Conversions.Describe(value)}");

    /// <summary>A result that is marked safe when the input was.</summary>
    public static Value LikeSafety(this Value source, string text) =>
        source.Kind == ValueKind.SafeString ? Value.FromSafe(text) : Value.From(text);

    /// <summary>Items of a list, characters of a string, nothing of anything else; null and undefined fail.</summary>
    public static List<Value> ItemsOf(this Value value, string filter) => value.Kind switch
    {
        ValueKind.Array => [.. value.AsArray.Items],
        ValueKind.String => Characters(value.AsString),
        // Marked text is an object that has a length but no items.
        ValueKind.SafeString => [.. Enumerable.Repeat(Value.Undefined, value.AsString.Length)],
        ValueKind.Undefined or ValueKind.Null => throw new EvaluationError(
            $"'{filter}' needs a list, not {Conversions.Describe(value)}"),
        _ => [],
    };

    /// <summary>The object behind a value: marked text has two properties in JavaScript.</summary>
    public static ObjectValue? AsPlainObject(this Value value) => value.Kind switch
    {
        ValueKind.Object => value.AsObject,
        ValueKind.SafeString => new ObjectValue().Set("val", Value.From(value.AsString)).Set(
            "length", Value.From((double)value.AsString.Length)),
        _ => null,
    };

    /// <summary>The UTF-16 units of a text, as <c>split("")</c> gives them.</summary>
    public static List<Value> Characters(string text)
    {
        var items = new List<Value>(text.Length);
        foreach (var unit in text) items.Add(Value.From(unit.ToString()));

        return items;
    }

    /// <summary><c>item[name]</c>; null and undefined items fail.</summary>
    public static Value Member(Value item, Value name, string filter) => item.IsNullish
        ? throw new EvaluationError($"'{filter}' cannot read '{name}' of an item that is {Conversions.Describe(item)}")
        : item.IsUnknown ? throw new UnknownValueException(item.AsUnknown.Description)
        : Methods.Members.Get(item, name);
}
