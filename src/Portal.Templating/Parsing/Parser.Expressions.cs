using Portal.Templating.Ast;
using Portal.Templating.Lexing;

namespace Portal.Templating.Parsing;

/// <content>Operators, from the loosest to the tightest.</content>
internal sealed partial class Parser
{
    private ExpressionNode ParseExpression()
    {
        Enter(Peek().Start);
        var chain = ParseOr();
        if (Peek().IsSymbol("if"))
        {
            var position = Next().Start;
            var condition = ParseOr().ToTree();
            var otherwise = SkipSymbol("else") ? ParseOr().ToTree() : null;
            condition.AllowMissing();
            Leave();
            return new ConditionalNode(position, condition, chain.ToTree(), otherwise);
        }

        Leave();
        return chain.ToTree();
    }

    private OperatorChain ParseOr()
    {
        var left = ParseAnd();
        while (Peek().IsSymbol("or"))
        {
            var position = Next().Start;
            left = Checked(left.Then("||", position, ParseAnd()));
        }

        return left;
    }

    private OperatorChain ParseAnd()
    {
        var left = ParseNot();
        while (Peek().IsSymbol("and"))
        {
            var position = Next().Start;
            left = Checked(left.Then("&&", position, ParseNot()));
        }

        return left;
    }

    private OperatorChain ParseNot()
    {
        if (!Peek().IsSymbol("not")) return ParseIn();

        var position = Next().Start;
        Enter(position);
        var operand = ParseNot();
        Leave();
        return OperatorChain.Prefix("!", position, operand)!;
    }

    private OperatorChain ParseIn()
    {
        var left = ParseIs();
        while (true)
        {
            var position = Peek().Start;
            var isNegated = SkipSymbol("not");
            if (!SkipSymbol("in"))
            {
                return isNegated ? throw Fail("'in' is expected after 'not' here", Peek().Start) : left;
            }

            var node = new BinaryNode(position, "in", left.ToTree(), ParseIs().ToTree());
            left = Checked(new OperatorChain(isNegated ? new UnaryNode(position, "!", node) : node));
        }
    }

    private OperatorChain ParseIs()
    {
        var left = ParseCompare();
        if (!Peek().IsSymbol("is")) return left;

        var position = Next().Start;
        var isNegated = SkipSymbol("not");
        var token = Next();
        if (token.Kind is not (TokenKind.Symbol or TokenKind.None or TokenKind.String or TokenKind.Boolean))
        {
            throw Fail($"the name of a test is expected after 'is', not {token.Describe()}", token.Start);
        }

        var name = token.Kind == TokenKind.None ? "null" : token.Text;
        if (!engine.Tests.TryGetValue(name, out var test))
        {
            throw Fail($"unknown test '{name}'", token.Start, NearestName.Find(name, engine.Tests.Keys));
        }

        var arguments = Peek().IsOperator("(") ? ParseArguments() : [];
        if (arguments.Length > 1) throw Fail($"the test '{name}' takes at most one argument", token.Start);

        var operand = left.ToTree();
        if (name is "defined" or "undefined") operand.AllowMissing();

        var node = new TestNode(position, test, operand, arguments);
        return new OperatorChain(isNegated ? new UnaryNode(position, "!", node) : node);
    }

    private OperatorChain ParseCompare()
    {
        var left = ParseArithmetic(1);
        while (Peek() is { Kind: TokenKind.Operator, Text: "==" or "===" or "!=" or "!==" or "<" or ">" or "<="
            or ">=" } token)
        {
            Next();
            left = Checked(left.Then(token.Text, token.Start, ParseArithmetic(1)));
        }

        return left;
    }

    private OperatorChain ParseArithmetic(int minimum)
    {
        var left = ParseUnary(withFilters: true);
        while (Peek() is { Kind: TokenKind.Operator } token && Level(token.Text) is var level && level >= minimum)
        {
            Next();
            var right = ParseArithmetic(level + 1);
            left = Checked(token.Text switch
            {
                // Concatenation puts an empty string between the two sides.
                "~" => left.Then("+", token.Start, new OperatorChain(new LiteralNode(token.Start, Value.Empty))).Then(
                    "+", token.Start, right),
                "//" => new OperatorChain(
                    new UnaryNode(token.Start, "floor", left.Then("/", token.Start, right).ToTree())),
                "**" => new OperatorChain(new BinaryNode(token.Start, "**", left.ToTree(), right.ToTree())),
                _ => left.Then(token.Text, token.Start, right),
            });
        }

        return left;
    }

    private static int Level(string symbol) => symbol switch
    {
        "~" => 1,
        "+" => 2,
        "-" => 3,
        "*" => 4,
        "/" => 5,
        "//" => 6,
        "%" => 7,
        "**" => 8,
        _ => 0,
    };

    private OperatorChain ParseUnary(bool withFilters)
    {
        OperatorChain chain;
        if (Peek() is { Kind: TokenKind.Operator, Text: "-" or "+" } sign)
        {
            Next();
            Enter(sign.Start);
            chain = OperatorChain.Prefix(sign.Text, sign.Start, ParseUnary(withFilters: false))
                ?? throw Fail(
                    $"two signs '{sign.Text}{sign.Text}' stand in a row; put the second into parentheses", sign.Start);
            Leave();
        }
        else
        {
            chain = new OperatorChain(ParsePrimary());
        }

        return withFilters && Peek().IsOperator("|") ? new OperatorChain(ParseFilters(chain.ToTree())) : chain;
    }

    private OperatorChain Checked(OperatorChain chain)
    {
        if (chain.TooLong || ++operators > MaxOperators)
        {
            var (line, column) = SourcePosition.Of(lexer.Source, chain.Position);
            throw new TemplateLimitException("The expression has too many operators.", name, line, column);
        }

        return chain;
    }
}
