using System.Text;

namespace Portal.Templating.Filters;

/// <summary><c>encodeURIComponent</c>: .NET's own escapes a few characters more.</summary>
internal static class UriComponent
{
    private const string Plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()";

    public static string Encode(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        Span<byte> bytes = stackalloc byte[4];
        for (var index = 0; index < text.Length; index++)
        {
            if (Plain.Contains(text[index]))
            {
                result.Append(text[index]);
                continue;
            }

            if (!Rune.TryGetRuneAt(text, index, out var rune))
            {
                throw new EvaluationError("'urlencode' met half a character (a lone surrogate)");
            }

            foreach (var unit in bytes[..rune.EncodeToUtf8(bytes)]) result.Append('%').Append(unit.ToString("X2"));

            index += rune.Utf16SequenceLength - 1;
        }

        return result.ToString();
    }
}
