using System.Buffers;
using System.Text;

namespace Portal.Templating.Lexing;

/// <content>The inside of tags.</content>
internal sealed partial class Lexer
{
    private const string Blanks = " \n\t\r\u00a0";
    private static readonly string[] LongOperators = ["===", "!==", "==", "!=", "<=", ">=", "//", "**"];
    private static readonly string[] ShortOperators = [.. Enumerable.Range(0, 128)
        .Select(code => ((char)code).ToString())];
    private static readonly SearchValues<char> WordEnd = SearchValues.Create(Blanks + "()[]{}%*-+~/#,:|.<>=!");

    private Token NextCode()
    {
        while (index < Source.Length && Blanks.Contains(Source[index])) index++;

        if (index >= Source.Length) return new Token(TokenKind.End, "", Source.Length);

        var start = index;
        var current = Source[start];
        if (current is '"' or '\'') return new Token(TokenKind.String, StringLiteral(current), start);

        if (Close(Delimiters.BlockEnd, TokenKind.BlockEnd) is { } blockEnd)
        {
            SkipLineBreak();
            return blockEnd;
        }

        if (Close(delimiters.VariableEnd, TokenKind.VariableEnd) is { } variableEnd) return variableEnd;

        if (current == 'r' && start + 1 < Source.Length && Source[start + 1] == '/') return RegexLiteral();

        return WordEnd.Contains(current) ? OperatorToken() : Word();
    }

    private Token? Close(string mark, TokenKind kind)
    {
        var trims = Source[index] == '-' ? Trim.After : Trim.None;
        var skip = trims == Trim.After ? 1 : 0;
        if (string.CompareOrdinal(Source, index + skip, mark, 0, mark.Length) != 0) return null;

        var start = index;
        index += skip + mark.Length;
        inCode = false;
        return new Token(kind, mark, start, trims);
    }

    // With TrimBlocks the line break right behind a block tag vanishes.
    private void SkipLineBreak()
    {
        if (!delimiters.TrimBlocks) return;

        if (At("\n")) index++;
        else if (At("\r\n")) index += 2;
    }

    private string StringLiteral(char quote)
    {
        var opened = index++;
        var text = new StringBuilder();
        while (index < Source.Length && Source[index] != quote)
        {
            var current = Source[index++];
            if (current == '\\' && index < Source.Length)
            {
                current = Source[index++] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other };
            }

            text.Append(current);
        }

        if (index >= Source.Length) throw Fail($"the string that starts with {quote} is not closed", opened);

        index++;
        return text.ToString();
    }

    private Token RegexLiteral()
    {
        var start = index;
        index += 2;
        var bodyStart = index;
        while (index < Source.Length && (Source[index] != '/' || Source[index - 1] == '\\')) index++;

        if (index >= Source.Length)
        {
            throw Fail("the regular expression that starts with r/ is not closed with '/'", start);
        }

        var body = Source[bodyStart..index++];
        var flagStart = index;
        while (index < Source.Length && Source[index] is 'g' or 'i' or 'm' or 'y') index++;

        return new Token(TokenKind.Regex, body, start, Trim.None, Source[flagStart..index]);
    }

    private Token OperatorToken()
    {
        var start = index;
        foreach (var text in LongOperators)
        {
            if (At(text))
            {
                index += text.Length;
                return new Token(TokenKind.Operator, text, start);
            }
        }

        index++;
        return new Token(TokenKind.Operator, ShortOperators[Source[start]], start);
    }

    private Token Word()
    {
        var start = index;
        var length = Source.AsSpan(start).IndexOfAny(WordEnd);
        index = length < 0 ? Source.Length : start + length;
        var word = Source[start..index];
        if (IsDigits(word))
        {
            if (index >= Source.Length || Source[index] != '.') return new Token(TokenKind.Integer, word, start);

            index++;
            while (index < Source.Length && char.IsAsciiDigit(Source[index])) index++;

            return new Token(TokenKind.Float, Source[start..index], start);
        }

        var kind = word switch
        {
            "true" or "false" => TokenKind.Boolean,
            "none" or "null" => TokenKind.None,
            _ => TokenKind.Symbol,
        };
        return new Token(kind, word, start);
    }

    private static bool IsDigits(string word)
    {
        foreach (var character in word)
        {
            if (!char.IsAsciiDigit(character)) return false;
        }

        return true;
    }
}
