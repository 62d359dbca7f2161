namespace Portal.Core.GoldenPaths.Templates;

/// <summary><c>Portal:Templates</c>: where templates come from and what they are given.</summary>
public sealed class TemplateOptions
{
    public const string Section = "Portal:Templates";

    public const string DefaultSource = "templates/golden-paths";

    /// <summary>Folders that hold templates, at any depth. Empty = <see cref="DefaultSource"/>.</summary>
    public List<string> Sources { get; set; } = [];

    /// <summary>What relative sources start from; null = the working folder.</summary>
    public string? Root { get; set; }

    /// <summary>Looks for changed files; off = templates are read once.</summary>
    public bool Watch { get; set; } = true;

    /// <summary>A larger file makes the template unusable. Bytes.</summary>
    public long MaxFileSize { get; set; } = 20 * 1024 * 1024;

    /// <summary>Of all files of one template. Bytes.</summary>
    public long MaxSize { get; set; } = 100 * 1024 * 1024;

    /// <summary>Of one template.</summary>
    public int MaxFiles { get; set; } = 10_000;

    public IReadOnlyList<string> EffectiveSources => Sources.Count > 0 ? Sources : [DefaultSource];

    public string RootFolder => Path.GetFullPath(Root ?? Directory.GetCurrentDirectory());
}
