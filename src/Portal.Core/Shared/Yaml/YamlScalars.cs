using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portal.Core.Shared;

/// <summary>What a plain scalar means in the core schema of YAML 1.2.</summary>
internal static partial class YamlScalars
{
    public static JsonNode? Read(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" => JsonValue.Create(true),
        "false" or "False" or "FALSE" => JsonValue.Create(false),
        _ => Number(text) ?? JsonValue.Create(text),
    };

    /// <summary>Whether the text must be quoted to stay a string.</summary>
    public static bool IsString(string text) => Read(text) is JsonValue value && value.TryGetValue<string>(out _);

    private static JsonValue? Number(string text)
    {
        if (!char.IsAsciiDigit(text[0]) && text[0] is not ('+' or '-' or '.')) return null;
        if (text.StartsWith("0x", StringComparison.Ordinal))
        {
            return long.TryParse(
                text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var hex) ? JsonValue.Create(hex) : null;
        }
        if (text.StartsWith("0o", StringComparison.Ordinal)) return Octal(text[2..]);
        if (Whole().IsMatch(text)
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return JsonValue.Create(whole);
        }
        return Fraction().IsMatch(text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? JsonValue.Create(number)
            : null;
    }

    private static JsonValue? Octal(string digits) =>
        digits.Length is > 0 and <= 20
            && digits.All(c => c is >= '0' and <= '7') ? JsonValue.Create(Convert.ToInt64(digits, 8)) : null;

    [GeneratedRegex(@"^[-+]?[0-9]+\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Fraction();
}
