using Portal.Core.GoldenPaths.Templates;

namespace Portal.Web.GoldenPaths.Gallery;

/// <summary>What a card of the gallery says of a template.</summary>
public sealed record TemplateCard(TemplateEntry Entry, int Runs)
{
    private const string Prefix = "portal.dev/";

    public TemplateManifest? Manifest => Entry.Manifest;

    public bool IsGoldenPath =>
        string.Equals(Manifest?.Annotation(Prefix + "golden-path"), "true", StringComparison.OrdinalIgnoreCase);

    public bool IsExperimental =>
        string.Equals(Manifest?.Lifecycle, "experimental", StringComparison.OrdinalIgnoreCase);

    public bool IsDeprecated => Manifest?.IsDeprecated == true;

    /// <summary>E.g. "JavaScript (Node.js)".</summary>
    public string? Language => Manifest?.Annotation(Prefix + "language");

    public string? Duration => Manifest?.Annotation(Prefix + "duration");

    /// <summary>What it sets up, in the author's words.</summary>
    public IReadOnlyList<string> SetsUp => (Manifest?.Annotation(Prefix + "sets-up") ?? "").Split(
        ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public string? OwnerName => Manifest?.Owner?.Name;

    /// <summary>Golden paths first, then the rest; what is on its way out and what cannot be read come last.</summary>
    public int Rank => Entry.Errors.Count > 0 ? 4 : IsDeprecated ? 3 : IsExperimental ? 2 : IsGoldenPath ? 0 : 1;

    public static string Times(int runs) => runs switch
    {
        0 => "Not used yet",
        1 => "Used once",
        2 => "Used twice",
        _ => $"Used {runs:#,0} times"
    };
}
