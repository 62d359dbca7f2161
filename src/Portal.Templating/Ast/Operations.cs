using Portal.Templating.Rendering;

namespace Portal.Templating.Ast;

/// <summary>An arithmetic or comparing operator. An unknown operand makes the result unknown.</summary>
internal sealed class BinaryNode(
    int position, string symbol, ExpressionNode left, ExpressionNode right) : ExpressionNode(position)
{
    public override IEnumerable<Node> Children => [left, right];

    public override void AllowMissing()
    {
        left.AllowMissing();
        right.AllowMissing();
    }

    public override Value Evaluate(Scope scope)
    {
        scope.Renderer.GuardStack();
        var first = left.Evaluate(scope);
        var second = right.Evaluate(scope);
        if (symbol == "+" && first.Kind == ValueKind.Number && second.Kind == ValueKind.Number)
        {
            return Value.From(first.AsNumber + second.AsNumber);
        }

        scope.Renderer.At(scope.Unit.Template, Position);
        if (first.IsUnknown || second.IsUnknown) return Unknowns.Combine(symbol == "+", first, second);

        try
        {
            var result = Apply(first, second);
            if (result.Kind == ValueKind.String) scope.Renderer.ChargeText(result.AsString.Length);

            return result;
        }
        catch (UnknownValueException unknown)
        {
            return Value.Unknown(unknown.Description);
        }
    }

    private Value Apply(Value first, Value second) => symbol switch
    {
        "+" => Operators.Add(first, second),
        "==" => Value.From(Operators.LooseEquals(first, second)),
        "!=" => Value.From(!Operators.LooseEquals(first, second)),
        "===" => Value.From(Operators.StrictEquals(first, second)),
        "!==" => Value.From(!Operators.StrictEquals(first, second)),
        "<" or ">" or "<=" or ">=" => Value.From(Operators.Compare(symbol, first, second)),
        "in" => Value.From(Operators.Contains(first, second)),
        _ => Value.From(Arithmetic(first.ToNumber(), second.ToNumber())),
    };

    private double Arithmetic(double first, double second) => symbol switch
    {
        "-" => first - second,
        "*" => first * second,
        "/" => first / second,
        "%" => first % second,
        "**" => Operators.Power(first, second),
        _ => throw new InvalidOperationException(symbol),
    };
}

/// <summary><c>!</c>, <c>-</c>, <c>+</c> and the rounding of <c>//</c> (written <c>floor</c>).</summary>
internal sealed class UnaryNode(int position, string symbol, ExpressionNode operand) : ExpressionNode(position)
{
    public override IEnumerable<Node> Children => [operand];

    public override void AllowMissing() => operand.AllowMissing();

    public override Value Evaluate(Scope scope)
    {
        scope.Renderer.GuardStack();
        var value = operand.Evaluate(scope);
        if (value.IsUnknown) return Value.Unknown(value.AsUnknown.Description);

        scope.Renderer.At(scope.Unit.Template, Position);
        try
        {
            return symbol switch
            {
                "!" => Value.From(!value.IsTruthy),
                "-" => Value.From(-value.ToNumber()),
                "+" => Value.From(value.ToNumber()),
                _ => Value.From(Math.Floor(value.ToNumber())),
            };
        }
        catch (UnknownValueException unknown)
        {
            return Value.Unknown(unknown.Description);
        }
    }
}

/// <summary><c>and</c> and <c>or</c>: they must decide on their left side and give back one of the two.</summary>
internal sealed class LogicalNode(
    int position, bool isAnd, ExpressionNode left, ExpressionNode right) : ExpressionNode(position)
{
    public override IEnumerable<Node> Children => [left, right];

    public override void AllowMissing()
    {
        left.AllowMissing();
        right.AllowMissing();
    }

    public override Value Evaluate(Scope scope)
    {
        scope.Renderer.GuardStack();
        var first = left.Evaluate(scope);
        scope.Renderer.At(scope.Unit.Template, Position);
        return first.IsTruthy == isAnd ? right.Evaluate(scope) : first;
    }
}

/// <summary><c>a if condition else b</c>; without else, the empty string.</summary>
internal sealed class ConditionalNode(
    int position, ExpressionNode condition, ExpressionNode then, ExpressionNode? otherwise) : ExpressionNode(position)
{
    public override IEnumerable<Node> Children => Some(condition, then, otherwise);

    public override void AllowMissing()
    {
        then.AllowMissing();
        otherwise?.AllowMissing();
    }

    public override Value Evaluate(Scope scope)
    {
        scope.Renderer.GuardStack();
        var decision = condition.Evaluate(scope);
        scope.Renderer.At(scope.Unit.Template, Position);
        return decision.IsTruthy ? then.Evaluate(scope) : otherwise?.Evaluate(scope) ?? Value.Empty;
    }
}
