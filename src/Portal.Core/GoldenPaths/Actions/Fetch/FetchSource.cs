using Portal.Core.Runs.Actions;
using Portal.Core.Shared.Files;

namespace Portal.Core.GoldenPaths.Actions.Fetch;

/// <summary>Where fetching actions read from: the folder of the template, which is pinned with the run.</summary>
internal static class FetchSource
{
    /// <summary>The path in the template's folder that <c>url</c> names; empty for the folder itself.</summary>
    public static string PathOf(string url)
    {
        if (url.Contains("://", StringComparison.Ordinal) || url.StartsWith("git@", StringComparison.Ordinal))
        {
            throw ActionFailedException.Wrong(
                $"'{url}' lies outside of the template. Copy those files into the template's folder and write their path, such as './skeleton': then a run makes exactly what was reviewed.");
        }
        if (url.StartsWith('/'))
        {
            throw ActionFailedException.Wrong(
                $"'{url}' is absolute. Write the path from the template's folder, such as './skeleton'.");
        }
        var parts = new List<string>();
        foreach (var part in url.Split('/'))
        {
            if (part is "" or ".") continue;
            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else
            {
                throw ActionFailedException.Wrong(
                    $"'{url}' climbs out of the template's folder. Move the files into it and write their path, such as './skeleton'.");
            }
        }
        return string.Join('/', parts);
    }

    public static FileTree Folder(FileTree template, string url)
    {
        var path = PathOf(url);
        var folder = template.Below(path);
        if (folder.Count > 0) return folder;
        if (template.TryGet(path, out _))
        {
            throw ActionFailedException.Wrong(
                $"'{url}' is a file of the template; a folder is needed here. For one file use fetch:template:file or fetch:plain:file.");
        }
        var folders = template.Files.Where(f => f.Path.Contains('/')).Select(f => f.Path[..f.Path.IndexOf('/')])
            .Distinct(StringComparer.Ordinal).ToList();
        throw ActionFailedException.Wrong(
            $"The template has no folder '{url}'{(folders.Count == 0 ? " and no folders at all" : $"; it has: {string.Join(", ", folders)}")}. Correct 'url', or add the folder with at least one file.");
    }

    public static TreeFile File(FileTree template, string url)
    {
        var path = PathOf(url);
        if (!template.TryGet(path, out var file))
        {
            throw ActionFailedException.Wrong($"The template has no file '{url}'. Correct 'url', or add the file.");
        }
        return file.IsLink
            ? throw ActionFailedException.Wrong($"'{url}' is a symbolic link. Name the file itself.")
            : file;
    }

    /// <summary>Throws for a link whose target lies outside of the folder that is copied.</summary>
    public static void CheckLink(TreeFile link, string path)
    {
        var target = System.Text.Encoding.UTF8.GetString(link.Content.Span);
        var at = path.Contains('/') ? path[..path.LastIndexOf('/')].Split('/').ToList() : [];
        var inside = !target.StartsWith('/') && !target.Contains('\\');
        foreach (var part in target.Split('/'))
        {
            if (!inside) break;
            if (part is "" or ".") continue;
            if (part != "..") at.Add(part);
            else if (at.Count > 0) at.RemoveAt(at.Count - 1);
            else inside = false;
        }
        if (!inside)
        {
            throw ActionFailedException.Wrong(
                $"The symbolic link '{link.Path}' points out of the folder, to '{target}'. Replace it by the file, or by a link that stays inside.");
        }
    }
}
