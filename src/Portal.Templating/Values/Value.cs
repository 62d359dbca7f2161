using System.Diagnostics;

namespace Portal.Templating;

/// <summary>One immutable handle to a template value, with JavaScript's value model.</summary>
[DebuggerDisplay("{Kind}: {DebugText}")]
public readonly struct Value : IEquatable<Value>
{
    private readonly object? reference;
    private readonly double number;

    private Value(ValueKind kind, object? reference, double number = 0)
    {
        Kind = kind;
        this.reference = reference;
        this.number = number;
    }

    /// <summary>The value <c>undefined</c>; also <c>default(Value)</c>.</summary>
    public static Value Undefined => default;
    /// <summary>The value <c>null</c>.</summary>
    public static Value Null => new(ValueKind.Null, null);
    /// <summary>The value <c>true</c>.</summary>
    public static Value True => new(ValueKind.Boolean, null, 1);
    /// <summary>The value <c>false</c>.</summary>
    public static Value False => new(ValueKind.Boolean, null);
    /// <summary>The empty string.</summary>
    public static Value Empty => new(ValueKind.String, "");

    /// <summary>What kind of value this is.</summary>
    public ValueKind Kind { get; }

    /// <summary>Text as a value; null becomes <see cref="Null"/>.</summary>
    public static Value From(string? text) => text is null ? Null : new(ValueKind.String, text);
    /// <summary>A number as a value.</summary>
    public static Value From(double number) => new(ValueKind.Number, null, number);
    /// <summary>A boolean as a value.</summary>
    public static Value From(bool flag) => flag ? True : False;
    /// <summary>An array as a value.</summary>
    public static Value From(ArrayValue array) => new(ValueKind.Array, array);
    /// <summary>An object as a value.</summary>
    public static Value From(ObjectValue value) => new(ValueKind.Object, value);
    /// <summary>A JSON tree as a value; what it holds is read-only for templates.</summary>
    public static Value From(System.Text.Json.Nodes.JsonNode? node) => JsonBridge.FromNode(node, 0);
    /// <summary>A function that templates may call.</summary>
    /// <param name="name">The name used in messages.</param>
    /// <param name="function">Called with the arguments as written.</param>
    public static Value Function(string name, TemplateFunction function) =>
        new(ValueKind.Callable, new FunctionValue(name, function));

    /// <summary>
    /// A value that only the run will know. It spreads through operators, filters and text; a branch on it throws
    /// <see cref="UnknownValueException"/>.
    /// </summary>
    /// <param name="description">Where it comes from, such as <c>steps.publish.output.remoteUrl</c>.</param>
    public static Value Unknown(string description) =>
        new(ValueKind.Unknown, new UnknownValue(description, UnknownValue.Marker));

    internal static Value FromUnknown(UnknownValue unknown) => new(ValueKind.Unknown, unknown);
    internal static Value FromSafe(string text) => new(ValueKind.SafeString, text);
    internal static Value FromRegex(RegexValue regex) => new(ValueKind.Regex, regex);
    internal static Value FromCallable(Callable callable) => new(ValueKind.Callable, callable);

    /// <summary>Whether this is <c>undefined</c>.</summary>
    public bool IsUndefined => Kind == ValueKind.Undefined;
    /// <summary>Whether this is <c>undefined</c> or <c>null</c>.</summary>
    public bool IsNullish => Kind <= ValueKind.Null;
    /// <summary>Whether this value is known only after the run.</summary>
    public bool IsUnknown => Kind == ValueKind.Unknown;

    /// <summary>The boolean of a <see cref="ValueKind.Boolean"/>.</summary>
    public bool AsBoolean => number != 0;
    /// <summary>The number of a <see cref="ValueKind.Number"/>.</summary>
    public double AsNumber => number;
    /// <summary>The text of a <see cref="ValueKind.String"/> or <see cref="ValueKind.SafeString"/>.</summary>
    public string AsString => (string)reference!;
    /// <summary>The array of a <see cref="ValueKind.Array"/>.</summary>
    public ArrayValue AsArray => (ArrayValue)reference!;
    /// <summary>The object of a <see cref="ValueKind.Object"/>.</summary>
    public ObjectValue AsObject => (ObjectValue)reference!;
    internal Callable AsCallable => (Callable)reference!;
    internal RegexValue AsRegex => (RegexValue)reference!;
    internal UnknownValue AsUnknown => (UnknownValue)reference!;
    internal object? Reference => reference;

    /// <summary>Whether this is text, marked safe or not.</summary>
    internal bool IsText => Kind is ValueKind.String or ValueKind.SafeString;

    /// <summary>JavaScript's truthiness.</summary>
    /// <exception cref="UnknownValueException">The value is known only after the run.</exception>
    public bool IsTruthy => Kind switch
    {
        ValueKind.Undefined or ValueKind.Null => false,
        ValueKind.Boolean => number != 0,
        ValueKind.Number => number != 0 && !double.IsNaN(number),
        ValueKind.String => ((string)reference!).Length > 0,
        ValueKind.Unknown => throw new UnknownValueException(AsUnknown.Description),
        _ => true,
    };

    /// <summary>JavaScript's <c>String(value)</c>.</summary>
    /// <exception cref="TemplateException">The value is a function, or nested too deeply.</exception>
    /// <exception cref="UnknownValueException">The value is known only after the run.</exception>
    public override string ToString() => Conversions.ToText(this);

    /// <summary>JavaScript's <c>Number(value)</c>.</summary>
    public double ToNumber() => Conversions.ToNumber(this);

    /// <summary>The value as JSON: <c>undefined</c> and functions become null, in objects they are left out.</summary>
    /// <param name="showUnknown">Whether what is known only after the run becomes a text that says so, for
    /// previews.</param>
    /// <exception cref="UnknownValueException">The value, or one inside it, is known only after the run.</exception>
    public System.Text.Json.Nodes.JsonNode? ToJsonNode(bool showUnknown = false) =>
        JsonBridge.ToNode(this, showUnknown);

    /// <summary>Where an unknown value comes from; null when it is known.</summary>
    public string? UnknownDescription => IsUnknown ? AsUnknown.Description : null;

    /// <summary>Strict equality, <c>===</c>, except that NaN equals itself here.</summary>
    public bool Equals(Value other) => Operators.SameValueZero(this, other);
    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Value other && Equals(other);
    /// <inheritdoc/>
    public override int GetHashCode() =>
        Kind is ValueKind.Number ? number.GetHashCode() : HashCode.Combine(Kind, reference);
    /// <summary>See <see cref="Equals(Value)"/>.</summary>
    public static bool operator ==(Value left, Value right) => left.Equals(right);
    /// <summary>See <see cref="Equals(Value)"/>.</summary>
    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    private string DebugText => Kind is ValueKind.Unknown or ValueKind.Callable ? Kind.ToString() : ToString();
}
