using System.Text.RegularExpressions;

namespace Portal.Providers.Local.Repositories;

/// <summary>
/// Reads the references of a bare repository from its files (loose, then packed), without starting git.
/// </summary>
internal static partial class GitReferences
{
    private const string Heads = "refs/heads/";
    private const string TagsPrefix = "refs/tags/";

    /// <summary>A branch, tag or SHA that may be handed to git: no option, no range, no revision expression.</summary>
    public static bool IsSafe(string reference) =>
        SafePattern().IsMatch(reference) && !reference.Contains("..", StringComparison.Ordinal)
        && !reference.Contains("//", StringComparison.Ordinal) && !reference.EndsWith('/')
            && !reference.EndsWith(".lock", StringComparison.Ordinal)
        && !reference.Split('/').Any(part => part.StartsWith('.'));

    public static bool IsSha(string reference) => ShaPattern().IsMatch(reference);

    /// <summary>The branch that HEAD points at; it need not exist yet.</summary>
    public static string DefaultBranch(string folder)
    {
        var head = File.ReadAllText(Path.Combine(folder, "HEAD")).Trim();
        const string prefix = "ref: " + Heads;
        return head.StartsWith(prefix, StringComparison.Ordinal) ? head[prefix.Length..] : "main";
    }

    /// <summary>The object that a branch, tag or full SHA names; null when there is no such name.</summary>
    public static string? Resolve(string folder, string reference)
    {
        if (!IsSafe(reference)) return null;
        return Read(folder, Heads + reference) ?? Read(folder, TagsPrefix + reference)
            ?? (reference.StartsWith("refs/", StringComparison.Ordinal) ? Read(folder, reference) : null)
            ?? (IsSha(reference) ? reference : null);
    }

    /// <summary>Every branch with the commit that it points at.</summary>
    public static SortedDictionary<string, string> Branches(string folder) => Below(folder, Heads);

    /// <summary>Every tag with the object that it points at: a commit, or the object of an annotated tag.</summary>
    public static SortedDictionary<string, string> Tags(string folder) => Below(folder, TagsPrefix);

    private static SortedDictionary<string, string> Below(string folder, string prefix)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, sha) in Packed(folder))
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal)) found[name[prefix.Length..]] = sha;
        }
        var root = Path.Combine(folder, prefix.TrimEnd('/'));
        if (!Directory.Exists(root)) return found;
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(root, file);
            if (!name.EndsWith(".lock", StringComparison.Ordinal) && ReadLoose(file) is { } sha) found[name] = sha;
        }
        return found;
    }

    private static string? Read(string folder, string name)
    {
        if (ReadLoose(Path.Combine(folder, name)) is { } loose) return loose;
        foreach (var (packed, sha) in Packed(folder))
        {
            if (packed == name) return sha;
        }
        return null;
    }

    private static string? ReadLoose(string file)
    {
        try
        {
            var text = File.ReadAllText(file).Trim();
            return IsSha(text) ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not there, a folder, or moved to packed-refs this moment: the packed file is read next.
            return null;
        }
    }

    private static IEnumerable<(string Name, string Sha)> Packed(string folder)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(Path.Combine(folder, "packed-refs"));
        }
        catch (IOException)
        {
            yield break;
        }
        foreach (var line in lines)
        {
            if (line.Length > 41 && line[40] == ' ' && IsSha(line[..40])) yield return (line[41..], line[..40]);
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.+#@/-]{0,249}\z")]
    private static partial Regex SafePattern();

    [GeneratedRegex(@"^[0-9a-f]{40}\z")]
    private static partial Regex ShaPattern();
}
