namespace Portal.Core.GoldenPaths.Templates.Checks;

public enum FindingLevel
{
    /// <summary>It works, and is probably not what was meant.</summary>
    Warning,

    /// <summary>The template cannot be used, or a run of it fails.</summary>
    Error,
}

/// <summary>One thing that a check found. File paths are relative to the template's folder.</summary>
public sealed record TemplateFinding(FindingLevel Level, TemplateNote Note)
{
    public override string ToString() =>
        $"{Note.File}:{Note.Line}: {(Level == FindingLevel.Error ? "error" : "warning")}: {Note.Message}{(Note.Fix is null ? "" : $" Fix: {Note.Fix}")}";
}

/// <summary>What a check found in one folder.</summary>
/// <param name="Folder">Relative to the folder that was asked for; empty for that folder itself.</param>
/// <param name="Names">Of the templates that can be read.</param>
public sealed record CheckedTemplate(
    string Folder, IReadOnlyList<string> Names, IReadOnlyList<TemplateFinding> Findings)
{
    public bool HasErrors => Findings.Any(f => f.Level == FindingLevel.Error);
}

/// <summary>Collects what is found, each thing once, in the order of files and lines.</summary>
internal sealed class Findings
{
    private readonly HashSet<TemplateFinding> found = [];

    public IReadOnlyList<TemplateFinding> Sorted =>
        [.. found.OrderBy(f => IsManifest(f.Note.File) ? 0 : 1).ThenBy(f => f.Note.File, StringComparer.Ordinal)
            .ThenBy(f => f.Note.Line)];

    public void Error(TemplateNote note) => found.Add(new TemplateFinding(FindingLevel.Error, note));

    public void Warning(TemplateNote note) => found.Add(new TemplateFinding(FindingLevel.Warning, note));

    private static bool IsManifest(string file) => file is "template.yaml" or "template.yml";
}
