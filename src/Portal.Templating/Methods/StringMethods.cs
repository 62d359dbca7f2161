using System.Collections.Frozen;
using System.Text;
using Portal.Templating.Filters;
using Portal.Templating.Rendering;

namespace Portal.Templating.Methods;

/// <summary>JavaScript's methods of strings.</summary>
internal static class StringMethods
{
    public static FrozenDictionary<string, Method> All { get; } = new Dictionary<string, Method>
    {
        ["at"] = (_, self, args) => At(self.AsString, Conversions.ToInteger(args.At(0))),
        ["charAt"] = (_, self, args) => Unit(self.AsString, Conversions.ToInteger(args.At(0))) is { } unit
            ? Value.From(unit.ToString())
            : Value.Empty,
        ["charCodeAt"] = (_, self, args) => Value.From(
            Unit(self.AsString, Conversions.ToInteger(args.At(0))) is { } unit ? unit : double.NaN),
        ["codePointAt"] = (_, self, args) => CodePoint(self.AsString, Conversions.ToInteger(args.At(0))),
        ["concat"] = (call, self, args) => Concat(call, self, args),
        ["endsWith"] = (_, self, args) => Value.From(self.AsString[..Position(
            args.At(1), self.AsString,
            self.AsString.Length)].EndsWith(Search(args.At(0), "endsWith"), StringComparison.Ordinal)),
        ["includes"] = (_, self, args) => Value.From(self.AsString.IndexOf(
            Search(args.At(0), "includes"), Position(args.At(1), self.AsString, 0), StringComparison.Ordinal) >= 0),
        ["indexOf"] = (_, self, args) => Value.From((double)self.AsString.IndexOf(
            args.At(0).ToString(), Position(args.At(1), self.AsString, 0), StringComparison.Ordinal)),
        ["lastIndexOf"] = (_, self, args) => LastIndexOf(self.AsString, args.At(0).ToString(), args.At(1)),
        ["localeCompare"] = (_, self, args) => Value.From((double)Compare(self.AsString, args.At(0).ToString())),
        ["match"] = StringReplace.Match,
        ["normalize"] = (_, self, args) => Normalize(self.AsString, args.At(0)),
        ["padEnd"] = (call, self, args) => Value.From(self.AsString + Padding(call, self.AsString, args)),
        ["padStart"] = (call, self, args) => Value.From(Padding(call, self.AsString, args) + self.AsString),
        ["repeat"] = Repeat,
        ["replace"] = (call, self, args) => StringReplace.Replace(call, self.AsString, args, all: false),
        ["replaceAll"] = (call, self, args) => StringReplace.Replace(call, self.AsString, args, all: true),
        ["search"] = StringReplace.Search,
        ["slice"] = (_, self, args) => Slice(self.AsString, args),
        ["split"] = Split,
        ["startsWith"] = (_, self, args) => Value.From(self.AsString.AsSpan(Position(args.At(1), self.AsString, 0))
            .StartsWith(Search(args.At(0), "startsWith"), StringComparison.Ordinal)),
        ["substr"] = (_, self, args) => Substr(self.AsString, args),
        ["substring"] = (_, self, args) => Substring(self.AsString, args),
        ["toLocaleLowerCase"] = (_, self, _) => Value.From(Casing.Lower(self.AsString)),
        ["toLocaleUpperCase"] = (_, self, _) => Value.From(Casing.Upper(self.AsString)),
        ["toLowerCase"] = (_, self, _) => Value.From(Casing.Lower(self.AsString)),
        ["toString"] = (_, self, _) => Value.From(self.AsString),
        ["toUpperCase"] = (_, self, _) => Value.From(Casing.Upper(self.AsString)),
        ["trim"] = (_, self, _) => Value.From(Whitespace.Trim(self.AsString)),
        ["trimEnd"] = (_, self, _) => Value.From(Whitespace.TrimEnd(self.AsString)),
        ["trimStart"] = (_, self, _) => Value.From(Whitespace.TrimStart(self.AsString)),
        ["valueOf"] = (_, self, _) => Value.From(self.AsString),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static char? Unit(string text, int index) => (uint)index < (uint)text.Length ? text[index] : null;

    private static Value At(string text, int index) =>
        Unit(text, index < 0 ? text.Length + index : index) is { } unit ? Value.From(unit.ToString()) : Value.Undefined;

    private static Value CodePoint(string text, int index)
    {
        if (Unit(text, index) is not { } unit) return Value.Undefined;

        return Value.From(Rune.TryGetRuneAt(text, index, out var rune) ? rune.Value : unit);
    }

    /// <summary>An index argument, cut to the text; the fallback when it was not given.</summary>
    private static int Position(Value value, string text, int fallback) =>
        value.IsUndefined ? fallback : Math.Clamp(Conversions.ToInteger(value), 0, text.Length);

    private static string Search(Value value, string method) => value.Kind == ValueKind.Regex
        ? throw new EvaluationError($"'{method}' takes a string, not a regular expression")
        : value.ToString();

    private static Value Concat(TemplateCall call, Value self, Value[] args)
    {
        var parts = args.Select(arg => arg.ToString()).Prepend(self.AsString).ToArray();
        call.ChargeText(parts.Sum(part => (double)part.Length));
        return Value.From(string.Concat(parts));
    }

    // Letters first by the alphabet; of two that differ in case alone the small one comes first.
    private static int Compare(string left, string right)
    {
        var order = string.CompareOrdinal(Casing.Lower(left), Casing.Lower(right));
        return Math.Sign(order != 0 ? order : string.CompareOrdinal(right, left));
    }

    private static Value LastIndexOf(string text, string search, Value from)
    {
        var limit = from.ToNumber();
        var start = double.IsNaN(limit) ? text.Length : Math.Clamp(Conversions.ToInteger(limit), 0, text.Length);
        for (var index = Math.Min(start, text.Length - search.Length); index >= 0; index--)
        {
            if (string.CompareOrdinal(text, index, search, 0, search.Length) == 0) return Value.From((double)index);
        }

        return Value.From(-1d);
    }

    // The tables of Unicode's normal forms are not part of this program; ASCII text is in normal form already.
    private static Value Normalize(string text, Value form)
    {
        if (!form.IsUndefined && form.ToString() is not ("NFC" or "NFD" or "NFKC" or "NFKD"))
        {
            throw new EvaluationError("'normalize' knows the forms NFC, NFD, NFKC and NFKD");
        }

        return Ascii.IsValid(text)
            ? Value.From(text)
            : throw new EvaluationError(
                "'normalize' is not supported for text outside of ASCII; use 'replace' for the letters that matter");
    }

    private static string Padding(TemplateCall call, string text, Value[] args)
    {
        var filler = args.At(1).IsUndefined ? " " : args.At(1).ToString();
        var wanted = Conversions.ToInteger(args.At(0));
        var length = wanted > text.Length ? wanted - text.Length : 0;
        if (length == 0 || filler.Length == 0) return "";

        call.ChargeText(length);
        var result = new StringBuilder(length);
        while (result.Length < length) result.Append(filler, 0, Math.Min(filler.Length, length - result.Length));

        return result.ToString();
    }

    private static Value Repeat(TemplateCall call, Value self, Value[] args)
    {
        var count = args.At(0).ToNumber();
        count = double.IsNaN(count) ? 0 : Math.Truncate(count);
        if (count < 0 || double.IsInfinity(count))
        {
            throw new EvaluationError("'repeat' needs a count that is not negative and not infinite");
        }

        if (self.AsString.Length == 0) return Value.Empty;

        call.ChargeText(count * self.AsString.Length);
        return Value.From(new StringBuilder().Insert(0, self.AsString, (int)count).ToString());
    }

    /// <summary>A start or end counted from the end when negative.</summary>
    public static int Relative(Value value, int length, int fallback)
    {
        if (value.IsUndefined) return fallback;

        var index = Conversions.ToInteger(value);
        return index < 0 ? Math.Max(0, length + index) : Math.Min(index, length);
    }

    private static Value Slice(string text, Value[] args)
    {
        var start = Relative(args.At(0), text.Length, 0);
        var end = Relative(args.At(1), text.Length, text.Length);
        return Value.From(start < end ? text[start..end] : "");
    }

    private static Value Substring(string text, Value[] args)
    {
        var start = Position(args.At(0), text, 0);
        var end = Position(args.At(1), text, text.Length);
        return Value.From(text[Math.Min(start, end)..Math.Max(start, end)]);
    }

    private static Value Substr(string text, Value[] args)
    {
        var start = Relative(args.At(0), text.Length, 0);
        var length = args.At(1).IsUndefined
            ? text.Length - start
            : Math.Clamp(Conversions.ToInteger(args.At(1)), 0, text.Length - start);
        return Value.From(text.Substring(start, length));
    }

    private static Value Split(TemplateCall call, Value self, Value[] args)
    {
        var text = self.AsString;
        var limit = args.At(1).IsUndefined
            ? int.MaxValue
            : (int)Math.Min(int.MaxValue, (uint)Conversions.ToInt32(args.At(1).ToNumber()));
        var separator = args.At(0);
        if (separator.Kind == ValueKind.Regex) return call.List(StringReplace.Split(text, separator.AsRegex, limit));

        if (separator.IsUndefined) return call.List(limit == 0 ? [] : [Value.From(text)]);

        var mark = separator.ToString();
        call.Charge(mark.Length == 0 ? text.Length : 0);
        IEnumerable<Value> parts = mark.Length == 0
            ? Arguments.Characters(text)
            : text.Split(mark).Select(part => Value.From(part));
        return call.List([.. parts.Take(limit)]);
    }
}
