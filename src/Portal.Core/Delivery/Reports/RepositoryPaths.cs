using System.Globalization;
using System.Text.RegularExpressions;

namespace Portal.Core.Delivery.Reports;

/// <summary>Paths as a job's tools write them, as they are in the repository.</summary>
/// <param name="repository">The repository's own name: jobs work in a folder that is called so.</param>
internal sealed class RepositoryPaths(string repository)
{
    private const int MostFrames = 50;

    private static readonly Regex[] Frames = [LogPatterns.NodeFrame, LogPatterns.DotNetFrame, LogPatterns.PythonFrame];

    /// <summary>GitHub's machines have the name twice, containers there below another folder.</summary>
    private readonly string[] roots =
        [$"/home/runner/work/{repository}/{repository}/", $"/__w/{repository}/{repository}/"];

    /// <summary>
    /// Jobs work below <c>…/work/NAME/</c>. What lies elsewhere keeps its whole path.
    /// </summary>
    public string Relative(string path)
    {
        path = path.Trim();
        if (path.StartsWith("file://", StringComparison.Ordinal)) path = path["file://".Length..];
        if (path.StartsWith("./", StringComparison.Ordinal)) return path[2..];
        var root = Array.Find(roots, r => path.StartsWith(r, StringComparison.Ordinal));
        if (root is not null) return path[root.Length..];
        var work = $"/work/{repository}/";
        var at = path.StartsWith('/') ? path.IndexOf(work, StringComparison.Ordinal) : -1;
        return at < 0 ? path : path[(at + work.Length)..];
    }

    /// <summary>Not of the runtime, nor of a package.</summary>
    public static bool IsOwn(string relative) =>
        !relative.StartsWith('/') && !relative.StartsWith("node:", StringComparison.Ordinal)
            && !relative.Contains("node_modules/", StringComparison.Ordinal);

    /// <summary>The first frame of a trace that is of the repository.</summary>
    public (string? File, int? Line) FirstFrame(string? trace)
    {
        foreach (var line in (trace ?? "").Split('\n').Take(MostFrames))
        {
            foreach (var frame in Frames)
            {
                // A trace in a report may have lost its blanks.
                if (frame.Match("  " + line.Trim()) is { Success: true } at
                    && Relative(at.Groups["file"].Value) is var file && IsOwn(file))
                {
                    return (file, Number(at.Groups["line"].Value));
                }
            }
        }
        return (null, null);
    }

    public static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
