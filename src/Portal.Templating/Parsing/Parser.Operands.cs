using System.Globalization;
using Portal.Templating.Ast;
using Portal.Templating.Lexing;
using Portal.Templating.Rendering;

namespace Portal.Templating.Parsing;

/// <content>Literals, names, member access, calls and filters.</content>
internal sealed partial class Parser
{
    // Long chains such as a.b.c.d or a | b | c nest the tree as deeply as they are long.
    private const int MaxLinks = 300;

    private ExpressionNode ParsePrimary(bool withPostfix = true)
    {
        var token = Next();
        Enter(token.Start);
        ExpressionNode node = token.Kind switch
        {
            TokenKind.String => new LiteralNode(token.Start, Value.From(token.Text)),
            TokenKind.Integer => new LiteralNode(
                token.Start, Value.From(double.Parse(token.Text, CultureInfo.InvariantCulture))),
            TokenKind.Float => new LiteralNode(token.Start, Value.From(NumberText.ParseFloat(token.Text))),
            TokenKind.Boolean => new LiteralNode(token.Start, Value.From(token.Text == "true")),
            TokenKind.None => new LiteralNode(token.Start, Value.Null),
            TokenKind.Regex => ParseRegex(token),
            TokenKind.Symbol => ParseSymbol(token),
            TokenKind.Operator when token.Text is "(" or "[" or "{" => ParseAggregate(token),
            TokenKind.End => throw Fail("an expression is expected here, but the template ends", token.Start),
            _ => throw Fail($"an expression is expected here, not {token.Describe()}", token.Start),
        };
        node = withPostfix ? ParsePostfix(node) : node;
        Leave();
        return node;
    }

    private RegexNode ParseRegex(Token token)
    {
        try
        {
            return new RegexNode(token.Start, new RegexValue(token.Text, token.Flags!));
        }
        catch (EvaluationError error)
        {
            throw Fail(error.Message, token.Start);
        }
    }

    private SymbolNode ParseSymbol(Token token)
    {
        CheckName(token);
        return new SymbolNode(token.Start, token.Text);
    }

    private ExpressionNode ParsePostfix(ExpressionNode node)
    {
        for (var links = 0; Peek() is { Kind: TokenKind.Operator, Text: "(" or "[" or "." } token; links++)
        {
            CheckLinks(links, token.Start);
            if (token.Text == "(")
            {
                node = Called(token.Start, node, ParseArguments());
                continue;
            }

            Next();
            node = new MemberNode(token.Start, node, token.Text == "[" ? ParseIndex(token) : ParseMemberName());
        }

        return node;
    }

    // super() in a block stands for the text that the block replaces.
    private ExpressionNode Called(int position, ExpressionNode callee, ExpressionNode[] arguments) =>
        callee is SymbolNode { Name: "super" } && openBlocks.TryPeek(out var block)
            ? new SuperNode(callee.Position, block)
            : new CallNode(position, callee, arguments);

    private LiteralNode ParseMemberName()
    {
        var token = Next();
        return token.Kind == TokenKind.Symbol
            ? new LiteralNode(token.Start, Value.From(token.Text))
            : throw Fail(
                $"a member name is expected after '.', not {token.Describe()}; use brackets for anything else: ['…']",
                token.Start);
    }

    private ExpressionNode ParseIndex(Token opening)
    {
        var items = ParseItems(opening, "]");
        return items.Length == 1
            ? items[0]
            : throw Fail("exactly one index is expected between the brackets", opening.Start);
    }

    private ExpressionNode ParseAggregate(Token opening)
    {
        switch (opening.Text)
        {
            case "[":
                return new ArrayNode(opening.Start, ParseItems(opening, "]"));
            case "{":
                return new ObjectNode(opening.Start, ParseMembers(opening));
            default:
                var items = ParseItems(opening, ")");
                return items.Length > 0
                    ? new GroupNode(opening.Start, items)
                    : throw Fail("the parentheses are empty", opening.Start);
        }
    }

    private ExpressionNode[] ParseItems(Token opening, string closing)
    {
        var items = new List<ExpressionNode>();
        while (!SkipOperator(closing))
        {
            ExpectComma(items.Count > 0, opening, closing);
            items.Add(ParseExpression());
        }

        return [.. items];
    }

    private (string Key, ExpressionNode Value)[] ParseMembers(Token opening)
    {
        var members = new List<(string, ExpressionNode)>();
        while (!SkipOperator("}"))
        {
            ExpectComma(members.Count > 0, opening, "}");
            var key = Next();
            if (key.Kind is not (TokenKind.Symbol or TokenKind.String))
            {
                throw Fail($"the key of an object must be a name or a string, not {key.Describe()}", key.Start);
            }

            if (!SkipOperator(":")) throw Fail($"':' is expected after the key '{key.Text}'", Peek().Start);

            members.Add((key.Text, ParseExpression()));
        }

        return [.. members];
    }

    private void ExpectComma(bool needed, Token opening, string closing)
    {
        if (needed && !SkipOperator(","))
        {
            throw Peek().Kind is TokenKind.End or TokenKind.BlockEnd or TokenKind.VariableEnd
                ? Fail($"'{opening.Text}' is not closed with '{closing}'", opening.Start)
                : Fail($"',' or '{closing}' is expected here, not {Peek().Describe()}", Peek().Start);
        }
    }

    /// <summary>Arguments in parentheses; named ones become one object at the end.</summary>
    private ExpressionNode[] ParseArguments()
    {
        var opening = Next();
        if (!opening.IsOperator("(")) throw Fail($"'(' is expected here, not {opening.Describe()}", opening.Start);

        var arguments = new List<ExpressionNode>();
        var named = new List<(string, ExpressionNode)>();
        while (!SkipOperator(")"))
        {
            ExpectComma(arguments.Count + named.Count > 0, opening, ")");
            var argument = ParseExpression();
            if (!SkipOperator("="))
            {
                arguments.Add(argument);
                continue;
            }

            named.Add((ArgumentName(argument), ParseExpression()));
        }

        if (named.Count > 0) arguments.Add(new ObjectNode(opening.Start, [.. named], isKeywords: true));

        return [.. arguments];
    }

    private string ArgumentName(ExpressionNode node) => node switch
    {
        SymbolNode symbol => symbol.Name,
        LiteralNode { Value.Kind: ValueKind.String } literal => literal.Value.AsString,
        _ => throw Fail("the name of an argument is expected before '='", node.Position),
    };

    private ExpressionNode ParseFilters(ExpressionNode node)
    {
        for (var links = 0; SkipOperator("|"); links++)
        {
            CheckLinks(links, Peek().Start);
            var (name, filter, position) = ParseFilterName();
            if (name is "default" or "d") node.AllowMissing();

            node = new FilterNode(position, name, filter, [node, .. ParseFilterArguments()]);
        }

        return node;
    }

    private (string Name, Callable Filter, int Position) ParseFilterName()
    {
        var token = ExpectName("the name of a filter");
        var name = token.Text;
        while (SkipOperator(".")) name += "." + ExpectName("the name of a filter").Text;

        return engine.Filters.TryGetValue(name, out var filter)
            ? (name, filter, token.Start)
            : throw Fail($"unknown filter '{name}'", token.Start, NearestName.Find(name, engine.Filters.Keys));
    }

    private ExpressionNode[] ParseFilterArguments()
    {
        if (!Peek().IsOperator("(")) return [];

        var arguments = ParseArguments();
        return Peek() is { Kind: TokenKind.Operator, Text: "." or "[" or "(" } token
            ? throw Fail($"'{token.Text}' cannot follow a filter; put the filtered value into parentheses", token.Start)
            : arguments;
    }

    private void CheckLinks(int links, int position)
    {
        if (links > MaxLinks)
        {
            var (line, column) = SourcePosition.Of(lexer.Source, position);
            throw new TemplateLimitException(
                $"The expression has more than {MaxLinks} parts in a row.", name, line, column);
        }
    }
}
