using Portal.Core.GoldenPaths.Templates.Checks;
using Portal.Core.TemplateTests;

namespace Portal.Web.Commands;

/// <summary>
/// Prints what checks and tests of templates find, one line each, with paths from the folder that was given.
/// </summary>
internal sealed class TemplateTools(CheckTemplate check, TestTemplate test) : ITemplateTools
{
    public async Task<int> CheckAsync(string folder, TextWriter output, CancellationToken cancellation)
    {
        var templates = check.Check(folder, cancellation);
        if (templates.Count == 0) return await NoTemplateAsync(folder, output);
        foreach (var template in templates)
        {
            foreach (var finding in template.Findings)
            {
                await output.WriteLineAsync($"{Below(template.Folder)}{finding}");
            }
        }
        var (errors, warnings) = (Count(templates, FindingLevel.Error), Count(templates, FindingLevel.Warning));
        await output.WriteLineAsync(
            $"{Words(templates.Count, "template")} checked: {Words(errors, "error")}, {Words(warnings, "warning")}.");
        return errors == 0 ? 0 : 1;
    }

    public async Task<int> TestAsync(string folder, TextWriter output, CancellationToken cancellation)
    {
        var templates = await test.RunAsync(folder, cancellation);
        if (templates.Count == 0) return await NoTemplateAsync(folder, output);
        foreach (var template in templates) await WriteAsync(template, output);
        var results = templates.SelectMany(t => t.Results).ToList();
        var failed = results.Count(r => !r.IsPassed) + templates.Sum(t => t.Errors.Count);
        await output.WriteLineAsync(
            $"{Words(results.Count, "case")} of {Words(templates.Count, "template")}: {results.Count(r => r.IsPassed)} passed, {failed} failed.");
        // Tests that are not there have shown nothing.
        return failed == 0 && results.Count > 0 ? 0 : 1;
    }

    private static async Task WriteAsync(TestedTemplate template, TextWriter output)
    {
        var below = Below(template.Folder);
        foreach (var error in template.Errors) await output.WriteLineAsync(
            $"{below}{error.File}:{error.Line}: {error.Message}{(error.Fix is null ? "" : $" Fix: {error.Fix}")}");
        foreach (var result in template.Results)
        {
            await output.WriteLineAsync(
                $"{(result.IsPassed ? "passed" : "FAILED")}  {below}{result.File}:{result.Line}: {result.Name}");
            foreach (var failure in result.Failures) await output.WriteLineAsync($"        {failure}");
        }
        if (template.Results.Count == 0 && template.Errors.Count == 0)
        {
            await output.WriteLineAsync(
                $"{below}tests: there are no tests. Fix: write tests/cases.yaml, see docs/template-tests.md.");
        }
    }

    private static async Task<int> NoTemplateAsync(string folder, TextWriter output)
    {
        await output.WriteLineAsync($"There is no template.yaml in {folder} or below. Give the folder of a template.");
        return 1;
    }

    private static int Count(IReadOnlyList<CheckedTemplate> templates, FindingLevel level) =>
        templates.Sum(t => t.Findings.Count(f => f.Level == level));

    private static string Below(string folder) => folder.Length == 0 ? "" : folder + "/";

    private static string Words(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
