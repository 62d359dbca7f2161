namespace Portal.Templating;

/// <summary>
/// The characters that JavaScript counts as white space: what <c>\s</c> matches and <c>trim()</c> removes.
/// </summary>
internal static class Whitespace
{
    public const string Characters =
        "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";

    /// <summary>The same set inside a regular expression's character class.</summary>
    public const string Class = @"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";

    public static bool Is(char character) => character <= ' '
        ? character is ' ' or '\n' or '\r' or '\t' or '\v' or '\f'
        : character >= '\u00a0' && Characters.Contains(character);

    public static string Trim(string text) => TrimEnd(TrimStart(text));

    public static string TrimStart(string text)
    {
        var index = 0;
        while (index < text.Length && Is(text[index])) index++;

        return index == 0 ? text : text[index..];
    }

    public static string TrimEnd(string text)
    {
        var length = text.Length;
        while (length > 0 && Is(text[length - 1])) length--;

        return length == text.Length ? text : text[..length];
    }
}
