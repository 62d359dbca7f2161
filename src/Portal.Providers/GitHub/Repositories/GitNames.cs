using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Providers.GitHub.Repositories;

/// <summary>What Git takes as names, checked here so that a refusal leaves nothing behind.</summary>
internal static class GitNames
{
    /// <summary>
    /// A branch, tag or SHA; nothing that Git would compute with, such as <c>a..b</c>, <c>a~1</c> or <c>a:path</c>.
    /// </summary>
    public static bool IsReference(string reference) =>
        reference.Length is > 0 and <= 250 && reference[0] is not ('-' or '/' or '.') && !reference.EndsWith('/')
            && !reference.EndsWith('.')
        && !reference.EndsWith(".lock", StringComparison.Ordinal) && !reference.Contains("..", StringComparison.Ordinal)
        && !reference.Contains("//", StringComparison.Ordinal) && !reference.Contains("/.", StringComparison.Ordinal)
            && !reference.Contains("@{", StringComparison.Ordinal)
        && reference.All(
            c => !char.IsControl(c) && c is not (' ' or '~' or '^' or ':' or '?' or '*' or '[' or '\\' or '\u007f'));

    public static bool IsSha(string reference) => reference.Length == 40 && reference.All(char.IsAsciiHexDigitLower);

    public static bool IsFile(string path) =>
        path.Length > 0 && !path.EndsWith('/') && path.Split('/').All(p => p is not ("" or "." or ".."))
        && !path.Any(char.IsControl);

    public static void CheckBranch(string branch)
    {
        if (!IsReference(branch) || branch.Contains('@'))
        {
            throw ProviderException.Invalid(
                "branch-invalid",
                $"'{branch}' cannot be the name of a branch: use letters, digits, dot, dash and slash.");
        }
    }

    public static void CheckTree(FileTree tree)
    {
        foreach (var file in tree.Files)
        {
            for (var slash = file.Path.LastIndexOf('/'); slash > 0; slash = file.Path.LastIndexOf('/', slash - 1))
            {
                if (tree.TryGet(file.Path[..slash], out _))
                {
                    throw ProviderException.Invalid(
                        "path-invalid", $"{file.Path[..slash]} is a file and a folder at once: rename one of them.");
                }
            }
            CheckPath(file.Path);
        }
    }

    public static void CheckPath(string path)
    {
        try
        {
            if (path.Length > 0 && Workspace.Normalise(path) == path) return;
            throw ProviderException.Invalid(
                "path-invalid",
                $"The path '{path}' cannot be in a repository: write it without ./ and doubled slashes.");
        }
        catch (WorkspaceException e)
        {
            throw new ProviderException(Error.Invalid("path-invalid", e.Message), e);
        }
    }
}
