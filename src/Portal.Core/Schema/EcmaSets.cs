using System.Text;

namespace Portal.Core.Schema;

/// <summary>The character sets of ECMA-262, as the inside of a .NET class.</summary>
internal static class EcmaSets
{
    /// <summary>WhiteSpace and LineTerminator of ECMA-262.</summary>
    public const string Space = @"\u0009-\u000D\u0020\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF";

    // Long names of the Unicode general categories (PropertyValueAliases.txt); .NET knows the short ones.
    private static readonly Dictionary<string, string> Categories = new(StringComparer.Ordinal)
    {
        ["Letter"] = "L", ["Cased_Letter"] = "LC", ["Uppercase_Letter"] = "Lu", ["Lowercase_Letter"] = "Ll",
        ["Titlecase_Letter"] = "Lt",
        ["Modifier_Letter"] = "Lm", ["Other_Letter"] = "Lo", ["Mark"] = "M", ["Combining_Mark"] = "M",
        ["Nonspacing_Mark"] = "Mn",
        ["Spacing_Mark"] = "Mc", ["Enclosing_Mark"] = "Me", ["Number"] = "N", ["Decimal_Number"] = "Nd",
        ["digit"] = "Nd",
        ["Letter_Number"] = "Nl", ["Other_Number"] = "No", ["Punctuation"] = "P", ["punct"] = "P",
        ["Connector_Punctuation"] = "Pc",
        ["Dash_Punctuation"] = "Pd", ["Open_Punctuation"] = "Ps", ["Close_Punctuation"] = "Pe",
        ["Initial_Punctuation"] = "Pi",
        ["Final_Punctuation"] = "Pf", ["Other_Punctuation"] = "Po", ["Symbol"] = "S", ["Math_Symbol"] = "Sm",
        ["Currency_Symbol"] = "Sc",
        ["Modifier_Symbol"] = "Sk", ["Other_Symbol"] = "So", ["Separator"] = "Z", ["Space_Separator"] = "Zs",
        ["Line_Separator"] = "Zl",
        ["Paragraph_Separator"] = "Zp", ["Other"] = "C", ["Control"] = "Cc", ["cntrl"] = "Cc", ["Format"] = "Cf",
        ["Surrogate"] = "Cs",
        ["Private_Use"] = "Co", ["Unassigned"] = "Cn",
    };

    private static readonly HashSet<string> Short = new(Categories.Values, StringComparer.Ordinal);

    // Binary properties and scripts that patterns of forms use; those with a plain answer within the BMP.
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["Alphabetic"] = @"\p{L}\p{Nl}", ["Alpha"] = @"\p{L}\p{Nl}", ["Uppercase"] = @"\p{Lu}",
        ["Lowercase"] = @"\p{Ll}",
        ["White_Space"] = @"\s", ["ASCII"] = @"\u0000-\u007F", ["ASCII_Hex_Digit"] = "0-9A-Fa-f",
        ["Any"] = @"\u0000-\uFFFF",
    };

    public static string? Property(string name)
    {
        if (Others.TryGetValue(name, out var other)) return other;

        var equals = name.IndexOf('=');
        if (equals >= 0 && name[..equals] is not ("gc" or "General_Category")) return null;

        var value = name[(equals + 1)..];
        var category = Short.Contains(value) ? value : Categories.GetValueOrDefault(value);
        return category == "LC" ? @"\p{Lu}\p{Ll}\p{Lt}" : category is null ? null : $@"\p{{{category}}}";
    }

    /// <summary>The BMP characters outside a set, as the inside of a class.</summary>
    public static string Complement(string set) => set switch
    {
        "0-9" => @"\u0000-\u002F\u003A-\uFFFF",
        "A-Za-z0-9_" => @"\u0000-\u002F\u003A-\u0040\u005B-\u005E\u0060\u007B-\uFFFF",
        Space => @"\u0000-\u0008\u000E-\u001F\u0021-\u009F\u00A1-\u167F\u1681-\u1FFF\u200B-\u2027\u202A-\u202E\u2030-\u205E\u2060-\u2FFF\u3001-\uFEFE\uFF00-\uFFFF",
        @"\s" => @"\S",
        _ when set.StartsWith(@"\p{", StringComparison.Ordinal)
            && set.IndexOf('}') == set.Length - 1 => @"\P" + set[2..],
        _ => throw new FormatException("a negated property is not supported inside [ ]"),
    };
}
