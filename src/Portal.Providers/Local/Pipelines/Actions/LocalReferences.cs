using System.Text;
using Portal.Core.Providers;
using Portal.Providers.Local.Repositories;

namespace Portal.Providers.Local.Pipelines.Actions;

/// <summary>Finds commits in a bare repository.</summary>
internal static class LocalReferences
{
    public static async Task<string?> FindCommitAsync(string repository, string name, CancellationToken cancellation) =>
        (await FindAsync(repository, name, cancellation))?.Commit;

    /// <summary>
    /// The commit that a branch, tag or SHA names, its subject, and the full name of the branch or tag; null when there
    /// is none.
    /// </summary>
    public static async Task<(string Commit, string Subject, string? Reference)?> FindAsync(
        string repository, string name, CancellationToken cancellation)
    {
        if (name.Length == 0 || name[0] == '-' || name.Any(c => c <= ' ')) return null;
        byte[] answer;
        try
        {
            answer = await GitCommand.RunAsync(
                repository,
                [
                    "log", "-1", "--no-show-signature", "--decorate=full", "--format=%H%x00%s%x00%D",
                    $"{name}^{{commit}}", "--"],
                null, cancellation);
        }
        catch (ProviderException failed) when (failed.Error.Code == "git-failed")
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(answer).TrimEnd('\n').Split('\0');
        if (parts.Length < 3) return null;
        var known = parts[2].Split(", ").Select(d => d.Split(' ')[^1]).ToList();
        var reference = known.Find(k => k == name) ?? known.Find(k => k == $"refs/heads/{name}")
            ?? known.Find(k => k == $"refs/tags/{name}");
        return (parts[0], parts[1], reference);
    }
}
