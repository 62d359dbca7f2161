using Portal.Templating.Rendering;

namespace Portal.Templating.Ast;

/// <summary>A piece of a parsed template, immutable once parsed.</summary>
/// <param name="position">Where it starts in the source.</param>
internal abstract class Node(int position)
{
    public int Position { get; } = position;

    /// <summary>The nodes directly below, for walks over the tree.</summary>
    public abstract IEnumerable<Node> Children { get; }

    protected static IEnumerable<Node> Some(params IEnumerable<Node?> nodes) => nodes.OfType<Node>();
}

/// <summary>Something with a value.</summary>
internal abstract class ExpressionNode(int position) : Node(position)
{
    public abstract Value Evaluate(Scope scope);

    /// <summary>Marks what may be absent without a warning: what a condition or <c>default</c> looks at.</summary>
    public virtual void AllowMissing()
    {
    }
}

/// <summary>Something that writes text or changes variables.</summary>
internal abstract class StatementNode(int position) : Node(position)
{
    public abstract void Render(Scope scope, TextOutput output);
}
