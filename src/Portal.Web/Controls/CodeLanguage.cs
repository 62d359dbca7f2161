namespace Portal.Web.Controls;

/// <summary>Which of the highlighter's languages a file is in, told by its name.</summary>
public static class CodeLanguage
{
    private static readonly Dictionary<string, string> ByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".sh"] = "bash", [".bash"] = "bash", [".cs"] = "csharp", [".csx"] = "csharp", [".css"] = "css",
        [".diff"] = "diff", [".patch"] = "diff",
        [".go"] = "go", [".ini"] = "ini", [".toml"] = "ini", [".editorconfig"] = "ini", [".npmrc"] = "ini",
        [".gitconfig"] = "ini",
        [".java"] = "java", [".js"] = "javascript", [".mjs"] = "javascript", [".cjs"] = "javascript",
        [".jsx"] = "javascript",
        [".json"] = "json", [".jsonc"] = "json", [".md"] = "markdown", [".conf"] = "nginx",
        [".properties"] = "properties", [".env"] = "properties",
        [".py"] = "python", [".sql"] = "sql", [".ts"] = "typescript", [".tsx"] = "typescript", [".mts"] = "typescript",
        [".xml"] = "xml", [".html"] = "xml", [".svg"] = "xml", [".csproj"] = "xml", [".props"] = "xml",
        [".targets"] = "xml", [".slnx"] = "xml", [".razor"] = "xml",
        [".yml"] = "yaml", [".yaml"] = "yaml", [".njk"] = "xml",
    };

    public static string? Of(string path)
    {
        var name = Path.GetFileName(path);
        if (name.StartsWith("Dockerfile", StringComparison.Ordinal)
            || name.EndsWith(".dockerfile", StringComparison.OrdinalIgnoreCase))
        {
            return "dockerfile";
        }
        if (name is "Makefile") return "makefile";
        return ByExtension.GetValueOrDefault(Path.GetExtension(name));
    }
}
