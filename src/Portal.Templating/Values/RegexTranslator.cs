using System.Text;

namespace Portal.Templating;

/// <summary>Rewrites a JavaScript pattern so that .NET's engine reads it the same way.</summary>
internal static class RegexTranslator
{
    private const string Digits = "0-9";
    private const string Word = "A-Za-z0-9_";
    private const string Boundary = "(?:(?<=[A-Za-z0-9_])(?![A-Za-z0-9_])|(?<![A-Za-z0-9_])(?=[A-Za-z0-9_]))";

    public static string Translate(string source, bool multiline)
    {
        var result = new StringBuilder(source.Length + 16);
        var index = 0;
        while (index < source.Length)
        {
            switch (source[index])
            {
                case '\\':
                    index = Escape(source, index + 1, result, inClass: false);
                    break;
                case '[':
                    index = Class(source, index + 1, result);
                    break;
                case '.':
                    result.Append(@"[^\n\r\u2028\u2029]");
                    index++;
                    break;
                case '^':
                    result.Append(multiline ? @"(?<=\A|[\n\r\u2028\u2029])" : @"\A");
                    index++;
                    break;
                case '$':
                    result.Append(multiline ? @"(?=[\n\r\u2028\u2029]|\z)" : @"\z");
                    index++;
                    break;
                case '(' when index + 1 < source.Length && source[index + 1] == '?':
                    index = Group(source, index, result);
                    break;
                case '#' or ' ':
                    result.Append('\\').Append(source[index++]);
                    break;
                default:
                    result.Append(source[index++]);
                    break;
            }
        }

        return result.ToString();
    }

    // Only the groups that JavaScript has; .NET's inline options and atomic groups are errors there.
    private static int Group(string source, int index, StringBuilder result)
    {
        foreach (var opening in (string[])["(?:", "(?=", "(?!", "(?<=", "(?<!"])
        {
            if (source.AsSpan(index).StartsWith(opening))
            {
                result.Append(opening);
                return index + opening.Length;
            }
        }

        if (source.AsSpan(index).StartsWith("(?<") && index + 3 < source.Length
            && (char.IsLetter(source[index + 3]) || source[index + 3] is '_' or '$'))
        {
            result.Append("(?<");
            return index + 3;
        }

        throw new FormatException($"the group at position {index} is not one that JavaScript has");
    }

    private static int Class(string source, int index, StringBuilder result)
    {
        var negated = index < source.Length && source[index] == '^';
        index += negated ? 1 : 0;
        if (index < source.Length && source[index] == ']')
        {
            result.Append(negated ? @"[\s\S]" : "(?!)");
            return index + 1;
        }

        result.Append(negated ? "[^" : "[");
        while (index < source.Length && source[index] != ']')
        {
            switch (source[index])
            {
                case '\\':
                    index = Escape(source, index + 1, result, inClass: true);
                    break;
                case '[':
                    result.Append(@"\[");
                    index++;
                    break;
                default:
                    result.Append(source[index++]);
                    break;
            }
        }

        if (index >= source.Length) throw new FormatException("a character class is not closed");

        result.Append(']');
        return index + 1;
    }

    private static int Escape(string source, int index, StringBuilder result, bool inClass)
    {
        if (index >= source.Length) throw new FormatException("a backslash stands at the end");

        var character = source[index];
        switch (character)
        {
            case 'd' or 'w' or 's':
                var set = character switch { 'd' => Digits, 'w' => Word, _ => Whitespace.Class };
                result.Append(inClass ? set : $"[{set}]");
                break;
            case 'D' or 'W' or 'S':
                NegatedSet(character, result, inClass);
                break;
            case 'b' when !inClass:
                result.Append(Boundary);
                break;
            case 'B' when !inClass:
                result.Append("(?!").Append(Boundary).Append(')');
                break;
            case 'b' or 'n' or 'r' or 't' or 'f' or 'v' or 'x' or 'u' or 'c':
                result.Append('\\').Append(character);
                break;
            case 'k' when index + 1 < source.Length && source[index + 1] == '<':
                result.Append(@"\k");
                break;
            case '0' when index + 1 >= source.Length || !char.IsAsciiDigit(source[index + 1]):
                result.Append(@"\x00");
                break;
            case >= '1' and <= '9' when !inClass:
                result.Append('\\').Append(character);
                break;
            default:
                // Any other escaped character stands for itself.
                result.Append(char.IsAsciiLetterOrDigit(character) || character == '_' ? character : "\\" + character);
                break;
        }

        return index + 1;
    }

    private static void NegatedSet(char letter, StringBuilder result, bool inClass)
    {
        // .NET has no nested class, but the complements of these sets are ranges that can be written out.
        var complement = letter switch
        {
            'D' => @"\u0000-/:-\uffff",
            'W' => @"\u0000-/:-@\[-\^`\{-\uffff",
            _ => @"\u0000-\u0008\u000e-\u001f!-\u009f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ufefe\uff00-\uffff",
        };
        result.Append(inClass ? complement : $"[{complement}]");
    }
}
