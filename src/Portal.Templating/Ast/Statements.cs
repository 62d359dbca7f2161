using Portal.Templating.Rendering;

namespace Portal.Templating.Ast;

/// <summary>Statements one after the other.</summary>
internal sealed class BodyNode(int position, StatementNode[] statements) : StatementNode(position)
{
    public StatementNode[] Statements => statements;

    public override IEnumerable<Node> Children => statements;

    public override void Render(Scope scope, TextOutput output)
    {
        scope.Renderer.GuardStack();
        foreach (var statement in statements) statement.Render(scope, output);
    }
}

internal sealed class TextNode(int position, string text) : StatementNode(position)
{
    public string Text => text;

    public override IEnumerable<Node> Children => [];

    public override void Render(Scope scope, TextOutput output) => output.Write(text);
}

/// <summary>An expression whose value is written.</summary>
/// <param name="position">Where it starts in the source.</param>
/// <param name="expression">What is written.</param>
/// <param name="isBlock">Whether it was written as a block, <c>{% filter %}</c> or <c>{% call %}</c>.</param>
internal sealed class OutputNode(
    int position, ExpressionNode expression, bool isBlock = false) : StatementNode(position)
{
    public bool IsBlock => isBlock;
    public ExpressionNode Expression => expression;

    public override IEnumerable<Node> Children => [expression];

    public override void Render(Scope scope, TextOutput output)
    {
        var value = expression.Evaluate(scope);
        if (value.IsText)
        {
            scope.Renderer.Context.OnOutput?.Invoke(value.AsString);
            output.Write(value.AsString);
            return;
        }

        if (value.IsNullish) return;

        scope.Renderer.At(scope.Unit.Template, Position);
        if (value.Kind == ValueKind.Object)
        {
            scope.Renderer.Warn(
                "an object renders as '[object Object]'; name one of its members, or write it as JSON with '| dump'");
        }

        output.Write(value);
    }
}

internal sealed class IfNode(
    int position, (ExpressionNode Condition, BodyNode Body)[] branches, BodyNode? otherwise) : StatementNode(position)
{
    public override IEnumerable<Node> Children =>
        Some([.. branches.SelectMany(branch => new Node[] { branch.Condition, branch.Body }), otherwise]);

    public override void Render(Scope scope, TextOutput output)
    {
        foreach (var (condition, body) in branches)
        {
            var decision = condition.Evaluate(scope);
            scope.Renderer.At(scope.Unit.Template, condition.Position);
            if (decision.IsTruthy)
            {
                body.Render(scope, output);
                return;
            }
        }

        otherwise?.Render(scope, output);
    }
}

internal sealed class SetNode(int position, string[] names, ExpressionNode value) : StatementNode(position)
{
    public string[] Names => names;

    public override IEnumerable<Node> Children => [value];

    public override void Render(Scope scope, TextOutput output)
    {
        var result = value.Evaluate(scope);
        foreach (var name in names) scope.Assign(name, result);
    }
}

/// <summary><c>{% switch %}</c>: a case without a body falls through to the next.</summary>
internal sealed class SwitchNode(
    int position, ExpressionNode subject, (ExpressionNode Value, BodyNode Body)[] cases,
    BodyNode? otherwise) : StatementNode(position)
{
    public override IEnumerable<Node> Children =>
        Some([subject, .. cases.SelectMany(item => new Node[] { item.Value, item.Body }), otherwise]);

    public override void Render(Scope scope, TextOutput output)
    {
        var value = subject.Evaluate(scope);
        var matched = false;
        foreach (var (candidate, body) in cases)
        {
            if (!matched)
            {
                var other = candidate.Evaluate(scope);
                scope.Renderer.At(scope.Unit.Template, candidate.Position);
                matched = Operators.StrictEquals(value, other);
            }

            if (matched && body.Statements.Length > 0)
            {
                body.Render(scope, output);
                return;
            }
        }

        otherwise?.Render(scope, output);
    }
}
