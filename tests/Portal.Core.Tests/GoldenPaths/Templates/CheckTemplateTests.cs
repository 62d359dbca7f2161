using Portal.Core.GoldenPaths.Templates.Checks;
using Portal.TestKit;
using Portal.TestKit.Fakes;

namespace Portal.Core.Tests.GoldenPaths.Templates;

public sealed class CheckTemplateTests : IDisposable
{
    private const string Form = "  parameters: { properties: { name: { type: string }, owner: { type: string } } }\n";

    private readonly Plans plans = new();

    public void Dispose() => plans.Dispose();

    [Fact]
    public void Check_ShippedTemplates_FindsNothing()
    {
        var found = plans.Get<CheckTemplate>().Check(
            RepositoryRoot.Combine("templates", "golden-paths"), TestContext.Current.CancellationToken);

        Assert.True(found.Count >= 3);
        Assert.Empty(found.SelectMany(t => t.Findings.Select(f => $"{t.Folder}/{f}")));
    }

    [Theory]
    [InlineData(
        "${{ parameters.nmae }}",
        "template.yaml:12: error: The form has no parameter 'nmae'. Fix: Did you mean 'name'?")]
    [InlineData(
        "${{ steps.frist.output.x }}", "template.yaml:12: error: There is no step 'frist'. Fix: Did you mean 'first'?")]
    [InlineData(
        "${{ steps.second.output.x }}",
        "template.yaml:12: error: Step 'second' has not run yet when this is read. Fix: A step cannot read its own output.")]
    [InlineData(
        "${{ steps.first.output.contents }}",
        "template.yaml:12: error: fs:read of step 'first' has no output 'contents'. Fix: Did you mean 'content'?")]
    [InlineData(
        "${{ steps.first.outputs.content }}",
        "template.yaml:12: error: A step has no 'outputs'. Fix: Read its output: steps.first.output.NAME.")]
    [InlineData("${{ user.name }}", "template.yaml:12: error: 'user' has no 'name'. Fix: There is: entity, ref.")]
    [InlineData(
        "${{ each.value }}",
        "template.yaml:12: error: 'each' is known only in the input and condition of a step that has 'each'.*")]
    [InlineData(
        "${{ paramters.name }}",
        "template.yaml:12: error: There is no 'paramters' in an expression of a template. Fix: Did you mean 'parameters'?")]
    [InlineData("${{ parameters.name | uper }}", "template.yaml:12: error: *uper*. Fix: Did you mean 'upper'?")]
    [InlineData("${{ parameters.name }", "template.yaml:12: error: * Fix: Correct the expression; *")]
    [InlineData(
        "${{ environment.parameters.region }}",
        "template.yaml:12: warning: *environment.parameters.region: it is empty. Fix: Set Portal:Templates:EnvironmentParameters:region, or write a default.")]
    public void Check_NameInAnExpression_SaysWhereAndWhatToChange(string text, string expected)
    {
        var found = Check(Form + $$$"""
              steps:
                - { id: first, action: 'fs:read', input: { path: '${{ parameters.name }}${{ parameters.owner }}' } }
                - id: second
                  action: debug:log
                  input: { message: "{{{text}}}" }
            """);

        Assert.Matches(Pattern(expected), Assert.Single(found));
    }

    [Theory]
    [InlineData(
        "action: fetch:tmplate",
        "error: This portal has no action 'fetch:tmplate'. Fix: Did you mean 'fetch:template'?")]
    [InlineData(
        "action: fs:delete",
        "error: Step 's' (fs:delete): The input 'files' is missing. Fix: See the inputs of fs:delete.")]
    [InlineData(
        "action: fs:delete\n      input: { file: [a] }",
        "error: *'file' is no input of fs:delete. Did you mean 'files'? Fix: *")]
    [InlineData("action: fs:delete\n      input: { files: a }", "error: *The input 'files' must be *")]
    [InlineData(
        "action: fetch:template\n      input: { url: ./nowhere }",
        "error: Step 's': The template has no folder './nowhere' *")]
    [InlineData(
        "action: fetch:plain\n      input: { url: ../other }",
        "error: Step 's': '../other' climbs out of the template's folder.*")]
    [InlineData(
        "action: debug:log\n      if: parameters.name",
        "warning: The condition is a text, and a text is always met. Fix: Write it as one expression, *")]
    [InlineData(
        "action: debug:log\n      if: '${{ secrets.token }}'",
        "error: 'secrets' can be read in the input of a step only. Fix: *")]
    public void Check_Step_SaysWhatIsWrong(string step, string expected)
    {
        var found = Check($$"""
              steps:
                - id: s
                  {{step}}
            """);

        Assert.Contains(
            found, f => System.Text.RegularExpressions.Regex.IsMatch(f, Pattern("template.yaml:*: " + expected)));
    }

    [Theory]
    [InlineData(
        "a\n${{ values.nmae }}",
        "skeleton/f.txt:2: error: Step 'fetch' passes no value 'nmae'. Fix: Did you mean 'name'?")]
    [InlineData(
        "${{ values.port }}",
        "skeleton/f.txt:1: error: Step 'fetch' passes no value 'port'. Fix: Add it to the step's input 'values'.")]
    [InlineData(
        "${{ name }}",
        "skeleton/f.txt:1: error: There is no 'name' in a file of the skeleton. Fix: Write values.name.")]
    [InlineData(
        "${{ parameters.name }}",
        "skeleton/f.txt:1: error: A file reads 'values', not 'parameters'. Fix: Pass it *, and write values.name.")]
    [InlineData(
        "on: push\nrun: ${{ github.sha }}",
        "skeleton/f.txt:2: error: 'github' is a pipeline's own expression, and the file is rendered. Fix: List the file in copyWithoutTemplating of step 'fetch', or put {% raw %}*")]
    [InlineData("run: ${{ secrets.KEY }}", "skeleton/f.txt:1: error: 'secrets' is a pipeline's own expression*")]
    [InlineData("run: ${{ env.A }}", "skeleton/f.txt:1: error: 'env' is a pipeline's own expression*")]
    [InlineData(
        "x: ${{ github.ref == 'a' && 'b' || 'c' }}",
        "skeleton/f.txt:1: error: 'github' is a pipeline's own expression*")]
    [InlineData(
        "{% if values.nmae %}x{% endif %}",
        "skeleton/f.txt:1: warning: Step 'fetch' passes no value 'nmae'. Fix: Did you mean 'name'?")]
    [InlineData("{% if values.name %}", "skeleton/f.txt:1: error: *")]
    public void Check_SkeletonFile_SaysWhereAndWhatToChange(string text, string expected)
    {
        var found = Check(Form + """
              steps:
                - id: fetch
                  action: fetch:template
                  input: { url: ./skeleton, values: { name: '${{ parameters.name }}', owner: '${{ parameters.owner }}' } }
            """, ("skeleton/f.txt", text), ("skeleton/${{ values.name }}.txt", "${{ values.owner }}"));

        Assert.Matches(Pattern(expected), Assert.Single(found));
    }

    [Fact]
    public void Check_WhatIsCopiedOrEscaped_IsNoMistake()
    {
        var found = Check(Form + """
              steps:
                - id: fetch
                  action: fetch:template
                  input: { url: ./skeleton, copyWithoutTemplating: ['.github/**'], values: { name: '${{ parameters.name }}', owner: '${{ parameters.owner }}' } }
            """,
            (".github/ci.yml", ""), ("skeleton/.github/ci.yml", "${{ github.sha }}"),
            (
                "skeleton/a.yml",
                "{% raw %}${{ github.sha }}{% endraw %} ${{ '${{ env.A }}' }} {% if values.port %}x{% endif %} {% set x = 1 %}${{ x }}${{ values.name }}${{ values.owner }}"));

        Assert.Empty(found);
    }

    [Fact]
    public void Check_WhatNobodyReads_IsAWarning()
    {
        var found = Check(Form + """
              steps:
                - id: fetch
                  action: fetch:template
                  input:
                    url: ./skeleton
                    copyWithoutTemplating: ['*.png']
                    values:
                      name: ${{ parameters.name }}
            """, ("skeleton/f.txt", "x"));

        Assert.Equal(
            [
                "template.yaml:7: warning: The parameter 'owner' is asked for and never used. Fix: Read it in a step, ${{ parameters.owner }}, or remove the field.",
                "template.yaml:13: warning: The pattern '*.png' of copyWithoutTemplating matches no file. Fix: Correct it; paths start at ./skeleton.",
                "template.yaml:15: warning: Step 'fetch' passes the value 'name', which no file reads. Fix: Read it, ${{ values.name }}, or remove it.",
            ], found);
    }

    [Fact]
    public void Check_FieldThatDecidesAboutOthers_IsUsed()
    {
        var found = Check("""
              parameters:
                properties: { kind: { type: string, enum: [a, b] } }
                dependencies: { kind: { oneOf: [{ properties: { kind: { const: a }, port: { type: string } } }, { properties: { kind: { const: b } } }] } }
              steps:
                - { action: 'debug:log', input: { message: '${{ parameters.port }}' } }
            """);

        Assert.Empty(found);
    }

    [Fact]
    public void Check_ManyTemplates_NamesEachFolderAndATakenName()
    {
        using var folder = new TemplateOnDisk();
        var text = Plans.Text("  steps: [{ action: 'debug:log', input: { message: hello } }]");
        folder.Write("a/template.yaml", text);
        folder.Write("b/template.yaml", text);
        folder.Write("c/template.yaml", "apiVersion: backstage.io/v1beta2\nkind: Template\n");
        folder.Write("d/template.yaml", "a: [\n");

        var found = plans.Get<CheckTemplate>().Check(folder.Path, TestContext.Current.CancellationToken);

        Assert.Equal(["a", "b", "c", "d"], found.Select(t => t.Folder));
        Assert.Empty(found[0].Findings);
        Assert.Contains("is taken by a/template.yaml", Assert.Single(found[1].Findings).ToString());
        Assert.StartsWith(
            "template.yaml:1: error: apiVersion 'backstage.io/v1beta2' is not one that the portal reads. Fix: ",
            Assert.Single(found[2].Findings).ToString());
        Assert.Contains("This is not YAML that can be read", Assert.Single(found[3].Findings).ToString());
        Assert.Equal([false, true, true, true], found.Select(t => t.HasErrors));
    }

    private List<string> Check(string spec, params (string, string)[] files)
    {
        using var folder = new TemplateOnDisk(spec, files);
        return [.. Assert.Single(plans.Get<CheckTemplate>().Check(
            folder.Path, TestContext.Current.CancellationToken)).Findings.Select(f => f.ToString())];
    }

    private static string Pattern(string text) =>
        "^" + System.Text.RegularExpressions.Regex.Escape(text).Replace("\\*", ".*") + "$";
}
