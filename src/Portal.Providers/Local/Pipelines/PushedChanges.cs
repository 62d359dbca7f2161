using System.Text;
using Portal.Core.Providers;
using Portal.Providers.Local.Repositories;

namespace Portal.Providers.Local.Pipelines;

/// <summary>The files that a push changed, for <c>paths</c> filters.</summary>
internal static class PushedChanges
{
    /// <summary>Null when it cannot be told: a new branch, or a history that was rewritten.</summary>
    public static async Task<IReadOnlyList<string>?> FindAsync(
        string repository, string? before, string after, CancellationToken cancellation)
    {
        if (before is null) return null;
        try
        {
            var names = await GitCommand.RunAsync(
                repository, ["diff", "--name-only", "--no-renames", "-z", before, after], null, cancellation);
            return Encoding.UTF8.GetString(names).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (ProviderException failed) when (failed.Error.Code == "git-failed")
        {
            return null;
        }
    }
}
