using Portal.Templating.Ast;

namespace Portal.Templating.Rendering;

/// <summary>A macro as a value: template text that is called with arguments.</summary>
/// <param name="node">Its definition.</param>
/// <param name="unit">The template run it was defined in.</param>
/// <param name="closure">The scope around a call block; a macro sees only the top of its template.</param>
internal sealed class MacroValue(MacroNode node, Unit unit, Scope? closure) : Callable(node.Name)
{
    private readonly Template template = unit.Template;

    public override bool IsTemplateCode => true;

    public override Value Invoke(TemplateCall call, Value[] arguments)
    {
        using var depth = unit.Renderer.Enter();
        var home = unit.Template == template ? unit : new Unit(template, unit.Renderer, unit.CopyVariables(), unit);
        var scope = new Scope(closure, home, isolatesWrites: true);
        Bind(scope, arguments);
        return TextOutput.Capture(scope, node.Body).ToValue(asSafe: true);
    }

    private void Bind(Scope scope, Value[] arguments)
    {
        var (positional, named) = MacroArguments.Split(arguments);
        if (named.TryGet("caller", out var caller)) scope.Bind("caller", caller);

        for (var index = 0; index < node.Parameters.Length; index++)
        {
            scope.Bind(
                node.Parameters[index], index < positional.Length ? positional[index] : named[node.Parameters[index]]);
        }

        // More positional arguments than parameters fill the options in their order.
        for (var index = 0; index < node.Options.Length; index++)
        {
            var (name, @default) = node.Options[index];
            var at = node.Parameters.Length + index;
            var value = at < positional.Length ? positional[at]
                : named.TryGet(name, out var given) ? given
                : @default.Evaluate(scope);
            scope.BindOption(name, value);
        }
    }
}

/// <summary>Positional and named arguments of a call.</summary>
internal static class MacroArguments
{
    private static readonly ObjectValue None = new();

    public static (Value[] Positional, ObjectValue Named) Split(Value[] arguments) =>
        arguments.Length > 0 && arguments[^1].Kind == ValueKind.Object
            && arguments[^1].AsObject.Has(ObjectNode.KeywordMark)
            ? (arguments[..^1], arguments[^1].AsObject)
            : (arguments, None);

    /// <summary>The arguments of a built-in filter that takes them by position or by name.</summary>
    public static Value[] Order(Value[] arguments, params string[] names)
    {
        var (positional, named) = Split(arguments);
        var ordered = new Value[names.Length];
        for (var index = 0; index < names.Length; index++)
        {
            ordered[index] = index < positional.Length ? positional[index] : named[names[index]];
        }

        return ordered;
    }
}
