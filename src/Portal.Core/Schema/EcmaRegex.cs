using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Portal.Core.Schema;

/// <summary>
/// Regular expressions of JSON Schema: ECMA-262 syntax with Unicode semantics, searched for anywhere in the text.
/// </summary>
internal static class EcmaRegex
{
    /// <summary>
    /// A pattern comes from a template: one that backtracks without end must not hold a server thread.
    /// </summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(250);

    private const int MaxLength = 4_096;

    public static bool TryParse(string pattern, [NotNullWhen(true)] out Regex? regex, out string error)
    {
        regex = null;
        if (pattern.Length > MaxLength)
        {
            error = $"it is longer than {MaxLength} characters";
            return false;
        }

        try
        {
            // Not the engine without backtracking: its time is that of the text, but what it remembers of a pattern may
            // be a hundred megabytes.
            regex = new Regex(new EcmaRegexTranslator(pattern).Translate(), RegexOptions.CultureInvariant, Timeout);
            error = "";
            return true;
        }
        catch (FormatException reason)
        {
            error = reason.Message;
        }
        catch (RegexParseException reason)
        {
            error = reason.Error.ToString();
        }

        return false;
    }

    /// <summary>Null when the pattern needs too long.</summary>
    public static bool? IsMatch(Regex regex, string text)
    {
        try
        {
            return regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }
}
