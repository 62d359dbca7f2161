namespace Portal.Core.Runs;

/// <summary><c>Portal:Templates</c>: what the operator gives to the steps of runs.</summary>
public sealed class StepEnvironmentOptions
{
    public const string Section = "Portal:Templates";

    /// <summary>What relative sources start from; null = the working folder.</summary>
    public string? Root { get; set; }

    /// <summary>What templates read as <c>environment.parameters</c>.</summary>
    public Dictionary<string, string> EnvironmentParameters { get; set; } = new(StringComparer.Ordinal);

    /// <summary>
    /// What the inputs of steps read as <c>environment.secrets</c>, in runs of templates whose source may have it; in
    /// no log.
    /// </summary>
    public Dictionary<string, string> EnvironmentSecrets { get; set; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Whose runs get <see cref="EnvironmentSecrets"/>. Empty = nobody's: who writes a template decides where its
    /// inputs go.
    /// </summary>
    public List<SecretSource> SecretSources { get; set; } = [];

    /// <summary>What runs of a template from there read as <c>environment.secrets</c>.</summary>
    /// <param name="source"><c>file:…</c>, as a template's version has it; anything else, such as what a caller hands
    /// in, has none.</param>
    public IReadOnlyDictionary<string, string> SecretsOf(string? source)
    {
        const string scheme = "file:";
        if (source is null || !source.StartsWith(scheme, StringComparison.Ordinal))
        {
            return new Dictionary<string, string>();
        }
        var folder = Path.GetFullPath(source[scheme.Length..], RootFolder);
        var named = SecretSources.Where(s => s.Holds(folder, RootFolder)).ToList();
        return EnvironmentSecrets.Where(s => named.Any(n => n.Names.Count == 0 || n.Names.Contains(s.Key)))
            .ToDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal);
    }

    private string RootFolder => Path.GetFullPath(Root ?? Directory.GetCurrentDirectory());
}

/// <summary>Templates that may have the operator's secrets.</summary>
public sealed class SecretSource
{
    /// <summary>A template's folder, or one above it; relative to <see cref="StepEnvironmentOptions.Root"/>.</summary>
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
