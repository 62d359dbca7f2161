using System.Collections.Frozen;
using Portal.Templating.Rendering;

namespace Portal.Templating.Methods;

/// <summary>A JavaScript method that templates may call.</summary>
internal delegate Value Method(TemplateCall call, Value self, Value[] arguments);

/// <summary>Members of values: own properties, and a fixed set of methods. There is no prototype to reach.</summary>
internal static class Members
{
    private static readonly FrozenDictionary<string, Method> None =
        new Dictionary<string, Method>().ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary><c>value[key]</c>; undefined when there is no such member.</summary>
    public static Value Get(Value value, Value key)
    {
        if (value.Kind == ValueKind.Array && key.Kind == ValueKind.Number)
        {
            var index = key.AsNumber;
            return index >= 0 && index < value.AsArray.Count
                && index == (int)index ? value.AsArray[(int)index] : Value.Undefined;
        }

        var name = Conversions.ToText(key);
        var own = Own(value, name);
        return own.IsUndefined && MethodsOf(value).TryGetValue(name, out var method)
            ? Value.FromCallable(new BoundMethod(name, value, method))
            : own;
    }

    /// <summary>The own property of this name, or undefined.</summary>
    public static Value Own(Value value, string name)
    {
        switch (value.Kind)
        {
            case ValueKind.Object:
                return value.AsObject[name];
            case ValueKind.Array:
                return name == "length" ? Value.From((double)value.AsArray.Count)
                    : Index(name) is { } index ? value.AsArray[index] : Value.Undefined;
            case ValueKind.String:
                var text = value.AsString;
                return name == "length" ? Value.From((double)text.Length)
                    : Index(name) is { } unit
                        && unit < text.Length ? Value.From(text[unit].ToString()) : Value.Undefined;
            case ValueKind.SafeString:
                return name switch
                {
                    "length" => Value.From((double)value.AsString.Length),
                    "val" => Value.From(value.AsString),
                    _ => Value.Undefined,
                };
            case ValueKind.Regex:
                return name switch
                {
                    "source" => Value.From(value.AsRegex.Source),
                    "flags" => Value.From(string.Concat("gimy".Where(value.AsRegex.Flags.Contains))),
                    "global" => Value.From(value.AsRegex.IsGlobal),
                    _ => Value.Undefined,
                };
            default:
                return Value.Undefined;
        }
    }

    /// <summary>The methods that a value of this kind has.</summary>
    public static IEnumerable<string> MethodNames(Value value) => MethodsOf(value).Keys;

    private static FrozenDictionary<string, Method> MethodsOf(Value value) => value.Kind switch
    {
        ValueKind.String or ValueKind.SafeString => StringMethods.All,
        ValueKind.Array => ArrayMethods.All,
        ValueKind.Number => NumberMethods.All,
        ValueKind.Object => ObjectMethods,
        ValueKind.Boolean => BooleanMethods,
        ValueKind.Regex => RegexMethods,
        _ => None,
    };

    private static FrozenDictionary<string, Method> ObjectMethods { get; } = new Dictionary<string, Method>
    {
        ["hasOwnProperty"] =
            (_, self, args) => Value.From(self.AsObject.Has(args.Length > 0 ? args[0].ToString() : "undefined")),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static FrozenDictionary<string, Method> BooleanMethods { get; } = new Dictionary<string, Method>
    {
        ["toString"] = (_, self, _) => Value.From(self.ToString()),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static FrozenDictionary<string, Method> RegexMethods { get; } = new Dictionary<string, Method>
    {
        ["test"] = (_, self, args) => Value.From(
            RegexValue.Limited(() => self.AsRegex.Pattern.IsMatch(args.Length > 0 ? args[0].ToString() : "undefined"))),
        ["toString"] = (_, self, _) => Value.From(self.ToString()),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static int? Index(string name)
    {
        if (name.Length is 0 or > 9 || (name.Length > 1 && name[0] == '0')) return null;

        var index = 0;
        foreach (var character in name)
        {
            if (!char.IsAsciiDigit(character)) return null;

            index = (index * 10) + character - '0';
        }

        return index;
    }
}

/// <summary>A method together with the value that it was looked up on.</summary>
internal sealed class BoundMethod(string name, Value self, Method method) : Callable(name)
{
    // A list can hold what is unknown; a method that must know the value meets it when it converts it.
    public override bool TakesUnknown => true;

    public override Value Invoke(TemplateCall call, Value[] arguments) => method(call, self, arguments);
}
