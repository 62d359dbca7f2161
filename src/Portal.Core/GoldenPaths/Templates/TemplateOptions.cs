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

    /// <summary>What templates read as <c>environment.parameters</c>.</summary>
    public Dictionary<string, string> EnvironmentParameters { get; set; } = new(StringComparer.Ordinal);

    /// <summary>What the inputs of steps read as <c>environment.secrets</c>, in runs of templates whose source may have it; in no log.</summary>
    public Dictionary<string, string> EnvironmentSecrets { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Whose runs get <see cref="EnvironmentSecrets"/>. Empty = nobody's: who writes a template decides where its inputs go.</summary>
    public List<SecretSource> SecretSources { get; set; } = [];

    public IReadOnlyList<string> EffectiveSources => Sources.Count > 0 ? Sources : [DefaultSource];

    public string RootFolder => Path.GetFullPath(Root ?? Directory.GetCurrentDirectory());

    /// <summary>What runs of a template from there read as <c>environment.secrets</c>.</summary>
    /// <param name="source"><c>file:…</c>, as a template's version has it; anything else, such as what a caller hands in, has none.</param>
    public IReadOnlyDictionary<string, string> SecretsOf(string? source)
    {
        const string scheme = "file:";
        if (source is null || !source.StartsWith(scheme, StringComparison.Ordinal)) return new Dictionary<string, string>();
        var folder = Path.GetFullPath(source[scheme.Length..], RootFolder);
        var named = SecretSources.Where(s => s.Holds(folder, RootFolder)).ToList();
        return EnvironmentSecrets.Where(s => named.Any(n => n.Names.Count == 0 || n.Names.Contains(s.Key))).ToDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal);
    }
}

/// <summary>Templates that may have the operator's secrets.</summary>
public sealed class SecretSource
{
    /// <summary>A template's folder, or one above it; relative to <see cref="TemplateOptions.RootFolder"/>.</summary>
    public string Source { get; set; } = "";

    /// <summary>Which of the secrets; empty = all.</summary>
    public List<string> Names { get; set; } = [];

    internal bool Holds(string folder, string root)
    {
        if (Source.Length == 0) return false;
        var mine = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Source, root));
        return folder == mine || folder.StartsWith(mine + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }
}
