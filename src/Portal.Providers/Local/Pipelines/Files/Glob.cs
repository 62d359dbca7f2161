using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Providers.Local.Pipelines.Files;

/// <summary>Turns the field's glob patterns into regular expressions.</summary>
internal static class Glob
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Of file paths: <c>*</c> and <c>?</c> stay inside a segment, <c>**</c> crosses them; what a folder holds matches with the folder.</summary>
    public static Regex ForFiles(string pattern) => Build(pattern, withDescendants: true, filter: false);

    /// <summary>Of an <c>on:</c> filter, where <c>?</c> and <c>+</c> repeat the character before.</summary>
    public static Regex ForFilter(string pattern) => Build(pattern, withDescendants: false, filter: true);

    private static Regex Build(string pattern, bool withDescendants, bool filter)
    {
        var made = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '*' when i + 1 < pattern.Length && pattern[i + 1] == '*':
                    i++;
                    if (i + 1 < pattern.Length && pattern[i + 1] == '/')
                    {
                        made.Append("(?:.*/)?");
                        i++;
                    }
                    else
                    {
                        made.Append(".*");
                    }

                    break;
                case '*': made.Append("[^/]*"); break;
                case '?': made.Append(filter ? "?" : "[^/]"); break;
                case '+' when filter: made.Append('+'); break;
                case '[' when pattern.IndexOf(']', i) is var end && end > i + 1:
                    made.Append('[').Append(pattern[(i + 1)..end].Replace("\\", "\\\\", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal)).Append(']');
                    i = end;
                    break;
                case '\\' when i + 1 < pattern.Length: made.Append(Regex.Escape(pattern[++i].ToString())); break;
                default: made.Append(Regex.Escape(pattern[i].ToString())); break;
            }
        }

        try
        {
            return new Regex(made.Append(withDescendants ? "(?:/.*)?$" : "$").ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Patience);
        }
        catch (ArgumentException)
        {
            return new Regex($"^{Regex.Escape(pattern)}$", RegexOptions.CultureInvariant, Patience);
        }
    }
}
