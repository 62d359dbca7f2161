namespace Portal.Templating;

/// <summary>What one render can see. Not safe for use by two renders at the same time; make one for each.</summary>
public sealed class TemplateContext
{
    private readonly Dictionary<string, Value> roots = new(StringComparer.Ordinal);

    /// <summary>Stops the render when cancelled.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Told about what is allowed but probably a mistake.</summary>
    public Action<TemplateWarning>? OnWarning { get; init; }

    /// <summary>Told each text that an expression wrote, in order.</summary>
    public Action<string>? OnOutput { get; init; }

    /// <summary>Seeds the filter <c>random</c>, so that a preview and the run choose alike.</summary>
    public int RandomSeed { get; init; }

    /// <summary>Whether a render wrote a value that is known only after the run.</summary>
    public bool SawUnknown { get; internal set; }

    /// <summary>The names a template may start a path with.</summary>
    public IEnumerable<string> Roots => roots.Keys;

    /// <summary>Gives a root its value. <see cref="Value.Undefined"/> makes a name known that has none.</summary>
    public TemplateContext Set(string root, Value value)
    {
        roots[root] = value;
        return this;
    }

    /// <summary>Makes any other member of a root (or of an object inside it, <c>steps.publish.output</c>) an error with
    /// the nearest known name. A declared name that is absent is undefined. Call it after <see cref="Set"/>; what is
    /// not an object has no members to declare and stays as it is.</summary>
    /// <param name="path">A root, or a dotted path to an object below one.</param>
    /// <param name="names">The names that may be read, besides those that are there.</param>
    public TemplateContext Declare(string path, IEnumerable<string> names)
    {
        Apply(path, new MemberPolicy(path, names.ToHashSet(StringComparer.Ordinal), Warn: false));
        return this;
    }

    /// <summary>
    /// Makes reading an absent member of a root a warning: it renders empty. Conditions, <c>default</c> and <c>is
    /// defined</c> do not warn.
    /// </summary>
    public TemplateContext WarnWhenMissing(string path)
    {
        Apply(path, new MemberPolicy(path, null, Warn: true));
        return this;
    }

    internal bool TryGet(string root, out Value value) => roots.TryGetValue(root, out value);

    private void Apply(string path, MemberPolicy policy)
    {
        var parts = path.Split('.');
        roots[parts[0]] = Apply(roots.GetValueOrDefault(parts[0]), parts, 1, policy);
    }

    // Values are shared between contexts, so the objects on the way are copied, never changed.
    private static Value Apply(Value value, string[] parts, int index, MemberPolicy policy)
    {
        if (value.Kind is not (ValueKind.Undefined or ValueKind.Null or ValueKind.Object)) return value;

        var source = value.Kind == ValueKind.Object ? value.AsObject : new ObjectValue();
        if (index == parts.Length) return Value.From(source.Copy(policy));

        var copy = source.Copy(source.Policy);
        copy.Set(parts[index], Apply(source[parts[index]], parts, index + 1, policy));
        return Value.From(copy);
    }
}

/// <summary>Something allowed that is probably a mistake.</summary>
/// <param name="Name">The template.</param>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Column">The column, counted from 1.</param>
/// <param name="Message">What and why, in plain words.</param>
public sealed record TemplateWarning(string Name, int Line, int Column, string Message);
