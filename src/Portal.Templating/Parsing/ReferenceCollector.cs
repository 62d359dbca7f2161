using Portal.Templating.Ast;
using Portal.Templating.Lexing;

namespace Portal.Templating.Parsing;

/// <summary>Finds the paths that a tree reads from roots, not from its own variables.</summary>
internal static class ReferenceCollector
{
    public static IEnumerable<VariableReference> Collect(Node root, string source, IReadOnlySet<string> assigned)
    {
        var pending = new Stack<Node>([root]);
        while (pending.TryPop(out var node))
        {
            if (node is MemberNode or SymbolNode
                && Describe((ExpressionNode)node, source, assigned, pending) is { } reference)
            {
                yield return reference;
            }
            else if (node is not (MemberNode or SymbolNode))
            {
                // The last name of target.method() is not a member of the data.
                var children = node is CallNode { Callee: MemberNode { Key: LiteralNode } method } call
                    ? [method.Target, .. call.Arguments]
                    : node.Children;
                foreach (var child in children.Reverse()) pending.Push(child);
            }
        }
    }

    private static VariableReference? Describe(
        ExpressionNode node, string source, IReadOnlySet<string> assigned, Stack<Node> pending)
    {
        var members = new List<string>();
        var isPartial = false;
        var mayBeMissing = node is MemberNode { MayBeMissing: true };
        while (node is MemberNode member)
        {
            if (member.Key is LiteralNode { Value.Kind: ValueKind.String or ValueKind.Number } key)
            {
                members.Add(key.Value.ToString());
            }
            else
            {
                // What follows a computed key is not a static path; the key has references of its own.
                pending.Push(member.Key);
                members.Clear();
                isPartial = true;
            }

            node = member.Target;
        }

        if (node is not SymbolNode symbol)
        {
            pending.Push(node);
            return null;
        }

        if (assigned.Contains(symbol.Name)) return null;

        members.Reverse();
        var (line, column) = SourcePosition.Of(source, symbol.Position);
        return new VariableReference(symbol.Name, members, isPartial, mayBeMissing, line, column);
    }
}
