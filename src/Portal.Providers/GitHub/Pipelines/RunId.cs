using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.GitHub.Pipelines;

/// <summary>
/// A run's id in the portal: <c>organisation.repository.123</c>, since GitHub's number alone does not say where to ask.
/// No login holds a dot, a repository's name may.
/// </summary>
internal readonly record struct RunId(RepositoryName Repository, long Number)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Repository.Organisation}.{Repository.Name}.{Number}");

    public static bool TryParse(string text, [NotNullWhen(true)] out RunId? id)
    {
        id = null;
        var (first, last) = (text.IndexOf('.', StringComparison.Ordinal), text.LastIndexOf('.'));
        if (first <= 0 || last <= first) return false;
        if (!long.TryParse(text.AsSpan(last + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }
        if (!RepositoryName.TryParse($"{text[..first]}/{text[(first + 1)..last]}", out var repository)) return false;
        id = new RunId(repository.Value, number);
        return true;
    }
}
