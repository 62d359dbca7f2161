namespace Portal.Templating;

/// <summary>A path that a template reads, as far as it is written out: <c>steps['x'].output.y</c>.</summary>
/// <param name="Root">The name it starts with: <c>steps</c>.</param>
/// <param name="Members">The members after it: <c>x</c>, <c>output</c>, <c>y</c>.</param>
/// <param name="IsPartial">Whether more follows that is known only when rendered, such as <c>values[name]</c>.</param>
/// <param name="MayBeMissing">Whether the template is prepared for its absence: a condition, <c>default</c> or <c>is
/// defined</c>.</param>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Column">The column, counted from 1.</param>
public sealed record VariableReference(
    string Root, IReadOnlyList<string> Members, bool IsPartial, bool MayBeMissing, int Line, int Column)
{
    /// <summary>The path with dots.</summary>
    public string Path => string.Join('.', [Root, .. Members]);
}
