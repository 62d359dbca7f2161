using System.Text.RegularExpressions;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;

namespace Portal.Core.Catalog.Discovery;

/// <summary>
/// How the place of a descriptor in a repository and the location that the catalog keeps belong together.
/// </summary>
internal static partial class DescriptorPlaces
{
    public static string Location(DiscoveredRepository repository, string path) =>
        $"url:{repository.WebUrl.TrimEnd('/')}/{path}";

    /// <summary>
    /// Where in the repository of that name the file at the location lies; null when the location is not in it.
    /// </summary>
    public static string? PathIn(string location, string repository)
    {
        foreach (var start in new[] { $"/{repository}/", $"/{repository}.git/" })
        {
            if (location.IndexOf(start, StringComparison.OrdinalIgnoreCase) is var at and >= 0)
            {
                return BranchStart().Replace(location[(at + start.Length)..], "");
            }
        }
        return null;
    }

    /// <summary>Whether a location is of that file of the repository, by whatever address it was registered.</summary>
    public static bool Is(string location, RepositoryName repository, string path)
    {
        if (!location.EndsWith("/" + path, StringComparison.Ordinal)) return false;
        var place = BranchPart().Replace(location[..^(path.Length + 1)], "");
        return place.EndsWith("/" + repository, StringComparison.OrdinalIgnoreCase)
            || place.EndsWith($"/{repository}.git", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// A path that stands in the descriptor, as one of the repository; null when it leads out of that.
    /// </summary>
    public static string? Beside(string descriptor, string include)
    {
        try
        {
            return Workspace.Normalise(
                (descriptor.Contains('/') ? descriptor[..(descriptor.LastIndexOf('/') + 1)] : "") + include);
        }
        catch (WorkspaceException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^(blob|tree|raw)/[^/]+/")]
    private static partial Regex BranchStart();

    [GeneratedRegex(@"/(blob|tree|raw)/[^/]+\z")]
    private static partial Regex BranchPart();
}
