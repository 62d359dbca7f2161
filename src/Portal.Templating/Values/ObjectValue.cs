namespace Portal.Templating;

/// <summary>A JavaScript object: own properties only, no prototype.</summary>
public sealed class ObjectValue
{
    private readonly OrderedDictionary<string, Value> _properties;
    private string[]? _sortedKeys;
    private bool _hasIndexKeys;

    /// <summary>Makes an empty object.</summary>
    public ObjectValue() => _properties = new OrderedDictionary<string, Value>(StringComparer.Ordinal);

    private ObjectValue(ObjectValue source, MemberPolicy? policy)
    {
        _properties = new OrderedDictionary<string, Value>(source._properties, StringComparer.Ordinal);
        _hasIndexKeys = source._hasIndexKeys;
        Policy = policy;
    }

    /// <summary>How many properties there are.</summary>
    public int Count => _properties.Count;

    /// <summary>What happens when a property is read that is not there; null for JavaScript's undefined.</summary>
    internal MemberPolicy? Policy { get; }

    /// <summary>The property of this name, or undefined.</summary>
    public Value this[string name] => _properties.TryGetValue(name, out var value) ? value : Value.Undefined;

    /// <summary>Looks a property up.</summary>
    public bool TryGet(string name, out Value value) => _properties.TryGetValue(name, out value);

    /// <summary>Whether the object has this property.</summary>
    public bool Has(string name) => _properties.ContainsKey(name);

    /// <summary>Property names in JavaScript's order: those that look like array indexes first, ascending; then as they were added.</summary>
    public IReadOnlyList<string> Keys => _hasIndexKeys ? _sortedKeys ??= SortKeys() : _properties.Keys;

    /// <summary>Sets a property. For building values before a render; templates cannot assign properties.</summary>
    public ObjectValue Set(string name, Value value)
    {
        _properties[name] = value;
        if (IsIndex(name))
        {
            _hasIndexKeys = true;
            _sortedKeys = null;
        }
        else if (_hasIndexKeys)
        {
            _sortedKeys = null;
        }

        return this;
    }

    internal bool Remove(string name)
    {
        _sortedKeys = null;
        return _properties.Remove(name);
    }

    internal ObjectValue Copy(MemberPolicy? policy) => new(this, policy);

    private string[] SortKeys()
    {
        var indexes = _properties.Keys.Where(IsIndex).OrderBy(uint.Parse);
        return [.. indexes, .. _properties.Keys.Where(key => !IsIndex(key))];
    }

    // An array index in JavaScript is a canonical integer below 2^32 - 1.
    private static bool IsIndex(string name)
    {
        if (name.Length is 0 or > 10 || (name.Length > 1 && name[0] == '0'))
        {
            return false;
        }

        foreach (var character in name)
        {
            if (!char.IsAsciiDigit(character))
            {
                return false;
            }
        }

        return ulong.Parse(name) < uint.MaxValue;
    }
}
