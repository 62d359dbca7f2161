namespace Portal.Templating.Lexing;

internal enum TokenKind
{
    End,
    Data,
    Comment,
    BlockStart,
    BlockEnd,
    VariableStart,
    VariableEnd,
    String,
    Integer,
    Float,
    Boolean,
    None,
    Symbol,
    Regex,
    /// <summary>A bracket, a comma, a colon, a pipe, a tilde or any other operator; its text says which.</summary>
    Operator,
}

/// <summary>One piece of a template's source.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; of a string the content, of a regular expression the pattern.</param>
/// <param name="Start">Where it starts in the source.</param>
/// <param name="Trims">For delimiters and comments: <c>-</c> at the start (1), at the end (2).</param>
/// <param name="Flags">The flags of a regular expression.</param>
internal readonly record struct Token(
    TokenKind Kind, string Text, int Start, Trim Trims = Trim.None, string? Flags = null)
{
    public bool IsOperator(string text) => Kind == TokenKind.Operator && Text == text;

    public bool IsSymbol(string text) => Kind == TokenKind.Symbol && Text == text;

    /// <summary>The token in words for a message.</summary>
    public string Describe() => Kind switch
    {
        TokenKind.End => "the end of the template",
        TokenKind.Data => "text",
        TokenKind.String => $"the string \"{Text}\"",
        TokenKind.BlockEnd or TokenKind.VariableEnd or TokenKind.BlockStart or TokenKind.VariableStart => $"'{Text}'",
        _ => $"'{Text}'",
    };
}

[Flags]
internal enum Trim
{
    None = 0,
    Before = 1,
    After = 2,
}
