using Portal.Templating.Ast;
using Portal.Templating.Parsing;
using Portal.Templating.Rendering;

namespace Portal.Templating;

/// <summary>A template that has been read: immutable, rendered as often as wanted, by many threads at once.</summary>
public sealed class Template
{
    private static readonly IReadOnlySet<string> NoNames = new HashSet<string>();

    private readonly TemplateEngine engine;

    internal Template(TemplateEngine engine, string source, string name, Parser? parser)
    {
        this.engine = engine;
        Source = source;
        Name = name;
        Root = parser?.ParseTemplate() ?? new BodyNode(0, [new TextNode(0, source)]);
        IsLiteral = parser is null;
        AssignedNames = parser?.AssignedNames ?? NoNames;
        Blocks = parser?.Blocks ?? [];
        Extends = parser?.Extends ?? false;
        SingleExpression =
            Root.Statements is [OutputNode { IsBlock: false } output] ? new Expression(this, output.Expression) : null;
    }

    /// <summary>What it is called in errors, usually its path.</summary>
    public string Name { get; }

    /// <summary>Whether it has no tag, expression or comment: rendering gives back the source.</summary>
    public bool IsLiteral { get; }

    /// <summary>The expression, when the template is nothing but one expression (comments aside): its value keeps its
    /// type then. Blanks around the delimiters make it text, as in Backstage.</summary>
    public Expression? SingleExpression { get; }

    /// <summary>
    /// The static paths that the template reads from its roots: for checks of unknown and unused names.
    /// </summary>
    public IEnumerable<VariableReference> References => ReferenceCollector.Collect(Root, Source, AssignedNames);

    internal string Source { get; }
    internal BodyNode Root { get; }
    internal IReadOnlySet<string> AssignedNames { get; }
    internal IReadOnlyList<BlockNode> Blocks { get; }
    internal bool Extends { get; }

    /// <summary>Writes the template's text. What was written before an error stays written.</summary>
    /// <exception cref="TemplateException">The template fails, breaks a limit or decides on a value known only after
    /// the run.</exception>
    /// <exception cref="OperationCanceledException">The context's cancellation.</exception>
    public void Render(TextWriter output, TemplateContext context)
    {
        if (IsLiteral)
        {
            output.Write(Source);
            return;
        }

        var renderer = new Renderer(engine, this, context);
        renderer.Run(() =>
        {
            var unit = new Unit(this, renderer);
            unit.Run(new Scope(null, unit, isTop: true), TextOutput.To(output, renderer));
            return true;
        });
    }

    /// <summary>The template's text; see <see cref="Render(TextWriter, TemplateContext)"/>.</summary>
    public string Render(TemplateContext context)
    {
        if (IsLiteral) return Source;

        using var writer = new StringWriter();
        Render(writer, context);
        return writer.ToString();
    }

    internal Value Evaluate(ExpressionNode expression, TemplateContext context)
    {
        var renderer = new Renderer(engine, this, context);
        return renderer.Run(() =>
        {
            var unit = new Unit(this, renderer);
            return expression.Evaluate(new Scope(null, unit, isTop: true));
        });
    }
}
