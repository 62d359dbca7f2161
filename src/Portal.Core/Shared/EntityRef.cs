using System.Diagnostics.CodeAnalysis;

namespace Portal.Core.Shared;

/// <summary>
/// The name of a catalog entity, <c>kind:namespace/name</c>, as Backstage writes it. Compared without case, written as
/// given.
/// </summary>
public readonly record struct EntityRef(string Kind, string Namespace, string Name)
{
    public const string DefaultNamespace = "default";

    /// <summary>The form to compare and to store as a key: all lower case.</summary>
    public string Key => $"{Kind}:{Namespace}/{Name}".ToLowerInvariant();

    public override string ToString() => $"{Kind.ToLowerInvariant()}:{Namespace}/{Name}";

    public bool Equals(EntityRef other) => string.Equals(Key, other.Key, StringComparison.Ordinal);

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    public static EntityRef User(string name) => new("user", DefaultNamespace, name);

    public static EntityRef Group(string name) => new("group", DefaultNamespace, name);

    public static EntityRef Component(string name, string ns = DefaultNamespace) => new("component", ns, name);

    /// <summary>Reads <c>[kind:][namespace/]name</c>; what is left out comes from the defaults.</summary>
    public static bool TryParse(string? text, string? defaultKind, [NotNullWhen(true)] out EntityRef? result)
    {
        result = null;
        if (string.IsNullOrWhiteSpace(text)) return false;
        var rest = text.Trim();
        var kind = defaultKind;
        var ns = DefaultNamespace;
        if (rest.IndexOf(':') is var colon and >= 0) (kind, rest) = (rest[..colon], rest[(colon + 1)..]);
        if (rest.IndexOf('/') is var slash and >= 0) (ns, rest) = (rest[..slash], rest[(slash + 1)..]);
        if (string.IsNullOrEmpty(kind) || ns.Length == 0 || rest.Length == 0 || rest.Contains('/')
            || rest.Contains(':'))
        {
            return false;
        }
        result = new EntityRef(kind, ns, rest);
        return true;
    }

    /// <summary>
    /// Who a stored or written owner is: a group unless the text says another kind; null when it names nobody.
    /// </summary>
    public static EntityRef? Owner(string? text) => TryParse(text, "group", out var owner) ? owner : null;

    public static EntityRef Parse(string text, string? defaultKind = null) =>
        TryParse(text, defaultKind, out var result)
            ? result.Value
            : throw new FormatException($"'{text}' is not an entity reference; write kind:namespace/name.");
}
