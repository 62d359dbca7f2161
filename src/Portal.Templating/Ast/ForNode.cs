using Portal.Templating.Rendering;

namespace Portal.Templating.Ast;

/// <summary><c>{% for %}</c> over a list, over the characters of a string, or with two names over an object.</summary>
internal sealed class ForNode(
    int position, string[] names, ExpressionNode source, BodyNode body, BodyNode? otherwise) : StatementNode(position)
{
    public string[] Names => names;

    public override IEnumerable<Node> Children => Some(source, body, otherwise);

    public override void Render(Scope scope, TextOutput output)
    {
        var items = source.Evaluate(scope);
        var renderer = scope.Renderer;
        renderer.At(scope.Unit.Template, source.Position);
        // One scope for all rounds, as in Nunjucks: what a round sets the next one sees.
        var inner = new Scope(scope, scope.Unit);
        var length = items.IsTruthy ? Loop(items, inner, output) : 0;
        if (length == 0) otherwise?.Render(inner, output);
    }

    private int Loop(Value items, Scope scope, TextOutput output) => items.Kind switch
    {
        ValueKind.Array => names.Length == 1
            ? LoopItems(items.AsArray, scope, output)
            : LoopTuples(items.AsArray, scope, output),
        ValueKind.String or ValueKind.SafeString => LoopCharacters(items, scope, output),
        ValueKind.Object when names.Length > 1 => LoopMembers(items.AsObject, scope, output),
        ValueKind.Object => SkipObject(scope),
        _ => 0,
    };

    private int LoopItems(ArrayValue items, Scope scope, TextOutput output)
    {
        // The list may grow while it is walked; the step limit ends that.
        var length = items.Count;
        for (var index = 0; index < items.Count; index++)
        {
            scope.Bind(names[0], items[index]);
            Round(scope, output, index, length);
        }

        return length;
    }

    private int LoopTuples(ArrayValue items, Scope scope, TextOutput output)
    {
        var length = items.Count;
        for (var index = 0; index < items.Count; index++)
        {
            var item = items[index];
            scope.Renderer.At(scope.Unit.Template, source.Position);
            if (item.IsNullish)
            {
                throw new EvaluationError(
                    $"item {index} is {Conversions.Describe(item)} and cannot be taken apart into {names.Length} names");
            }

            for (var part = 0; part < names.Length; part++)
            {
                scope.Bind(names[part], item.IsUnknown ? item : Methods.Members.Get(item, Value.From((double)part)));
            }

            Round(scope, output, index, length);
        }

        return length;
    }

    private int LoopCharacters(Value text, Scope scope, TextOutput output)
    {
        if (text.Kind == ValueKind.SafeString && names.Length > 1) return 0;

        var characters = text.AsString;
        for (var index = 0; index < characters.Length; index++)
        {
            var character = Value.From(characters[index].ToString());
            if (names.Length == 1)
            {
                scope.Bind(names[0], character);
            }
            else
            {
                scope.Bind(names[0], Value.From(NumberText.Format(index)));
                scope.Bind(names[1], character);
                BindRest(scope);
            }

            Round(scope, output, index, characters.Length);
        }

        return characters.Length;
    }

    private int LoopMembers(ObjectValue value, Scope scope, TextOutput output)
    {
        var index = 0;
        foreach (var key in value.Keys)
        {
            scope.Bind(names[0], Value.From(key));
            scope.Bind(names[1], value[key]);
            BindRest(scope);
            Round(scope, output, index++, value.Count);
        }

        return value.Count;
    }

    private static int SkipObject(Scope scope)
    {
        scope.Renderer.Warn(
            "'for' with one name does not walk an object; name two, for its keys and values: {% for key, value in … %}");
        return 0;
    }

    private void BindRest(Scope scope)
    {
        for (var part = 2; part < names.Length; part++) scope.Bind(names[part], Value.Undefined);
    }

    private void Round(Scope scope, TextOutput output, int index, int length)
    {
        scope.Renderer.At(scope.Unit.Template, Position);
        scope.Renderer.Step();
        scope.SetLoop(index, length);
        body.Render(scope, output);
    }
}
