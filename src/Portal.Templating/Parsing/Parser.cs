using Portal.Templating.Ast;
using Portal.Templating.Lexing;

namespace Portal.Templating.Parsing;

/// <summary>Reads a template into its tree. One file per part of the language.</summary>
internal sealed partial class Parser
{
    private const int MaxNesting = 200;

    private readonly TemplateEngine engine;
    private readonly string name;
    private readonly Lexer lexer;
    private readonly Stack<string> openBlocks = new();
    private Token? peeked;
    private bool dropLeadingBlanks;
    private int nesting;

    public Parser(TemplateEngine engine, string source, string name)
    {
        this.engine = engine;
        this.name = name;
        lexer = new Lexer(source, name, engine.Delimiters);
    }

    /// <summary>Names that the template itself gives values to.</summary>
    public HashSet<string> AssignedNames { get; } = new(StringComparer.Ordinal);

    public List<BlockNode> Blocks { get; } = [];

    public bool Extends { get; private set; }

    public BodyNode ParseTemplate()
    {
        var body = ParseBody([]);
        return body;
    }

    public ExpressionNode ParseBareExpression()
    {
        lexer.StartInCode();
        var expression = ParseExpression();
        return Peek().Kind == TokenKind.End ? expression : throw Unexpected(Peek());
    }

    private Token Peek() => peeked ??= lexer.Next();

    private Token Next()
    {
        var token = Peek();
        peeked = null;
        return token;
    }

    private bool SkipSymbol(string text)
    {
        if (!Peek().IsSymbol(text)) return false;

        peeked = null;
        return true;
    }

    private bool SkipOperator(string text)
    {
        if (!Peek().IsOperator(text)) return false;

        peeked = null;
        return true;
    }

    private Token ExpectName(string what)
    {
        var token = Next();
        if (token.Kind != TokenKind.Symbol) throw Fail($"{what} is expected here, not {token.Describe()}", token.Start);

        CheckName(token);
        return token;
    }

    // A word of the lexer may hold anything but blanks and operators; a name may not.
    private void CheckName(Token token)
    {
        foreach (var character in token.Text)
        {
            if (!char.IsLetterOrDigit(character) && character is not ('_' or '$') && !char.IsSurrogate(character))
            {
                throw Fail($"'{token.Text}' is not a name: it holds '{character}'", token.Start);
            }
        }
    }

    private void Enter(int position)
    {
        if (++nesting > MaxNesting)
        {
            var (line, column) = SourcePosition.Of(lexer.Source, position);
            throw new TemplateLimitException(
                $"The template is nested more than {MaxNesting} levels deep.", name, line, column);
        }
    }

    private void Leave() => nesting--;

    private TemplateException Unexpected(Token token) => Fail($"{token.Describe()} is not expected here", token.Start);

    private TemplateException Fail(string reason, int position, string? suggestion = null) =>
        SourcePosition.Error(reason, name, lexer.Source, position, suggestion);
}
