using System.Buffers;
using System.Text;

namespace Portal.Templating.Lexing;

/// <content>The inside of tags.</content>
internal sealed partial class Lexer
{
    private const string Blanks = " \n\t\r\u00a0";
    private static readonly string[] LongOperators = ["===", "!==", "==", "!=", "<=", ">=", "//", "**"];
    private static readonly string[] ShortOperators = [.. Enumerable.Range(0, 128).Select(code => ((char)code).ToString())];
    private static readonly SearchValues<char> WordEnd = SearchValues.Create(Blanks + "()[]{}%*-+~/#,:|.<>=!");

    private Token NextCode()
    {
        while (_index < Source.Length && Blanks.Contains(Source[_index]))
        {
            _index++;
        }

        if (_index >= Source.Length)
        {
            return new Token(TokenKind.End, "", Source.Length);
        }

        var start = _index;
        var current = Source[start];
        if (current is '"' or '\'')
        {
            return new Token(TokenKind.String, StringLiteral(current), start);
        }

        if (Close(Delimiters.BlockEnd, TokenKind.BlockEnd) is { } blockEnd)
        {
            SkipLineBreak();
            return blockEnd;
        }

        if (Close(delimiters.VariableEnd, TokenKind.VariableEnd) is { } variableEnd)
        {
            return variableEnd;
        }

        if (current == 'r' && start + 1 < Source.Length && Source[start + 1] == '/')
        {
            return RegexLiteral();
        }

        return WordEnd.Contains(current) ? OperatorToken() : Word();
    }

    private Token? Close(string mark, TokenKind kind)
    {
        var trims = Source[_index] == '-' ? Trim.After : Trim.None;
        var skip = trims == Trim.After ? 1 : 0;
        if (string.CompareOrdinal(Source, _index + skip, mark, 0, mark.Length) != 0)
        {
            return null;
        }

        var start = _index;
        _index += skip + mark.Length;
        _inCode = false;
        return new Token(kind, mark, start, trims);
    }

    // With TrimBlocks the line break right behind a block tag vanishes.
    private void SkipLineBreak()
    {
        if (!delimiters.TrimBlocks)
        {
            return;
        }

        if (At("\n"))
        {
            _index++;
        }
        else if (At("\r\n"))
        {
            _index += 2;
        }
    }

    private string StringLiteral(char quote)
    {
        var opened = _index++;
        var text = new StringBuilder();
        while (_index < Source.Length && Source[_index] != quote)
        {
            var current = Source[_index++];
            if (current == '\\' && _index < Source.Length)
            {
                current = Source[_index++] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other };
            }

            text.Append(current);
        }

        if (_index >= Source.Length)
        {
            throw Fail($"the string that starts with {quote} is not closed", opened);
        }

        _index++;
        return text.ToString();
    }

    private Token RegexLiteral()
    {
        var start = _index;
        _index += 2;
        var bodyStart = _index;
        while (_index < Source.Length && (Source[_index] != '/' || Source[_index - 1] == '\\'))
        {
            _index++;
        }

        if (_index >= Source.Length)
        {
            throw Fail("the regular expression that starts with r/ is not closed with '/'", start);
        }

        var body = Source[bodyStart.._index++];
        var flagStart = _index;
        while (_index < Source.Length && Source[_index] is 'g' or 'i' or 'm' or 'y')
        {
            _index++;
        }

        return new Token(TokenKind.Regex, body, start, Trim.None, Source[flagStart.._index]);
    }

    private Token OperatorToken()
    {
        var start = _index;
        foreach (var text in LongOperators)
        {
            if (At(text))
            {
                _index += text.Length;
                return new Token(TokenKind.Operator, text, start);
            }
        }

        _index++;
        return new Token(TokenKind.Operator, ShortOperators[Source[start]], start);
    }

    private Token Word()
    {
        var start = _index;
        var length = Source.AsSpan(start).IndexOfAny(WordEnd);
        _index = length < 0 ? Source.Length : start + length;
        var word = Source[start.._index];
        if (IsDigits(word))
        {
            if (_index >= Source.Length || Source[_index] != '.')
            {
                return new Token(TokenKind.Integer, word, start);
            }

            _index++;
            while (_index < Source.Length && char.IsAsciiDigit(Source[_index]))
            {
                _index++;
            }

            return new Token(TokenKind.Float, Source[start.._index], start);
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
            if (!char.IsAsciiDigit(character))
            {
                return false;
            }
        }

        return true;
    }
}
