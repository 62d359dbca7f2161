using System.Buffers;

namespace Portal.Templating.Lexing;

/// <summary>Splits a template into tokens: plain text outside of tags, words and operators inside.</summary>
internal sealed partial class Lexer(string source, string name, Delimiters delimiters)
{
    private int index;
    private bool inCode;

    public string Source { get; } = source;

    /// <summary>Starts inside a tag, for a bare expression.</summary>
    public void StartInCode() => inCode = true;

    public Token Next()
    {
        if (index >= Source.Length) return new Token(TokenKind.End, "", Source.Length);

        return inCode ? NextCode() : NextText();
    }

    private Token NextText()
    {
        var start = index;
        if (At(Delimiters.BlockStart)) return Open(TokenKind.BlockStart, Delimiters.BlockStart);

        if (At(delimiters.VariableStart)) return Open(TokenKind.VariableStart, delimiters.VariableStart);

        if (At(Delimiters.CommentStart)) return Comment();

        if (At(Delimiters.CommentEnd))
        {
            throw Fail(
                $"'{Delimiters.CommentEnd}' ends a comment, but none has started; write ${{{{ '#}}' }}}} for the text itself",
                start);
        }

        var length = Source.AsSpan(start).IndexOfAny(delimiters.Marks);
        index = length < 0 ? Source.Length : start + length;
        if (index < Source.Length && At(Delimiters.CommentEnd))
        {
            throw Fail(
                $"'{Delimiters.CommentEnd}' ends a comment, but none has started; write ${{{{ '#}}' }}}} for the text itself",
                index);
        }

        var end = delimiters.LstripBlocks && At(Delimiters.BlockStart) ? StripLine(start, index) : index;
        return end == start && index > start
            && delimiters.LstripBlocks ? Next() : new Token(TokenKind.Data, Source[start..end], start);
    }

    // With LstripBlocks the blanks between the start of a line and a block tag vanish.
    private int StripLine(int start, int end)
    {
        var lineStart = Source.LastIndexOf('\n', end - 1) + 1;
        if (lineStart < start || lineStart == end) return end;

        for (var index = lineStart; index < end; index++)
        {
            if (!Whitespace.Is(Source[index])) return end;
        }

        return lineStart;
    }

    private Token Open(TokenKind kind, string mark)
    {
        var start = index;
        index += mark.Length;
        inCode = true;
        if (index < Source.Length && Source[index] == '-')
        {
            index++;
            return new Token(kind, mark + "-", start, Trim.Before);
        }

        return new Token(kind, mark, start);
    }

    private Token Comment()
    {
        var start = index;
        var end = Source.IndexOf(
            Delimiters.CommentEnd, start + Delimiters.CommentStart.Length, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Fail(
                $"the comment that starts with '{Delimiters.CommentStart}' is not closed with '{Delimiters.CommentEnd}'; for the text itself write ${{{{ '{{#' }}}}",
                start);
        }

        index = end + Delimiters.CommentEnd.Length;
        var trims = Trim.None;
        if (Source[start + Delimiters.CommentStart.Length] == '-') trims |= Trim.Before;

        if (Source[end - 1] == '-') trims |= Trim.After;

        return new Token(TokenKind.Comment, "", start, trims);
    }

    /// <summary>The raw text up to the tag that ends it; the lexer then stands behind that tag.</summary>
    public string Raw(string tag, int opened)
    {
        var start = index;
        var level = 1;
        var at = start;
        while ((at = Source.IndexOf(Delimiters.BlockStart, at, StringComparison.Ordinal)) >= 0)
        {
            var (word, end) = PlainTag(at);
            if (word == tag)
            {
                level++;
            }
            else if (word == "end" + tag && --level == 0)
            {
                index = end;
                return Source[start..at];
            }

            at = word is null ? at + 1 : end;
        }

        throw Fail($"'{{% {tag} %}}' is not closed with '{{% end{tag} %}}' (written without '-')", opened);
    }

    // A tag that is one bare word: {% endraw %}.
    private (string? Word, int End) PlainTag(int at)
    {
        var index = at + 2;
        while (index < Source.Length && Whitespace.Is(Source[index])) index++;

        var wordStart = index;
        while (index < Source.Length && char.IsAsciiLetter(Source[index])) index++;

        var word = Source[wordStart..index];
        while (index < Source.Length && Whitespace.Is(Source[index])) index++;

        return string.CompareOrdinal(Source, index, Delimiters.BlockEnd, 0, 2) == 0 ? (word, index + 2) : (null, at);
    }

    private bool At(string mark) => string.CompareOrdinal(Source, index, mark, 0, mark.Length) == 0;

    private TemplateException Fail(string reason, int position) => SourcePosition.Error(reason, name, Source, position);
}
