namespace Portal.Providers.Local.Pipelines.Expressions;

/// <summary>
/// An object of the expression language: names are compared without regard to case. Values are null, bool, double,
/// string, <see cref="ExprArray"/> or this.
/// </summary>
internal sealed class ExprObject : Dictionary<string, object?>
{
    public ExprObject() : base(StringComparer.OrdinalIgnoreCase)
    {
    }

    public ExprObject(IEnumerable<KeyValuePair<string, string>> strings) : this()
    {
        foreach (var (name, value) in strings) this[name] = value;
    }
}

/// <param name="Filtered">Made by <c>.*</c>: a member of it is that member of each of its items.</param>
internal sealed class ExprArray(bool filtered = false) : List<object?>
{
    public bool Filtered => filtered;
}
