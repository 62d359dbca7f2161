namespace Portal.Templating.Rendering;

/// <summary>
/// The variables of a template, a loop or a macro, and a way to those around them. Nunjucks calls it a frame.
/// </summary>
internal sealed class Scope(Scope? parent, Unit unit, bool isolatesWrites = false, bool isTop = false)
{
    private readonly List<Variable> variables = [];
    private ObjectValue? loop;
    private int loopIndex = -1;
    private int loopLength;

    public Unit Unit { get; } = unit;
    public Renderer Renderer => Unit.Renderer;

    /// <summary>The value of a name, or the error that nothing has that name.</summary>
    public Value Lookup(string name, int position)
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope.TryGetOwn(name, out var value)) return value;
        }

        return Unit.Lookup(name, position);
    }

    private Scope? Parent { get; } = parent;
    private bool IsolatesWrites { get; } = isolatesWrites;
    private bool IsTop { get; } = isTop;

    /// <summary>
    /// Gives a name a value here, for loop variables and parameters: even undefined hides what is around.
    /// </summary>
    public void Bind(string name, Value value) => Put(name, value, bound: true);

    /// <summary>Gives an option of a macro its value; undefined does not hide what is around.</summary>
    public void BindOption(string name, Value value) => Put(name, value, bound: false);

    /// <summary>What <c>{% set %}</c> does: changes the variable where it lives, or makes one here.</summary>
    public void Assign(string name, Value value)
    {
        (FindForWrite(name) ?? this).Put(name, value, bound: false);
        if (IsTop) Unit.Set(name, value, isExported: name[0] != '_');
    }

    /// <summary>Makes a macro or an imported name known here, and at the top of a template to its macros too.</summary>
    public void Define(string name, Value value)
    {
        Put(name, value, bound: false);
        if (Parent is null || IsTop)
        {
            Unit.Set(name, value, isExported: name[0] != '_' && value.Kind == ValueKind.Callable);
        }
    }

    /// <summary>
    /// Tells where a loop is. The object <c>loop</c> is made when something asks for it, and follows the loop from then
    /// on.
    /// </summary>
    public void SetLoop(int index, int length)
    {
        loopIndex = index;
        loopLength = length;
        if (loop is not null) FillLoop(loop, index, length);
    }

    private static void FillLoop(ObjectValue loop, int index, int length) =>
        loop.Set("index", Value.From((double)index + 1))
            .Set("index0", Value.From((double)index))
            .Set("revindex", Value.From((double)length - index))
            .Set("revindex0", Value.From((double)length - index - 1))
            .Set("first", Value.From(index == 0))
            .Set("last", Value.From(index == length - 1))
            .Set("length", Value.From((double)length));

    private Scope? FindForWrite(string name)
    {
        for (var scope = this; scope is not null; scope = scope == this && IsolatesWrites ? null : scope.Parent)
        {
            if (scope.TryGetOwn(name, out _)) return scope;
        }

        return null;
    }

    private bool TryGetOwn(string name, out Value value)
    {
        foreach (var variable in variables)
        {
            if (variable.Name == name)
            {
                value = variable.Value;
                return variable.IsBound || !value.IsUndefined;
            }
        }

        if (loopIndex >= 0 && name == "loop")
        {
            if (loop is null)
            {
                loop = new ObjectValue();
                FillLoop(loop, loopIndex, loopLength);
            }

            value = Value.From(loop);
            return true;
        }

        value = default;
        return false;
    }

    private void Put(string name, Value value, bool bound)
    {
        for (var index = 0; index < variables.Count; index++)
        {
            if (variables[index].Name == name)
            {
                variables[index] = new Variable(name, value, bound || variables[index].IsBound);
                return;
            }
        }

        variables.Add(new Variable(name, value, bound));
    }

    private readonly record struct Variable(string Name, Value Value, bool IsBound);
}
