using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portal.Core.Schema;

/// <summary>Lengths count Unicode code points, so that an emoji is one character.</summary>
internal sealed class LengthKeyword(string name, string schemaPath, int bound) : Keyword(name, schemaPath)
{
    public static Keyword Read(KeywordSource source)
        => source.TryCount(out var bound)
            ? new LengthKeyword(source.Name, source.Path, bound)
            : source.Problem("must be a whole number, 0 or more");

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        if (JsonKinds.TextOrNull(value) is not { } text) return;

        var length = text.Length;
        for (var i = 1; i < text.Length; i++) length -= char.IsSurrogatePair(text[i - 1], text[i]) ? 1 : 0;

        if (Name == "minLength" ? length < bound : length > bound)
        {
            var words = Name == "minLength" ? "at least" : "at most";
            run.Add(this, at, Name == "minLength" && bound == 1
                ? "must not be empty"
                : $"must be {words} {ValueWords.Count(bound, "character", "characters")}");
        }
    }
}

internal sealed class PatternKeyword(
    string name, string schemaPath, Regex pattern, string source, string? words) : Keyword(name, schemaPath)
{
    public static Keyword Read(KeywordSource source)
    {
        if (JsonKinds.TextOrNull(source.Value) is not { } text)
        {
            return source.Problem("must be a regular expression in quotes");
        }

        return EcmaRegex.TryParse(text, out var regex, out var error)
            ? new PatternKeyword(source.Name, source.Path, regex, text, PatternWords.Describe(text))
            : source.Problem($"is not a regular expression of JavaScript: {error}");
    }

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        if (JsonKinds.TextOrNull(value) is not { } text) return;

        if (run.Matches(pattern, source, text, this, at) is false)
        {
            run.Add(this, at, words is null ? $"must match the pattern {source}" : $"{words} (pattern {source})");
        }
    }
}

internal sealed class FormatKeyword(string name, string schemaPath, StringFormat format) : Keyword(name, schemaPath)
{
    public static Keyword? Read(KeywordSource source)
    {
        if (JsonKinds.TextOrNull(source.Value) is not { } text)
        {
            return source.Problem("must be the name of a format, such as email or uri");
        }

        if (StringFormat.Find(text) is { } format) return new FormatKeyword(source.Name, source.Path, format);

        if (text is not ("password" or "binary" or "data-url"))
        {
            source.NotSupported(
                $"the format '{text}' is not supported and constrains nothing; known are {StringFormat.Names}");
        }

        return null;
    }

    public override void Check(JsonNode? value, InstancePath at, ValidationRun run)
    {
        if (JsonKinds.TextOrNull(value) is { } text && !format.Matches(text))
        {
            run.Add(this, at, "must be " + format.Words);
        }
    }
}
