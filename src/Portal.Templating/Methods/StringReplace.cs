using System.Text;
using System.Text.RegularExpressions;
using Portal.Templating.Filters;
using Portal.Templating.Rendering;

namespace Portal.Templating.Methods;

/// <summary>The methods of strings that take a pattern.</summary>
internal static class StringReplace
{
    public static Value Replace(TemplateCall call, string text, Value[] args, bool all)
    {
        var search = args.At(0);
        if (search.Kind == ValueKind.Regex)
        {
            return all && !search.AsRegex.IsGlobal
                ? throw new EvaluationError("'replaceAll' needs a regular expression with the flag g: r/…/g")
                : WithRegex(call, text, search.AsRegex, args.At(1));
        }

        var mark = search.ToString();
        var result = new StringBuilder();
        var position = 0;
        var next = text.IndexOf(mark, StringComparison.Ordinal);
        while (next >= 0)
        {
            result.Append(text, position, next - position)
                .Append(Replacement(call, text, next, mark, args.At(1), [], null));
            TextLimit.Check(result.Length);
            position = next + mark.Length;
            // An empty mark is found before every character and at the end.
            var from = mark.Length == 0 ? next + 1 : position;
            next = all && from <= text.Length ? text.IndexOf(mark, from, StringComparison.Ordinal) : -1;
        }

        return Value.From(result.Append(text, position, text.Length - position).ToString());
    }

    public static Value WithRegex(TemplateCall call, string text, RegexValue regex, Value replacement) =>
        Value.From(regex.Replace(text, match => Replacement(
            call, text, match.Index, match.Value, replacement, RegexValue.GroupsOf(match),
            name => match.Groups[name].Value)));

    private static string Replacement(
        TemplateCall call, string text, int index, string matched, Value replacement, IReadOnlyList<string?> groups,
        Func<string, string?>? named)
    {
        if (replacement.Kind == ValueKind.Callable)
        {
            var parts = groups.Select(group => group is null ? Value.Undefined : Value.From(group));
            return call.Invoke(
                replacement, [Value.From(matched), .. parts, Value.From((double)index), Value.From(text)]).ToString();
        }

        return RegexValue.Expand(replacement.ToString(), text, index, matched, groups, named);
    }

    public static Value Match(TemplateCall call, Value self, Value[] args)
    {
        var regex = AsRegex(args.At(0));
        var matches = RegexValue.Limited(() => regex.IsGlobal
            ? regex.Pattern.Matches(self.AsString).Cast<Match>().ToList()
            : regex.Pattern.Match(self.AsString) is { Success: true } match ? [match] : []);
        if (matches.Count == 0) return Value.Null;

        var items = regex.IsGlobal
            ? matches.Select(match => Value.From(match.Value))
            : RegexValue.GroupsOf(matches[0]).Select(group => group is null ? Value.Undefined : Value.From(group))
                .Prepend(Value.From(matches[0].Value));
        return call.List([.. items]);
    }

    public static Value Search(TemplateCall call, Value self, Value[] args)
    {
        var regex = AsRegex(args.At(0));
        var match = RegexValue.Limited(() => regex.Pattern.Match(self.AsString));
        return Value.From(match.Success ? match.Index : -1d);
    }

    public static List<Value> Split(string text, RegexValue regex, int limit)
    {
        var parts = new List<Value>();
        if (text.Length == 0)
        {
            return RegexValue.Limited(() => regex.Pattern.IsMatch(text)) || limit == 0 ? parts : [Value.Empty];
        }

        var position = 0;
        for (var match = RegexValue.Limited(() => regex.Pattern.Match(text)); match.Success; match =
            RegexValue.Limited(match.NextMatch))
        {
            // An empty match at either end of a part splits nothing.
            if (match.Length == 0 && (match.Index == position || match.Index >= text.Length)) continue;

            parts.Add(Value.From(text[position..match.Index]));
            parts.AddRange(
                RegexValue.GroupsOf(match).Select(group => group is null ? Value.Undefined : Value.From(group)));
            position = match.Index + match.Length;
            if (parts.Count > limit) break;
        }

        parts.Add(Value.From(text[position..]));
        return parts.Count > limit ? parts[..limit] : parts;
    }

    private static RegexValue AsRegex(Value value) => value.Kind == ValueKind.Regex
        ? value.AsRegex
        : new RegexValue(value.IsUndefined ? "(?:)" : value.ToString(), "");
}
