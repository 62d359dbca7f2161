namespace Portal.Core.Delivery.Reports;

public enum FindingLevel { Notice, Warning, Error }

/// <summary>How much a line says of why a step failed: the most telling one is shown first.</summary>
public enum FindingWeight
{
    /// <summary>An error without a place: "Error: Cannot find module 'x'".</summary>
    Named,

    /// <summary>Thrown somewhere: its place is the first of the repository in the trace.</summary>
    Thrown,

    /// <summary>A compiler's, a linter's or an annotation: it names what is wrong, and mostly where.</summary>
    Told,
}

/// <summary>Something that a pipeline run's log says is wrong.</summary>
/// <param name="File">Relative to the repository where it is in it; null when the log names none.</param>
/// <param name="Line">From 1; null when the log names none.</param>
/// <param name="Code">Of the tool: "CS1002", "TS2322", "no-unused-vars"; null without.</param>
/// <param name="Source">Job and step that wrote it, as the log has it.</param>
public sealed record Finding(
    FindingLevel Level, string? File, int? Line, int? Column, string? Code, string Message, string Source,
    DateTimeOffset At, FindingWeight Weight)
{
    /// <summary>"src/Basket.cs:12"; null when the log names no file.</summary>
    public string? Place => File is null ? null : Line is null ? File : $"{File}:{Line}";
}
