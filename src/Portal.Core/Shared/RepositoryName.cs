using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Portal.Core.Shared;

/// <summary>
/// Where a repository lies on its host: <c>organisation/name</c>. Letters, digits, dot, dash and underscore only.
/// </summary>
public readonly partial record struct RepositoryName
{
    public RepositoryName(string organisation, string name)
    {
        if (!IsValidPart(organisation))
        {
            throw new FormatException($"'{organisation}' cannot be the name of an organisation.");
        }
        if (!IsValidPart(name)) throw new FormatException($"'{name}' cannot be the name of a repository.");
        (Organisation, Name) = (organisation, name);
    }

    public string Organisation { get; }

    public string Name { get; }

    public override string ToString() => $"{Organisation}/{Name}";

    /// <summary>
    /// 1 to 100 characters, starting with a letter or digit; neither <c>..</c> nor an ending that Git keeps for itself.
    /// </summary>
    public static bool IsValidPart(string? part) =>
        part is not null && PartPattern().IsMatch(part) && !part.Contains("..", StringComparison.Ordinal)
        && !part.EndsWith(".git", StringComparison.OrdinalIgnoreCase)
            && !part.EndsWith(".lock", StringComparison.OrdinalIgnoreCase)
        && !part.EndsWith('.');

    public static bool TryParse(string? text, [NotNullWhen(true)] out RepositoryName? name)
    {
        name = null;
        var parts = text?.Split('/');
        if (parts is not [var organisation, var repository] || !IsValidPart(organisation) || !IsValidPart(repository))
        {
            return false;
        }
        name = new RepositoryName(organisation, repository);
        return true;
    }

    public static RepositoryName Parse(string text) => TryParse(text, out var name)
        ? name.Value
        : throw new FormatException($"'{text}' is not a repository; write organisation/name.");

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z")]
    private static partial Regex PartPattern();
}
