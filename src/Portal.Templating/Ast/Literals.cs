using Portal.Templating.Rendering;

namespace Portal.Templating.Ast;

internal sealed class LiteralNode(int position, Value value) : ExpressionNode(position)
{
    public Value Value { get; } = value;

    public override IEnumerable<Node> Children => [];

    public override Value Evaluate(Scope scope) => Value;
}

/// <summary>A regular expression: a new object each time, as in JavaScript.</summary>
internal sealed class RegexNode(int position, RegexValue regex) : ExpressionNode(position)
{
    public override IEnumerable<Node> Children => [];

    public override Value Evaluate(Scope scope) => Value.FromRegex(regex);
}

internal sealed class ArrayNode(int position, ExpressionNode[] items) : ExpressionNode(position)
{
    public override IEnumerable<Node> Children => items;

    public override Value Evaluate(Scope scope)
    {
        var values = new List<Value>(items.Length);
        foreach (var item in items) values.Add(item.Evaluate(scope));

        return Value.From(new ArrayValue(values));
    }
}

internal sealed class ObjectNode(
    int position, (string Key, ExpressionNode Value)[] members, bool isKeywords = false) : ExpressionNode(position)
{
    /// <summary>The property that marks an object as named arguments, as Nunjucks has it.</summary>
    public const string KeywordMark = "__keywords";

    public (string Key, ExpressionNode Value)[] Members => members;
    public bool IsKeywords => isKeywords;

    public override IEnumerable<Node> Children => members.Select(member => member.Value);

    public override Value Evaluate(Scope scope)
    {
        var result = new ObjectValue();
        foreach (var (key, value) in members) result.Set(key, value.Evaluate(scope));

        return Value.From(isKeywords ? result.Set(KeywordMark, Value.True) : result);
    }
}

/// <summary>Expressions in parentheses; of several, the last counts.</summary>
internal sealed class GroupNode(int position, ExpressionNode[] items) : ExpressionNode(position)
{
    public override IEnumerable<Node> Children => items;

    public override void AllowMissing() => items[^1].AllowMissing();

    public override Value Evaluate(Scope scope)
    {
        for (var index = 0; index < items.Length - 1; index++) items[index].Evaluate(scope);

        return items[^1].Evaluate(scope);
    }
}
