using System.Text;
using Portal.Templating.Rendering;

namespace Portal.Templating.Filters;

/// <summary>Filters that turn text into text.</summary>
internal static class TextFilters
{
    public static IEnumerable<KeyValuePair<string, TemplateFunction>> All { get; } =
        new Dictionary<string, TemplateFunction>
        {
            ["capitalize"] =
                (_, args) => args.At(0).LikeSafety(Capitalize(args.At(0).OrEmpty().NeedText("capitalize"))),
            ["center"] = Center,
            ["indent"] = Indent,
            ["lower"] = (_, args) => Value.From(Casing.Lower(args.At(0).OrEmpty().NeedText("lower"))),
            ["upper"] = (_, args) => Value.From(Casing.Upper(args.At(0).OrEmpty().NeedText("upper"))),
            ["replace"] = Replace,
            ["string"] = (_, args) => String(args.At(0)),
            ["title"] = (_, args) => args.At(0)
                .LikeSafety(string.Join(' ', args.At(0).OrEmpty().NeedText("title").Split(' ').Select(Capitalize))),
            ["trim"] = (_, args) => args.At(0).LikeSafety(Whitespace.Trim(args.At(0).NeedText("trim"))),
            ["truncate"] = Truncate,
            ["wordcount"] = (_, args) => WordCount(args.At(0).OrEmpty()),
        };

    private static string Capitalize(string text)
    {
        var lower = Casing.Lower(text);
        return lower.Length == 0 ? "" : Casing.Upper(lower[..1]) + lower[1..];
    }

    private static Value Center(TemplateCall call, Value[] args)
    {
        var value = args.At(0).OrEmpty();
        var width = args.At(1).NumberOr(80);
        if (!value.IsText) return Value.From(value.ToString());

        var text = value.AsString;
        if (text.Length >= width) return value;

        var spaces = width - text.Length;
        call.ChargeText(width);
        var before = Blanks((spaces / 2) - (spaces % 2));
        return args.At(0).LikeSafety(before + text + Blanks(spaces / 2));
    }

    // A loop that counts up to a fraction makes one more round.
    private static string Blanks(double count) => count > 0 ? new string(' ', (int)Math.Ceiling(count)) : "";

    private static Value Indent(TemplateCall call, Value[] args)
    {
        var value = args.At(0).OrEmpty();
        if (value is { Kind: ValueKind.String, AsString.Length: 0 }) return Value.Empty;

        var lines = value.NeedText("indent").Split('\n');
        var width = args.At(1).NumberOr(4);
        call.ChargeText((width * lines.Length) + value.AsString.Length);
        var blanks = Blanks(width);
        var indentFirst = args.At(2).IsTruthy;
        return args.At(0).LikeSafety(
            string.Join('\n', lines.Select((line, index) => index == 0 && !indentFirst ? line : blanks + line)));
    }

    private static Value Replace(TemplateCall call, Value[] args)
    {
        var source = args.At(0);
        var old = args.At(1);
        if (old.Kind == ValueKind.Regex)
        {
            return Methods.StringReplace.WithRegex(call, source.NeedText("replace"), old.AsRegex, args.At(2));
        }

        if (old.Kind is not (ValueKind.Number or ValueKind.String)
            || !(source.IsText || source.Kind == ValueKind.Number))
        {
            return source;
        }

        var text = source.ToString();
        var search = old.ToString();
        var replacement = args.At(2).ToString();
        if (search.Length == 0)
        {
            call.ChargeText(text.Length + ((text.Length + 1.0) * replacement.Length));
            return source.LikeSafety(
                replacement + string.Join(replacement, text.Select(unit => unit.ToString())) + replacement);
        }

        var max = args.At(3).IsUndefined ? -1 : args.At(3).ToNumber();
        if (args.At(3) is { Kind: ValueKind.Number, AsNumber: 0 } || !text.Contains(search, StringComparison.Ordinal))
        {
            return source.Kind == ValueKind.Number ? Value.From(text) : source;
        }

        return source.LikeSafety(ReplaceUpTo(text, search, replacement, max));
    }

    private static string ReplaceUpTo(string text, string search, string replacement, double max)
    {
        var result = new StringBuilder();
        var position = 0;
        var count = 0;
        var next = text.IndexOf(search, StringComparison.Ordinal);
        while (next >= 0 && (max == -1 || count < max))
        {
            result.Append(text, position, next - position).Append(replacement);
            position = next + search.Length;
            count++;
            TextLimit.Check(result.Length);
            next = text.IndexOf(search, position, StringComparison.Ordinal);
        }

        return result.Append(text, position, text.Length - position).ToString();
    }

    private static Value String(Value value) => value.Kind switch
    {
        ValueKind.SafeString => value,
        ValueKind.Undefined or ValueKind.Null => throw new EvaluationError(
            $"'string' needs a value, not {Conversions.Describe(value)}; '| default(…)' gives one"),
        _ => Value.From(value.ToString()),
    };

    private static Value Truncate(TemplateCall call, Value[] args)
    {
        var original = args.At(0);
        var value = original.OrEmpty();
        var length = args.At(1).NumberOr(255);
        var text = value.NeedText("truncate");
        if (text.Length <= length) return value;

        var limit = Math.Clamp(Conversions.ToInteger(length), 0, text.Length);
        if (!args.At(2).IsTruthy)
        {
            // The search for the last blank starts at the limit itself.
            var blank = text.LastIndexOf(' ', Math.Min(limit, text.Length - 1));
            limit = blank >= 0 ? blank : limit;
        }

        var end = args.At(3).IsNullish ? "..." : args.At(3).ToString();
        return original.LikeSafety(text[..limit] + end);
    }

    private static Value WordCount(Value value)
    {
        if (!value.IsTruthy) return Value.Null;

        var count = 0;
        var inWord = false;
        foreach (var character in value.NeedText("wordcount"))
        {
            var isWord = char.IsAsciiLetterOrDigit(character) || character == '_';
            count += isWord && !inWord ? 1 : 0;
            inWord = isWord;
        }

        return count == 0 ? Value.Null : Value.From((double)count);
    }
}
