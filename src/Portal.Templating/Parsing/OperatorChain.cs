using Portal.Templating.Ast;

namespace Portal.Templating.Parsing;

/// <summary>
/// Operands and operators in the order they were written. Nunjucks turns an expression into JavaScript text without
/// parentheses, so its own order of precedence only decides what becomes one operand; the rest is read again by
/// JavaScript's order. <c>"a" ~ 1 + 2</c> is <c>"a12"</c>, and <c>not a == b</c> is <c>(not a) == b</c>.
/// </summary>
internal sealed class OperatorChain
{
    // Evaluating walks down the left side once per operator, so their number is bounded.
    private const int MaxItems = 2000;

    private readonly List<Item> items = [];

    public OperatorChain(ExpressionNode operand) => items.Add(new Item(operand, null, operand.Position));

    private OperatorChain()
    {
    }

    public int Position => items[0].Position;

    public bool TooLong => items.Count > MaxItems;

    /// <summary>This chain, the operator, and the other chain.</summary>
    public OperatorChain Then(string symbol, int position, OperatorChain right)
    {
        items.Add(new Item(null, symbol, position));
        items.AddRange(right.items);
        return this;
    }

    /// <summary>A prefix operator before the chain; null when JavaScript would read <c>--</c> or <c>++</c>.</summary>
    public static OperatorChain? Prefix(string symbol, int position, OperatorChain operand)
    {
        if (operand.items[0].Symbol == symbol && symbol != "!") return null;

        var chain = new OperatorChain();
        chain.items.Add(new Item(null, symbol, position));
        chain.items.AddRange(operand.items);
        return chain;
    }

    /// <summary>The tree of the chain in JavaScript's order of precedence.</summary>
    public ExpressionNode ToTree()
    {
        var index = 0;
        return items.Count == 1 ? items[0].Operand! : Binary(1, ref index);
    }

    private ExpressionNode Binary(int minimum, ref int index)
    {
        var left = Unary(ref index);
        while (index < items.Count && Precedence(items[index].Symbol!) is var precedence && precedence >= minimum)
        {
            var item = items[index++];
            var right = Binary(precedence + 1, ref index);
            if (item.Symbol == "||") left.AllowMissing();

            left = item.Symbol is "&&" or "||"
                ? new LogicalNode(item.Position, item.Symbol == "&&", left, right)
                : new BinaryNode(item.Position, item.Symbol!, left, right);
        }

        return left;
    }

    private ExpressionNode Unary(ref int index)
    {
        var item = items[index++];
        return item.Operand ?? new UnaryNode(item.Position, item.Symbol!, Unary(ref index));
    }

    private static int Precedence(string symbol) => symbol switch
    {
        "||" => 1,
        "&&" => 2,
        "==" or "!=" or "===" or "!==" => 3,
        "<" or ">" or "<=" or ">=" => 4,
        "+" or "-" => 5,
        _ => 6,
    };

    private readonly record struct Item(ExpressionNode? Operand, string? Symbol, int Position);
}
