namespace Portal.Providers.GitHub.Discovery;

/// <summary>GitHub's <c>CODEOWNERS</c>: who owns a repository as a whole.</summary>
internal static class CodeOwners
{
    /// <summary>Where GitHub looks for it; the first that is there counts.</summary>
    public static readonly IReadOnlyList<string> Paths = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

    /// <summary>
    /// Of the last rule for everything, as GitHub reads it: a team (<c>@org/team</c>) before a person (<c>@login</c>);
    /// null when it names neither.
    /// </summary>
    public static string? OfAll(string text)
    {
        var owners = text.Split('\n').Select(Words).LastOrDefault(w => w is ["*", ..])?.Skip(1)
            .Where(w => w is ['@', _, ..]).Select(w => w[1..]).ToList() ?? [];
        return owners.Find(o => o.Contains('/')) ?? owners.FirstOrDefault();
    }

    private static string[] Words(string line) =>
        line.Split('#', 2)[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
}
