namespace Portal.Templating;

/// <summary>A JavaScript array.</summary>
public sealed class ArrayValue
{
    private readonly List<Value> items;

    /// <summary>Makes an array of these items, which templates cannot change.</summary>
    public ArrayValue(IEnumerable<Value> items) : this(items.ToList(), isReadOnly: true)
    {
    }

    internal ArrayValue(List<Value> items, bool isReadOnly = false)
    {
        this.items = items;
        IsReadOnly = isReadOnly;
    }

    /// <summary>Whether templates may change it: what they are given is shared between renders and read-only.</summary>
    public bool IsReadOnly { get; }

    /// <summary>How many items there are.</summary>
    public int Count => items.Count;

    /// <summary>The item at this index, or undefined.</summary>
    public Value this[int index] => (uint)index < (uint)items.Count ? items[index] : Value.Undefined;

    /// <summary>The items in their order.</summary>
    public IReadOnlyList<Value> Items => items;

    /// <summary>The items, for a method that changes the array.</summary>
    internal List<Value> Writable(string method) => IsReadOnly
        ? throw new EvaluationError(
            $"'{method}' would change a value that was passed to the template; change a copy instead, such as 'list.slice()'")
        : items;
}
