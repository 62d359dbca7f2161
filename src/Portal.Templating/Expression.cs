using Portal.Templating.Ast;
using Portal.Templating.Parsing;

namespace Portal.Templating;

/// <summary>An expression that has been read; immutable like a <see cref="Template"/>.</summary>
public sealed class Expression
{
    private readonly Template template;
    private readonly ExpressionNode root;

    internal Expression(Template template, ExpressionNode root)
    {
        this.template = template;
        this.root = root;
    }

    /// <summary>The static paths that the expression reads from its roots.</summary>
    public IEnumerable<VariableReference> References =>
        ReferenceCollector.Collect(root, template.Source, template.AssignedNames);

    /// <summary>The value. It may be <see cref="ValueKind.Unknown"/>, or hold such values.</summary>
    /// <exception cref="TemplateException">The expression fails, breaks a limit or decides on a value known only after
    /// the run.</exception>
    public Value Evaluate(TemplateContext context) => template.Evaluate(root, context);
}
