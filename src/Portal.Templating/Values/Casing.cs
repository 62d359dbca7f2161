using System.Text;

namespace Portal.Templating;

/// <summary>
/// Upper and lower case as JavaScript has it: Unicode's full mappings, where one letter may become several.
/// </summary>
internal static class Casing
{
    private static readonly Dictionary<char, string> SpecialUpper = new()
    {
        ['\u00df'] = "SS", ['\u0149'] = "\u02bcN", ['\u01f0'] = "J\u030c", ['\u0390'] = "\u0399\u0308\u0301",
        ['\u03b0'] = "\u03a5\u0308\u0301", ['\u0587'] = "\u0535\u0552", ['\u1e96'] = "H\u0331", ['\u1e97'] = "T\u0308",
        ['\u1e98'] = "W\u030a", ['\u1e99'] = "Y\u030a", ['\u1e9a'] = "A\u02be", ['\ufb00'] = "FF", ['\ufb01'] = "FI",
        ['\ufb02'] = "FL", ['\ufb03'] = "FFI", ['\ufb04'] = "FFL", ['\ufb05'] = "ST", ['\ufb06'] = "ST",
    };

    public static string Upper(string text)
    {
        var plain = text.ToUpperInvariant();
        if (System.Text.Ascii.IsValid(text)) return plain;

        StringBuilder? result = null;
        for (var index = 0; index < text.Length; index++)
        {
            if (SpecialUpper.TryGetValue(text[index], out var special))
            {
                result ??= new StringBuilder(plain, 0, index, text.Length + 8);
                result.Append(special);
            }
            else
            {
                // The dotless i and the long s have upper forms that the invariant culture leaves alone.
                var upper = text[index] switch { '\u0131' => 'I', '\u017f' => 'S', _ => plain[index] };
                if (result is null && upper != plain[index])
                {
                    result = new StringBuilder(plain, 0, index, text.Length + 8);
                }

                result?.Append(upper);
            }
        }

        return result?.ToString() ?? plain;
    }

    public static string Lower(string text)
    {
        var plain = text.ToLowerInvariant();
        if (System.Text.Ascii.IsValid(text) || text.AsSpan().IndexOfAny('\u0130', '\u03a3', '\u212a') < 0) return plain;

        var result = new StringBuilder(text.Length + 4);
        for (var index = 0; index < text.Length; index++)
        {
            switch (text[index])
            {
                case '\u0130':
                    result.Append("i\u0307");
                    break;
                case '\u212a':
                    result.Append('k');
                    break;
                case '\u03a3' when IsFinalSigma(text, index):
                    result.Append('\u03c2');
                    break;
                default:
                    result.Append(plain[index]);
                    break;
            }
        }

        return result.ToString();
    }

    // A sigma that ends a word has a form of its own.
    private static bool IsFinalSigma(string text, int index) =>
        index > 0 && char.IsLetter(text[index - 1]) && (index + 1 == text.Length || !char.IsLetter(text[index + 1]));
}
