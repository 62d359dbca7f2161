using Portal.Templating.Rendering;

namespace Portal.Templating.Ast;

/// <summary>The definition of a macro, or of the body of a call block.</summary>
internal sealed class MacroNode(
    int position, string name, string[] parameters, (string Name, ExpressionNode Default)[] options,
    BodyNode body) : StatementNode(position)
{
    public string Name => name;
    public string[] Parameters => parameters;
    public (string Name, ExpressionNode Default)[] Options => options;
    public BodyNode Body => body;

    public override IEnumerable<Node> Children => [.. options.Select(option => option.Default), body];

    public override void Render(Scope scope, TextOutput output) =>
        scope.Define(name, Value.FromCallable(new MacroValue(this, scope.Unit, closure: null)));
}

internal sealed class IncludeNode(int position, ExpressionNode template, bool ignoreMissing) : StatementNode(position)
{
    public override IEnumerable<Node> Children => [template];

    public override void Render(Scope scope, TextOutput output)
    {
        var path = template.Evaluate(scope);
        scope.Renderer.At(scope.Unit.Template, Position);
        var included = scope.Renderer.Load(path, scope.Unit.Template, ignoreMissing);
        if (included is null) return;

        using var depth = scope.Renderer.Enter();
        var unit = new Unit(included, scope.Renderer, scope.Unit.CopyVariables(), scope.Unit);
        unit.Run(new Scope(scope, unit, isolatesWrites: true, isTop: true), output);
    }
}

/// <summary><c>{% import … as name %}</c> (one target) and <c>{% from … import a, b as c %}</c>.</summary>
internal sealed class ImportNode(
    int position, ExpressionNode template, string? target, (string Name, string Alias)[] names,
    bool withContext) : StatementNode(position)
{
    public string? Target => target;
    public (string Name, string Alias)[] Names => names;

    public override IEnumerable<Node> Children => [template];

    public override void Render(Scope scope, TextOutput output)
    {
        var path = template.Evaluate(scope);
        scope.Renderer.At(scope.Unit.Template, Position);
        var exported = Load(path, scope);
        scope.Renderer.At(scope.Unit.Template, Position);
        if (target is not null)
        {
            scope.Define(target, Value.From(exported));
            return;
        }

        foreach (var (name, alias) in names)
        {
            if (!exported.TryGet(name, out var value))
            {
                throw new EvaluationError(
                    $"cannot import '{name}': the template has no macro or variable of that name",
                    NearestName.Find(name, exported.Keys));
            }

            scope.Define(alias, value);
        }
    }

    private ObjectValue Load(Value path, Scope scope)
    {
        var imported = scope.Renderer.Load(path, scope.Unit.Template, ignoreMissing: false)!;
        using var depth = scope.Renderer.Enter();
        var unit = new Unit(
            imported, scope.Renderer, withContext ? scope.Unit.CopyVariables() : null, withContext ? scope.Unit : null,
            isolated: !withContext);
        unit.Run(
            new Scope(withContext ? scope : null, unit, isolatesWrites: true, isTop: true),
            TextOutput.Discard(scope.Renderer));
        return unit.Exports();
    }
}

/// <summary>
/// <c>{% extends %}</c>: the parent's text replaces this template's, with this template's blocks in it.
/// </summary>
internal sealed class ExtendsNode(int position, ExpressionNode template) : StatementNode(position)
{
    public override IEnumerable<Node> Children => [template];

    public override void Render(Scope scope, TextOutput output)
    {
        var path = template.Evaluate(scope);
        scope.Renderer.At(scope.Unit.Template, Position);
        scope.Unit.Extend(scope.Renderer.Load(path, scope.Unit.Template, ignoreMissing: false)!);
    }
}

/// <summary><c>{% block %}</c>: text that a template which extends this one can replace.</summary>
internal sealed class BlockNode(int position, string name, BodyNode body) : StatementNode(position)
{
    public string Name => name;
    public BodyNode Body => body;

    public override IEnumerable<Node> Children => [body];

    public override void Render(Scope scope, TextOutput output) => scope.Unit.RenderBlock(name, scope, output);
}

/// <summary><c>super()</c> inside a block: the text of the block that it replaces.</summary>
internal sealed class SuperNode(int position, string block) : ExpressionNode(position)
{
    public override IEnumerable<Node> Children => [];

    public override Value Evaluate(Scope scope)
    {
        scope.Renderer.At(scope.Unit.Template, Position);
        return scope.Unit.RenderSuper(block, scope);
    }
}
