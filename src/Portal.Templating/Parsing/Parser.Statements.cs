using Portal.Templating.Ast;
using Portal.Templating.Lexing;

namespace Portal.Templating.Parsing;

/// <content>Text, and the tags that decide, repeat and set.</content>
internal sealed partial class Parser
{
    private const int MaxOperators = 100_000;
    private static readonly string[] Tags =

        [
            "if", "for", "set", "raw", "verbatim", "include", "import", "from", "macro", "call", "filter", "switch",
            "block", "extends", "ifAsync", "asyncEach", "asyncAll"
        ];

    private int operators;

    /// <summary>
    /// Statements up to one of these tags, which is the next token then, or to the end of the template.
    /// </summary>
    private BodyNode ParseBody(string[] until)
    {
        var start = Peek().Start;
        Enter(start);
        var statements = new List<StatementNode>();
        while (true)
        {
            var token = Next();
            switch (token.Kind)
            {
                case TokenKind.End:
                    Leave();
                    return new BodyNode(start, [.. statements]);
                case TokenKind.Data:
                    statements.Add(ParseText(token));
                    break;
                case TokenKind.Comment:
                    dropLeadingBlanks = token.Trims.HasFlag(Trim.After);
                    break;
                case TokenKind.VariableStart:
                    statements.Add(new OutputNode(token.Start, ParseExpression()));
                    dropLeadingBlanks = false;
                    EndVariable(token);
                    break;
                default:
                    dropLeadingBlanks = false;
                    if (Peek().Kind == TokenKind.Symbol && until.Contains(Peek().Text))
                    {
                        Leave();
                        return new BodyNode(start, [.. statements]);
                    }

                    statements.Add(ParseTag(token.Start, until));
                    break;
            }
        }
    }

    private TextNode ParseText(Token token)
    {
        var text = token.Text;
        if (dropLeadingBlanks)
        {
            text = Whitespace.TrimStart(text);
            dropLeadingBlanks = false;
        }

        return new TextNode(token.Start, Peek().Trims.HasFlag(Trim.Before) ? Whitespace.TrimEnd(text) : text);
    }

    private void EndVariable(Token opening)
    {
        var token = Next();
        if (token.Kind != TokenKind.VariableEnd)
        {
            throw token.Kind == TokenKind.End
                ? Fail($"'{opening.Text}' is not closed with '{engine.Delimiters.VariableEnd}'", opening.Start)
                : Fail($"'{engine.Delimiters.VariableEnd}' is expected here, not {token.Describe()}", token.Start);
        }

        dropLeadingBlanks = token.Trims.HasFlag(Trim.After);
    }

    private void EndTag(string tag)
    {
        var token = Next();
        if (token.Kind != TokenKind.BlockEnd)
        {
            throw Fail(
                $"'{Delimiters.BlockEnd}' is expected at the end of '{tag}', not {token.Describe()}", token.Start);
        }

        dropLeadingBlanks |= token.Trims.HasFlag(Trim.After);
    }

    /// <summary>The word of the tag that ended a body, or the error that the body is not closed.</summary>
    private string EndWord(string tag, string end, int opened)
    {
        var token = Next();
        return token.Kind == TokenKind.Symbol
            ? token.Text
            : throw Fail($"'{{% {tag} %}}' is not closed with '{{% {end} %}}'", opened);
    }

    private BodyNode ParseBodyOf(string tag, int opened)
    {
        EndTag(tag);
        var body = ParseBody(["end" + tag]);
        EndWord(tag, "end" + tag, opened);
        EndTag("end" + tag);
        return body;
    }

    private StatementNode ParseTag(int start, string[] until)
    {
        var token = Next();
        if (token.Kind != TokenKind.Symbol)
        {
            throw Fail(
                $"the name of a tag is expected after '{Delimiters.BlockStart}', not {token.Describe()}", token.Start);
        }

        Enter(start);
        StatementNode node = token.Text switch
        {
            "if" or "ifAsync" => ParseIf(start, token.Text),
            "for" => ParseFor(start, "for", "endfor"),
            "asyncEach" => ParseFor(start, "asyncEach", "endeach"),
            "asyncAll" => ParseFor(start, "asyncAll", "endall"),
            "set" => ParseSet(start),
            "switch" => ParseSwitch(start),
            "raw" or "verbatim" => ParseRaw(start, token.Text),
            "filter" => ParseFilterBlock(start),
            "macro" => ParseMacro(start),
            "call" => ParseCall(start),
            "include" => ParseInclude(start),
            "import" => ParseImport(start),
            "from" => ParseFromImport(start),
            "block" => ParseBlock(start),
            "extends" => ParseExtends(start),
            _ => throw UnknownTag(token, until),
        };
        Leave();
        return node;
    }

    private TemplateException UnknownTag(Token token, string[] until)
    {
        if (token.Text is "else" or "elif" or "elseif" or "case" or "default"
            || token.Text.StartsWith("end", StringComparison.Ordinal))
        {
            var expected =
                until.Length > 0 ? $"; '{{% {until[^1]} %}}' is expected first" : "; nothing is open that it could end";
            return Fail($"'{{% {token.Text} %}}' does not fit here{expected}", token.Start);
        }

        return Fail($"unknown tag '{token.Text}'", token.Start, NearestName.Find(token.Text, Tags));
    }

    private IfNode ParseIf(int start, string tag)
    {
        var branches = new List<(ExpressionNode, BodyNode)>();
        while (true)
        {
            var condition = ParseExpression();
            condition.AllowMissing();
            EndTag(tag);
            branches.Add((condition, ParseBody(["elif", "elseif", "else", "endif"])));
            var word = EndWord("if", "endif", start);
            if (word is "elif" or "elseif")
            {
                tag = word;
                continue;
            }

            EndTag(word);
            BodyNode? otherwise = null;
            if (word == "else")
            {
                otherwise = ParseBody(["endif"]);
                EndWord("if", "endif", start);
                EndTag("endif");
            }

            return new IfNode(start, [.. branches], otherwise);
        }
    }

    private ForNode ParseFor(int start, string tag, string end)
    {
        var names = new List<string>();
        do
        {
            names.Add(ExpectName("the name of a loop variable").Text);
        }
        while (SkipOperator(","));
        AssignedNames.UnionWith(names);
        AssignedNames.Add("loop");
        if (!SkipSymbol("in"))
        {
            throw Fail($"'in' is expected after the loop variable, not {Peek().Describe()}", Peek().Start);
        }

        var source = ParseExpression();
        EndTag(tag);
        var body = ParseBody([end, "else"]);
        BodyNode? otherwise = null;
        if (EndWord(tag, end, start) == "else")
        {
            EndTag("else");
            otherwise = ParseBody([end]);
            EndWord(tag, end, start);
        }

        EndTag(end);
        return new ForNode(start, [.. names], source, body, otherwise);
    }

    private SetNode ParseSet(int start)
    {
        var names = new List<string>();
        do
        {
            names.Add(ExpectName("the name of a variable").Text);
        }
        while (SkipOperator(","));
        AssignedNames.UnionWith(names);
        if (SkipOperator("="))
        {
            var value = ParseExpression();
            EndTag("set");
            return new SetNode(start, [.. names], value);
        }

        if (Peek().Kind != TokenKind.BlockEnd)
        {
            throw Fail(
                $"'=' or '{Delimiters.BlockEnd}' is expected after the variable, not {Peek().Describe()}",
                Peek().Start);
        }

        // Nunjucks does not heed the '-' at the end of this one tag.
        Next();
        var body = ParseBody(["endset"]);
        EndWord("set", "endset", start);
        EndTag("endset");
        return new SetNode(start, [.. names], new CaptureNode(start, body));
    }

    private SwitchNode ParseSwitch(int start)
    {
        var subject = ParseExpression();
        EndTag("switch");
        ParseBody(["case", "default", "endswitch"]);
        var cases = new List<(ExpressionNode, BodyNode)>();
        var word = EndWord("switch", "endswitch", start);
        if (word != "case") throw Fail("a switch needs at least one '{% case … %}', before '{% default %}'", start);

        while (word == "case")
        {
            var value = ParseExpression();
            EndTag("case");
            cases.Add((value, ParseBody(["case", "default", "endswitch"])));
            word = EndWord("switch", "endswitch", start);
        }

        BodyNode? otherwise = null;
        EndTag(word);
        if (word == "default")
        {
            otherwise = ParseBody(["endswitch"]);
            EndWord("switch", "endswitch", start);
            EndTag("endswitch");
        }

        return new SwitchNode(start, subject, [.. cases], otherwise);
    }

    private TextNode ParseRaw(int start, string tag)
    {
        EndTag(tag);
        return new TextNode(start, lexer.Raw(tag, start));
    }

    private OutputNode ParseFilterBlock(int start)
    {
        var (name, filter, position) = ParseFilterName();
        var arguments = ParseFilterArguments();
        var body = ParseBodyOf("filter", start);
        return new OutputNode(
            start, new FilterNode(position, name, filter, [new CaptureNode(start, body), .. arguments]), isBlock: true);
    }
}
