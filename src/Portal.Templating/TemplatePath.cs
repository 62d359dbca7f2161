namespace Portal.Templating;

/// <summary>Paths of included templates: always inside the template's folder.</summary>
internal static class TemplatePath
{
    /// <summary>
    /// The path without <c>.</c> and <c>..</c>. One that starts with <c>./</c> or <c>../</c> is relative to the
    /// including template.
    /// </summary>
    public static string Resolve(string path, string from)
    {
        if (path.Contains('\\') || path.Contains('\0') || path.Contains(':') || path.StartsWith('/'))
        {
            throw new EvaluationError($"'{path}' is not a path inside the template's folder");
        }

        var parts = new List<string>();
        if (path.StartsWith("./", StringComparison.Ordinal) || path.StartsWith("../", StringComparison.Ordinal))
        {
            parts.AddRange(from.Split('/')[..^1]);
        }

        foreach (var part in path.Split('/'))
        {
            if (part is "" or ".") continue;

            if (part != "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
            else throw new EvaluationError($"'{path}' leads out of the template's folder");
        }

        return string.Join('/', parts);
    }
}
