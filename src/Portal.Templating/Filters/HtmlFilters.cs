using System.Text;
using System.Text.RegularExpressions;
using Portal.Templating.Rendering;

namespace Portal.Templating.Filters;

/// <summary>Filters for HTML and URLs.</summary>
internal static partial class HtmlFilters
{
    private const int Timeout = 500;
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    public static IEnumerable<KeyValuePair<string, TemplateFunction>> All { get; } =
        new Dictionary<string, TemplateFunction>
        {
            ["escape"] = (call, args) => Escape(call, args.At(0)),
            ["e"] = (call, args) => Escape(call, args.At(0)),
            ["forceescape"] = (call, args) => Value.FromSafe(Escaped(call, args.At(0))),
            ["safe"] =
                (_, args) => args.At(0).Kind == ValueKind.SafeString ? args.At(0) : Value.FromSafe(TextOf(args.At(0))),
            ["nl2br"] = LineBreaks,
            ["striptags"] = StripTags,
            ["urlencode"] = UrlEncode,
            ["urlize"] = Urlize,
        };

    private static string TextOf(Value value) => value.IsNullish ? "" : value.ToString();

    private static Value Escape(TemplateCall call, Value value) =>
        value.Kind == ValueKind.SafeString ? value : Value.FromSafe(Escaped(call, value));

    private static string Escaped(TemplateCall call, Value value)
    {
        var text = TextOf(value);
        var result = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            result.Append(character switch
            {
                '&' => "&amp;",
                '"' => "&quot;",
                '\'' => "&#39;",
                '<' => "&lt;",
                '>' => "&gt;",
                '\\' => "&#92;",
                _ => null,
            });
            if (character is not ('&' or '"' or '\'' or '<' or '>' or '\\')) result.Append(character);
        }

        return result.ToString();
    }

    private static Value LineBreaks(TemplateCall call, Value[] args)
    {
        var value = args.At(0);
        return value.IsNullish
            ? Value.Empty
            : value.LikeSafety(value.NeedText("nl2br").Replace("\r\n", "\n", StringComparison.Ordinal).Replace(
                "\n", "<br />\n", StringComparison.Ordinal));
    }

    private static Value StripTags(TemplateCall call, Value[] args)
    {
        var input = args.At(0).OrEmpty();
        var text = input.NeedText("striptags");
        var keepLines = args.At(1).IsTruthy;
        return input.LikeSafety(RegexValue.Limited(() =>
        {
            var bare = Whitespace.Trim(Tag().Replace(text, ""));
            if (!keepLines) return Blanks().Replace(bare, " ");

            bare = LineEnds().Replace(bare, "");
            bare = Spaces().Replace(bare, " ").Replace("\r\n", "\n", StringComparison.Ordinal);
            return EmptyLines().Replace(bare, "\n\n");
        }));
    }

    private static Value UrlEncode(TemplateCall call, Value[] args)
    {
        var value = args.At(0);
        if (value.Kind == ValueKind.String) return Value.From(UriComponent.Encode(value.AsString));

        IEnumerable<(Value Key, Value Value)> pairs = value.Kind switch
        {
            ValueKind.Array => value.AsArray.Items.Select(pair => (Arguments.Member(
                pair, Value.From(0d), "urlencode"), Arguments.Member(pair, Value.From(1d), "urlencode"))),
            _ when value.AsPlainObject() is { } source => source.Keys.Select(key => (Value.From(key), source[key])),
            _ => [],
        };
        return Value.From(string.Join('&', pairs.Select(
            pair => $"{UriComponent.Encode(pair.Key.ToString())}={UriComponent.Encode(pair.Value.ToString())}")));
    }

    private static Value Urlize(TemplateCall call, Value[] args)
    {
        var text = args.At(0).NeedText("urlize");
        var length = args.At(1).ToNumber();
        var noFollow = args.At(2) is { Kind: ValueKind.Boolean, AsBoolean: true } ? " rel=\"nofollow\"" : "";
        return Value.From(RegexValue.Limited(() =>
        {
            var result = new StringBuilder();
            var index = 0;
            while (index < text.Length)
            {
                var start = index;
                var isBlank = Whitespace.Is(text[index]);
                while (index < text.Length && Whitespace.Is(text[index]) == isBlank) index++;

                var word = text[start..index];
                result.Append(isBlank ? word : Link(word, length, noFollow));
            }

            return result.ToString();
        }));
    }

    private static string Link(string word, double length, string noFollow)
    {
        var match = Punctuation().Match(word);
        var url = match.Success ? match.Groups["url"].Value : word;
        var shown = double.IsNaN(length) ? url : url[..Math.Clamp(Conversions.ToInteger(length), 0, url.Length)];
        return url switch
        {
            _ when url.StartsWith("http://", StringComparison.Ordinal)
                || url.StartsWith("https://", StringComparison.Ordinal) =>
                $"<a href=\"{url}\"{noFollow}>{shown}</a>",
            _ when url.StartsWith(
                "www.", StringComparison.Ordinal) => $"<a href=\"http://{url}\"{noFollow}>{shown}</a>",
            _ when Email().IsMatch(url) => $"<a href=\"mailto:{url}\">{url}</a>",
            _ when TopLevel().IsMatch(url) => $"<a href=\"http://{url}\"{noFollow}>{shown}</a>",
            _ => word,
        };
    }

    [GeneratedRegex(@"</?[a-zA-Z][a-zA-Z0-9]*(?![a-zA-Z0-9_])[^>]*>|<!--[\s\S]*?-->", Options, Timeout)]
    private static partial Regex Tag();

    [GeneratedRegex("[" + Whitespace.Class + "]+", Options, Timeout)]
    private static partial Regex Blanks();

    [GeneratedRegex(@"(?<=\A|[\n\r\u2028\u2029]) +| +(?=[\n\r\u2028\u2029]|\z)", Options, Timeout)]
    private static partial Regex LineEnds();

    [GeneratedRegex(" +", Options, Timeout)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\n\n\n+", Options, Timeout)]
    private static partial Regex EmptyLines();

    [GeneratedRegex(@"\A(?:\(|<|&lt;)?(?<url>[^\n\r\u2028\u2029]*?)(?:\.|,|\)|\n|&gt;)?\z", Options, Timeout)]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"\A[A-Za-z0-9_.!#$%&'*+\-/=?^`{|}~]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+\z", Options, Timeout)]
    private static partial Regex Email();

    [GeneratedRegex(@"\.(?:org|net|com)(?::|/|\z)", Options, Timeout)]
    private static partial Regex TopLevel();
}
