namespace Portal.Core.GoldenPaths.Templates;

/// <summary>Something that is wrong or doubtful in a template: where, what, and what to change.</summary>
/// <param name="File">Relative to the template's folder.</param>
/// <param name="Line">From 1.</param>
/// <param name="Fix">What to change; null when the message says it all.</param>
public sealed record TemplateNote(string File, int Line, string Message, string? Fix = null)
{
    public override string ToString() => $"{File}:{Line}: {Message}{(Fix is null ? "" : " " + Fix)}";
}
