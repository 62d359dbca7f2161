using Portal.Templating.Methods;
using Portal.Templating.Rendering;

namespace Portal.Templating.Ast;

/// <summary>A name: a variable of the template, a root of the context or a global.</summary>
internal sealed class SymbolNode(int position, string name) : ExpressionNode(position)
{
    public string Name => name;

    public override IEnumerable<Node> Children => [];

    public override Value Evaluate(Scope scope) => scope.Lookup(name, Position);
}

/// <summary><c>target.name</c> and <c>target[key]</c>.</summary>
internal sealed class MemberNode(int position, ExpressionNode target, ExpressionNode key) : ExpressionNode(position)
{
    private bool mayBeMissing;

    public ExpressionNode Target => target;
    public ExpressionNode Key => key;
    public bool MayBeMissing => mayBeMissing;

    public override IEnumerable<Node> Children => [target, key];

    public override void AllowMissing()
    {
        mayBeMissing = true;
        target.AllowMissing();
    }

    public override Value Evaluate(Scope scope)
    {
        scope.Renderer.GuardStack();
        return Get(target.Evaluate(scope), key.Evaluate(scope), scope);
    }

    public Value Get(Value from, Value keyValue, Scope scope)
    {
        if (from.IsUnknown) return Value.Unknown(Describe(from.AsUnknown.Description, keyValue));

        if (from.IsNullish) return Value.Undefined;

        if (keyValue.IsUnknown) return keyValue;

        scope.Renderer.At(scope.Unit.Template, Position);
        if (from.Kind == ValueKind.Object)
        {
            var name = Conversions.ToText(keyValue);
            return from.AsObject.TryGet(name, out var value) ? value : Missing(from.AsObject, name, from, scope);
        }

        return Members.Get(from, keyValue);
    }

    private Value Missing(ObjectValue from, string name, Value self, Scope scope)
    {
        var method = Members.Get(self, Value.From(name));
        if (!method.IsUndefined || from.Policy is not { } policy) return method;

        if (policy.Declared is { } declared && !declared.Contains(name))
        {
            var known = declared.Concat(from.Keys);
            throw new EvaluationError($"'{policy.Path}' has no '{name}'", NearestName.Find(name, known));
        }

        if (policy.Warn && !mayBeMissing)
        {
            scope.Renderer.Warn($"'{policy.Path}.{name}' was not given; it renders empty");
        }

        return Value.Undefined;
    }

    private static string Describe(string from, Value key) =>
        key.IsUnknown ? from : key.Kind == ValueKind.Number ? $"{from}[{key}]" : $"{from}.{key}";
}
