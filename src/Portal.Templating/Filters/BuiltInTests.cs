using System.Collections.Frozen;

namespace Portal.Templating.Filters;

/// <summary>What can stand after <c>is</c>.</summary>
internal static class BuiltInTests
{
    public static FrozenDictionary<string, Callable> All { get; } = new Dictionary<string, Func<Value, Value, bool>>
    {
        ["callable"] = (value, _) => value.Kind == ValueKind.Callable,
        ["defined"] = (value, _) => !value.IsUndefined,
        ["divisibleby"] = (value, other) => value.ToNumber() % other.ToNumber() == 0,
        ["eq"] = Operators.StrictEquals,
        ["equalto"] = Operators.StrictEquals,
        ["sameas"] = Operators.StrictEquals,
        ["escaped"] = (value, _) => value.Kind == ValueKind.SafeString,
        ["even"] = (value, _) => value.ToNumber() % 2 == 0,
        ["odd"] = (value, _) => value.ToNumber() % 2 == 1,
        ["falsy"] = (value, _) => !value.IsTruthy,
        ["truthy"] = (value, _) => value.IsTruthy,
        ["ge"] = (value, other) => Operators.Compare(">=", value, other),
        ["gt"] = (value, other) => Operators.Compare(">", value, other),
        ["greaterthan"] = (value, other) => Operators.Compare(">", value, other),
        ["le"] = (value, other) => Operators.Compare("<=", value, other),
        ["lt"] = (value, other) => Operators.Compare("<", value, other),
        ["lessthan"] = (value, other) => Operators.Compare("<", value, other),
        ["lower"] = (value, _) => Casing.Lower(value.NeedText("is lower")) is var text && value.Kind == ValueKind.String
            && text == value.AsString,
        ["upper"] = (value, _) => Casing.Upper(value.NeedText("is upper")) is var text && value.Kind == ValueKind.String
            && text == value.AsString,
        ["ne"] = (value, other) => !Operators.StrictEquals(value, other),
        ["null"] = (value, _) => value.Kind == ValueKind.Null,
        ["number"] = (value, _) => value.Kind == ValueKind.Number,
        ["string"] = (value, _) => value.Kind == ValueKind.String,
        ["undefined"] = (value, _) => value.IsUndefined,
        ["iterable"] = (value, _) => value.IsNullish
            ? throw new EvaluationError($"'is iterable' needs a value, not {Conversions.Describe(value)}")
            : value.IsText || value.Kind == ValueKind.Array,
        ["mapping"] = (value, _) => value.Kind is ValueKind.Object or ValueKind.SafeString or ValueKind.Regex,
    }.ToFrozenDictionary(
        pair => pair.Key,
        Callable (pair) => new FunctionValue(pair.Key, (_, args) => Value.From(pair.Value(args.At(0), args.At(1)))),
        StringComparer.Ordinal);
}
