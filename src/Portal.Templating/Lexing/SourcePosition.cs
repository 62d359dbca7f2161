namespace Portal.Templating.Lexing;

/// <summary>Turns an index into a line and a column, both counted from 1.</summary>
internal static class SourcePosition
{
    public static (int Line, int Column) Of(string source, int index)
    {
        var before = source.AsSpan(0, Math.Clamp(index, 0, source.Length));
        return (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }

    public static TemplateException Error(
        string reason, string name, string source, int index, string? suggestion = null)
    {
        var (line, column) = Of(source, index);
        return new TemplateException(reason, name, line, column, suggestion);
    }
}
