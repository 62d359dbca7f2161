using Portal.Templating.Ast;
using Portal.Templating.Lexing;

namespace Portal.Templating.Parsing;

/// <content>Macros, and the tags that reach for other templates.</content>
internal sealed partial class Parser
{
    private MacroNode ParseMacro(int start)
    {
        var name = ExpectName("the name of the macro").Text;
        AssignedNames.Add(name);
        var (parameters, options) = Parameters(ParseArguments());
        return new MacroNode(start, name, parameters, options, ParseBodyOf("macro", start));
    }

    private (string[] Parameters, (string Name, ExpressionNode Default)[] Options) Parameters(
        ExpressionNode[] arguments)
    {
        var options = arguments is [.., ObjectNode named] ? named.Members : [];
        var positional = arguments is [.., ObjectNode] ? arguments[..^1] : arguments;
        var names = positional.Select(node => node is SymbolNode symbol
            ? symbol.Name
            : throw Fail("the name of a parameter is expected here", node.Position)).ToArray();
        AssignedNames.UnionWith(names);
        AssignedNames.UnionWith(options.Select(option => option.Key));
        AssignedNames.Add("caller");
        return (names, [.. options.Select(option => (option.Key, option.Value))]);
    }

    private OutputNode ParseCall(int start)
    {
        var (parameters, options) = Peek().IsOperator("(") ? Parameters(ParseArguments()) : ([], []);
        if (ParsePrimary() is not CallNode call)
        {
            throw Fail("'call' needs the call of a macro, such as {% call name() %}", start);
        }

        var body = ParseBodyOf("call", start);
        var caller = new CallerNode(start, new MacroNode(start, "caller", parameters, options, body));
        var named = call.Arguments is [.., ObjectNode { IsKeywords: true } given] ? given.Members : [];
        var positional = named.Length > 0 ? call.Arguments[..^1] : call.Arguments;
        var keywords = new ObjectNode(start, [.. named, ("caller", caller)], isKeywords: true);
        return new OutputNode(
            start, new CallNode(call.Position, call.Callee, [.. positional, keywords]), isBlock: true);
    }

    private IncludeNode ParseInclude(int start)
    {
        var template = ParseExpression();
        var ignoreMissing = SkipSymbol("ignore") && SkipSymbol("missing");
        EndTag("include");
        return new IncludeNode(start, template, ignoreMissing);
    }

    private ImportNode ParseImport(int start)
    {
        var template = ParseExpression();
        if (!SkipSymbol("as"))
        {
            throw Fail($"'as' and a name are expected after the path, not {Peek().Describe()}", Peek().Start);
        }

        var target = ExpectName("a name for the imported template").Text;
        AssignedNames.Add(target);
        var withContext = ParseWithContext() ?? false;
        EndTag("import");
        return new ImportNode(start, template, target, [], withContext);
    }

    private ImportNode ParseFromImport(int start)
    {
        var template = ParseExpression();
        if (!SkipSymbol("import"))
        {
            throw Fail($"'import' is expected after the path, not {Peek().Describe()}", Peek().Start);
        }

        var names = new List<(string Name, string Alias)>();
        var withContext = false;
        do
        {
            var name = ExpectName("a name to import");
            if (name.Text[0] == '_')
            {
                throw Fail($"'{name.Text}' starts with an underscore and cannot be imported", name.Start);
            }

            names.Add((name.Text, SkipSymbol("as") ? ExpectName("another name for it").Text : name.Text));
            withContext = ParseWithContext() ?? false;
        }
        while (SkipOperator(","));
        AssignedNames.UnionWith(names.Select(item => item.Alias));
        EndTag("from");
        return new ImportNode(start, template, null, [.. names], withContext);
    }

    private bool? ParseWithContext()
    {
        bool? result = SkipSymbol("with") ? true : SkipSymbol("without") ? false : null;
        return result is null || SkipSymbol("context")
            ? result
            : throw Fail($"'context' is expected here, not {Peek().Describe()}", Peek().Start);
    }

    private BlockNode ParseBlock(int start)
    {
        var name = ExpectName("the name of the block");
        if (Blocks.Exists(block => block.Name == name.Text))
        {
            throw Fail($"the block '{name.Text}' is defined more than once", name.Start);
        }

        EndTag("block");
        openBlocks.Push(name.Text);
        var body = ParseBody(["endblock"]);
        openBlocks.Pop();
        EndWord("block", "endblock", start);
        SkipSymbol(name.Text);
        EndTag("endblock");
        var node = new BlockNode(start, name.Text, body);
        Blocks.Add(node);
        return node;
    }

    private ExtendsNode ParseExtends(int start)
    {
        var template = ParseExpression();
        EndTag("extends");
        Extends = true;
        return new ExtendsNode(start, template);
    }
}
