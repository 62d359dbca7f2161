using Portal.Templating.Methods;
using Portal.Templating.Rendering;

namespace Portal.Templating.Ast;

/// <summary><c>name(…)</c> and <c>target.method(…)</c>.</summary>
internal sealed class CallNode(
    int position, ExpressionNode callee, ExpressionNode[] arguments) : ExpressionNode(position)
{
    public ExpressionNode Callee => callee;
    public ExpressionNode[] Arguments => arguments;

    public override IEnumerable<Node> Children => [callee, .. arguments];

    public override Value Evaluate(Scope scope)
    {
        var renderer = scope.Renderer;
        renderer.GuardStack();
        var self = Value.Undefined;
        Value function;
        if (callee is MemberNode member)
        {
            self = member.Target.Evaluate(scope);
            function = member.Get(self, member.Key.Evaluate(scope), scope);
        }
        else
        {
            function = callee.Evaluate(scope);
        }

        var values = new Value[arguments.Length];
        for (var index = 0; index < values.Length; index++) values[index] = arguments[index].Evaluate(scope);

        renderer.At(scope.Unit.Template, Position);
        renderer.Step();
        if (function.IsUnknown) return Value.Unknown(function.AsUnknown.Description);

        if (function.Kind != ValueKind.Callable) throw NotCallable(function, self);

        return renderer.Invoke(function.AsCallable, values);
    }

    private EvaluationError NotCallable(Value function, Value self)
    {
        var name = Name(callee);
        if (!function.IsUndefined)
        {
            return new EvaluationError(
                $"'{name}' is {Conversions.Describe(function)}, not a function, and cannot be called");
        }

        if (callee is MemberNode { Key: LiteralNode key })
        {
            return self.IsNullish
                ? new EvaluationError(
                    $"'{name}' cannot be called: what stands before '.{key.Value}' is {Conversions.Describe(self)}")
                : new EvaluationError(
                    $"{Conversions.Describe(self)} has no method '{key.Value}'",
                    NearestName.Find(key.Value.ToString(), Members.MethodNames(self)));
        }

        return new EvaluationError($"'{name}' is undefined and cannot be called");
    }

    private static string Name(ExpressionNode node) => node switch
    {
        SymbolNode symbol => symbol.Name,
        MemberNode { Key: LiteralNode key } member => $"{Name(member.Target)}.{key.Value}",
        MemberNode member => $"{Name(member.Target)}[…]",
        CallNode call => $"{Name(call.Callee)}()",
        _ => "this expression",
    };
}

/// <summary><c>value | filter(…)</c>.</summary>
internal sealed class FilterNode(
    int position, string name, Callable filter, ExpressionNode[] arguments) : ExpressionNode(position)
{
    public string Name => name;

    public override IEnumerable<Node> Children => arguments;

    public override void AllowMissing()
    {
        foreach (var argument in arguments) argument.AllowMissing();
    }

    public override Value Evaluate(Scope scope)
    {
        scope.Renderer.GuardStack();
        var values = new Value[arguments.Length];
        for (var index = 0; index < values.Length; index++) values[index] = arguments[index].Evaluate(scope);

        scope.Renderer.At(scope.Unit.Template, Position);
        scope.Renderer.Step();
        return scope.Renderer.Invoke(filter, values);
    }
}

/// <summary><c>value is test(…)</c>.</summary>
internal sealed class TestNode(
    int position, Callable test, ExpressionNode operand, ExpressionNode[] arguments) : ExpressionNode(position)
{
    public override IEnumerable<Node> Children => [operand, .. arguments];

    public override void AllowMissing() => operand.AllowMissing();

    public override Value Evaluate(Scope scope)
    {
        scope.Renderer.GuardStack();
        var values = new Value[arguments.Length + 1];
        values[0] = operand.Evaluate(scope);
        for (var index = 0; index < arguments.Length; index++) values[index + 1] = arguments[index].Evaluate(scope);

        scope.Renderer.At(scope.Unit.Template, Position);
        return scope.Renderer.Invoke(test, values);
    }
}

/// <summary>Text collected from statements: <c>{% filter %}</c> and <c>{% set %}</c> with a body.</summary>
internal sealed class CaptureNode(int position, BodyNode body) : ExpressionNode(position)
{
    public override IEnumerable<Node> Children => [body];

    public override Value Evaluate(Scope scope) => TextOutput.Capture(scope, body).ToValue(asSafe: false);
}

/// <summary>The body of a <c>{% call %}</c> block: a macro that sees the variables around it.</summary>
internal sealed class CallerNode(int position, MacroNode macro) : ExpressionNode(position)
{
    public override IEnumerable<Node> Children => [macro];

    public override Value Evaluate(Scope scope) => Value.FromCallable(new MacroValue(macro, scope.Unit, scope));
}
