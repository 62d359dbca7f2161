using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Templates;

namespace Portal.Core.TemplateTests;

/// <summary>One case of a template's <c>tests/*.yaml</c>.</summary>
/// <param name="File">Relative to the template's folder.</param>
/// <param name="Line">Where the case starts, from 1.</param>
/// <param name="Catalog">Descriptors of the entities that the catalog holds in this case.</param>
internal sealed record TemplateTestCase(
    string Name, string File, int Line, JsonObject Parameters, IReadOnlyList<JsonObject> Catalog, Expectations Expect);

/// <summary>Empty lists expect nothing. Without <see cref="Errors"/> none may be reported.</summary>
internal sealed record Expectations(
    IReadOnlyList<string> Files, IReadOnlyList<string> Absent, IReadOnlyList<ExpectedText> Contains,
    IReadOnlyList<ExpectedText> Lacks,
    IReadOnlyList<ExpectedEffect> Effects, IReadOnlyList<ExpectedError> Errors);

internal sealed record ExpectedText(string Path, string Text);

/// <param name="Name">The input <c>name</c> of the step, rendered; null = any.</param>
internal sealed record ExpectedEffect(string Action, string? Name)
{
    public override string ToString() => Name is null ? Action : $"{Action} of '{Name}'";
}

/// <param name="Path">JSON pointer of the field.</param>
/// <param name="Message">Part of the error's text; null = any.</param>
internal sealed record ExpectedError(string Path, string? Message);

/// <summary>How one case went.</summary>
/// <param name="Failures">What was not as expected; none when it passed.</param>
public sealed record TemplateTestResult(string Name, string File, int Line, IReadOnlyList<string> Failures)
{
    public bool IsPassed => Failures.Count == 0;
}

/// <summary>The tests of one template.</summary>
/// <param name="Folder">Relative to the folder that was asked for; empty for that folder itself.</param>
/// <param name="Errors">Why cases could not be run: the template or a test file cannot be read.</param>
public sealed record TestedTemplate(
    string Folder, IReadOnlyList<TemplateTestResult> Results, IReadOnlyList<TemplateNote> Errors)
{
    public bool IsPassed => Errors.Count == 0 && Results.All(r => r.IsPassed);
}
