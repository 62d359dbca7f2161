namespace Portal.Templating;

/// <summary>A JavaScript object: own properties only, no prototype.</summary>
public sealed class ObjectValue
{
    private readonly OrderedDictionary<string, Value> properties;
    private string[]? sortedKeys;
    private bool hasIndexKeys;

    /// <summary>Makes an empty object.</summary>
    public ObjectValue() => properties = new OrderedDictionary<string, Value>(StringComparer.Ordinal);

    private ObjectValue(ObjectValue source, MemberPolicy? policy)
    {
        properties = new OrderedDictionary<string, Value>(source.properties, StringComparer.Ordinal);
        hasIndexKeys = source.hasIndexKeys;
        Policy = policy;
    }

    /// <summary>How many properties there are.</summary>
    public int Count => properties.Count;

    /// <summary>What happens when a property is read that is not there; null for JavaScript's undefined.</summary>
    internal MemberPolicy? Policy { get; }

    /// <summary>The property of this name, or undefined.</summary>
    public Value this[string name] => properties.TryGetValue(name, out var value) ? value : Value.Undefined;

    /// <summary>Looks a property up.</summary>
    public bool TryGet(string name, out Value value) => properties.TryGetValue(name, out value);

    /// <summary>Whether the object has this property.</summary>
    public bool Has(string name) => properties.ContainsKey(name);

    /// <summary>
    /// Property names in JavaScript's order: those that look like array indexes first, ascending; then as they were
    /// added.
    /// </summary>
    public IReadOnlyList<string> Keys => hasIndexKeys ? sortedKeys ??= SortKeys() : properties.Keys;

    /// <summary>Sets a property. For building values before a render; templates cannot assign properties.</summary>
    public ObjectValue Set(string name, Value value)
    {
        properties[name] = value;
        if (IsIndex(name))
        {
            hasIndexKeys = true;
            sortedKeys = null;
        }
        else if (hasIndexKeys)
        {
            sortedKeys = null;
        }

        return this;
    }

    internal bool Remove(string name)
    {
        sortedKeys = null;
        return properties.Remove(name);
    }

    internal ObjectValue Copy(MemberPolicy? policy) => new(this, policy);

    private string[] SortKeys()
    {
        var indexes = properties.Keys.Where(IsIndex).OrderBy(uint.Parse);
        return [.. indexes, .. properties.Keys.Where(key => !IsIndex(key))];
    }

    // An array index in JavaScript is a canonical integer below 2^32 - 1.
    private static bool IsIndex(string name)
    {
        if (name.Length is 0 or > 10 || (name.Length > 1 && name[0] == '0')) return false;

        foreach (var character in name)
        {
            if (!char.IsAsciiDigit(character)) return false;
        }

        return ulong.Parse(name) < uint.MaxValue;
    }
}
