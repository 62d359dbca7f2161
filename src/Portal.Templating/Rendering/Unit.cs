using Portal.Templating.Ast;

namespace Portal.Templating.Rendering;

/// <summary>One run of one template file: its top-level variables, what it exports and its blocks.</summary>
/// <param name="template">The template whose code runs.</param>
/// <param name="renderer">The render it belongs to.</param>
/// <param name="variables">Top-level variables it starts with.</param>
/// <param name="includer">The run that includes this one; names that are known there are known here.</param>
/// <param name="isolated">Whether it sees no roots: an import without context.</param>
internal sealed class Unit(
    Template template, Renderer renderer, Dictionary<string, Value>? variables = null, Unit? includer = null,
    bool isolated = false)
{
    private readonly Dictionary<string, Value> variables = variables ?? new(StringComparer.Ordinal);
    private readonly List<string> exported = [];
    private readonly Dictionary<string, List<(BlockNode Node, Template Owner)>> blocks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> levels = new(StringComparer.Ordinal);
    private Template? parent;
    private int blocksOpen;

    public Template Template { get; private set; } = template;
    public Renderer Renderer { get; } = renderer;

    public Value Lookup(string name, int position)
    {
        if (this.variables.TryGetValue(name, out var value)
            || (!isolated && Renderer.Context.TryGet(name, out value))
            || Renderer.Engine.Globals.TryGetValue(name, out value))
        {
            return value;
        }

        if (name == "undefined" || IsAssigned(name)) return Value.Undefined;

        Renderer.At(Template, position);
        if (isolated && Renderer.Context.TryGet(name, out _))
        {
            throw new EvaluationError($"'{name}' cannot be seen in an imported template; import it 'with context'");
        }

        throw new EvaluationError($"unknown name '{name}'", NearestName.Find(name, KnownNames()));
    }

    public void Set(string name, Value value, bool isExported)
    {
        this.variables[name] = value;
        if (isExported) exported.Add(name);
    }

    public Dictionary<string, Value> CopyVariables() => new(this.variables, StringComparer.Ordinal);

    public ObjectValue Exports()
    {
        var exports = new ObjectValue();
        foreach (var name in exported) exports.Set(name, this.variables[name]);

        return exports;
    }

    /// <summary>Renders the template, or the one that it extends.</summary>
    public void Run(Scope scope, TextOutput output)
    {
        if (!Template.Extends && Template.Blocks.Count == 0)
        {
            Template.Root.Render(scope, output);
            return;
        }

        AddBlocks(Template);
        RunWithParents(scope, output);
    }

    private void RunWithParents(Scope scope, TextOutput output)
    {
        var own = Template;
        var depths = new Stack<Renderer.DepthMark>();
        try
        {
            while (true)
            {
                parent = null;
                // What stands outside of blocks is not shown when the template extends another.
                Template.Root.Render(scope, Template.Extends ? TextOutput.Discard(Renderer) : output);
                if (parent is null)
                {
                    if (Template.Extends) Template.Root.Render(scope, output);

                    return;
                }

                depths.Push(Renderer.Enter());
                Template = parent;
            }
        }
        finally
        {
            Template = own;
            while (depths.TryPop(out var depth)) depth.Dispose();
        }
    }

    public void Extend(Template parent)
    {
        this.parent = parent;
        AddBlocks(parent);
    }

    public void RenderBlock(string name, Scope scope, TextOutput output)
    {
        // A template that has named its parent leaves its blocks to be shown from there.
        if (parent is not null && blocksOpen == 0) return;

        RenderLevel(name, 0, scope, output);
    }

    public Value RenderSuper(string name, Scope scope)
    {
        var level = levels.GetValueOrDefault(name) + 1;
        if (!blocks.TryGetValue(name, out var definitions) || level >= definitions.Count)
        {
            throw new EvaluationError($"super() finds no block '{name}' in a template that this one extends");
        }

        var output = TextOutput.Buffer(Renderer);
        RenderLevel(name, level, scope, output);
        return output.ToValue(asSafe: true);
    }

    private void RenderLevel(string name, int level, Scope scope, TextOutput output)
    {
        var (node, owner) = blocks[name][level];
        var (template, before) = (Template, levels.GetValueOrDefault(name));
        using var depth = Renderer.Enter();
        (Template, levels[name]) = (owner, level);
        blocksOpen++;
        try
        {
            node.Body.Render(new Scope(scope, this, isolatesWrites: true), output);
        }
        finally
        {
            blocksOpen--;
            (Template, levels[name]) = (template, before);
        }
    }

    private void AddBlocks(Template template)
    {
        foreach (var block in template.Blocks)
        {
            if (!blocks.TryGetValue(block.Name, out var definitions)) blocks[block.Name] = definitions = [];

            definitions.Add((block, template));
        }
    }

    private bool IsAssigned(string name)
    {
        for (var unit = this; unit is not null; unit = unit.Includer)
        {
            if (unit.Template.AssignedNames.Contains(name) || unit.Started.AssignedNames.Contains(name)) return true;
        }

        return false;
    }

    /// <summary>The template that the run began with; <see cref="Template"/> becomes the one that it extends.</summary>
    private Template Started { get; } = template;

    private Unit? Includer { get; } = includer;

    private IEnumerable<string> KnownNames() =>

        [
            .. Renderer.Context.Roots, .. this.variables.Keys, .. Renderer.Engine.Globals.Keys,
            .. Template.AssignedNames, "true", "false", "none"
        ];
}
