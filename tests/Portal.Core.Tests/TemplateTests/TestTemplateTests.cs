using Portal.Core.TemplateTests;
using Portal.TestKit;
using Portal.TestKit.Fakes;

namespace Portal.Core.Tests.TemplateTests;

public sealed class TestTemplateTests : IDisposable
{
    private const string Spec = """
          parameters:
            required: [name]
            properties: { name: { type: string, pattern: '^[a-z]+$' }, owner: { type: string, default: 'group:default/payments' } }
          steps:
            - action: fetch:template
              input: { url: ./skeleton, values: { name: '${{ parameters.name }}' } }
            - action: repo:create
              input: { name: '${{ parameters.name }}', owner: '${{ parameters.owner }}' }
            - { action: 'catalog:fetch', if: "${{ parameters.name == 'fetch' }}", input: { entityRef: 'system:default/shop' } }
        """;

    private readonly Plans plans = new();

    public void Dispose() => plans.Dispose();

    [Fact]
    public async Task RunAsync_ShippedTemplates_Pass()
    {
        var tested = await plans.Get<TestTemplate>().RunAsync(
            RepositoryRoot.Combine("templates", "golden-paths"), TestContext.Current.CancellationToken);

        Assert.True(tested.Count >= 3);
        Assert.Empty(tested.SelectMany(t => t.Errors));
        Assert.Empty(tested.SelectMany(t => t.Results).SelectMany(r => r.Failures.Select(f => $"{r.Name}: {f}")));
        Assert.All(tested, t => Assert.True(t.Results.Count >= 4, t.Folder));
        Assert.Empty(plans.Host.Changes);
    }

    [Theory]
    [InlineData("files: [orders/README.md]")]
    [InlineData("absent: [other.md]")]
    [InlineData("contains: { orders/README.md: ['# orders', \"orders\\nof\"] }")]
    [InlineData("lacks: { orders/README.md: [Orders] }")]
    [InlineData("effects: [{ action: 'repo:create' }]")]
    [InlineData("effects: [{ action: 'repo:create', name: orders }]")]
    public async Task RunAsync_WhatIsMade_Passes(string expect) => Assert.Empty(await FailuresAsync("orders", expect));

    [Theory]
    [InlineData(
        "orders", "files: [orders/README.txt]", "orders/README.txt is not made. Did you mean 'orders/README.md'?")]
    [InlineData("orders", "absent: [orders/README.md]", "orders/README.md is made, and should not be.")]
    [InlineData("orders", "contains: { orders/README.md: [nothing] }", "orders/README.md does not contain: nothing")]
    [InlineData("orders", "contains: { a.md: [nothing] }", "a.md is not made.")]
    [InlineData(
        "orders", "lacks: { orders/README.md: [of plenty] }", "orders/README.md contains, in line 2: of plenty")]
    [InlineData("orders", "lacks: { a.md: [nothing] }", "a.md is not made.")]
    [InlineData(
        "orders", "effects: [{ action: 'repo:create', name: other }]",
        "repo:create of 'other' is not planned here. Planned, in this order: repo:create of 'orders'.")]
    [InlineData(
        "orders", "effects: [{ action: 'repo:create' }, { action: 'repo:create' }]",
        "repo:create is not planned here. Planned, in this order: repo:create of 'orders'.")]
    [InlineData("Orders", "files: [a]", "The form refuses /name: *")]
    [InlineData("orders", "errors: [{ path: /name }]", "No error at /name was reported.")]
    [InlineData(
        "Orders", "errors: [{ path: /name, message: too long }]",
        "The form refuses /name: *|No error at /name that says 'too long' was reported.")]
    [InlineData("Orders", "errors: [{ path: /name }, { path: /owner }]", "No error at /owner was reported.")]
    [InlineData("fetch", "files: [a]", "There is no system:default/shop in the catalog.*")]
    public async Task RunAsync_WhatIsNotAsExpected_FailsWithTheReason(string name, string expect, string expected)
    {
        var failures = await FailuresAsync(name, expect);

        Assert.Equal(expected.Split('|').Length, failures.Count);
        Assert.All(expected.Split('|').Zip(failures), pair => Assert.Matches(
            "^" + System.Text.RegularExpressions.Regex.Escape(pair.First).Replace("\\*", ".*") + "$", pair.Second));
    }

    [Fact]
    public async Task RunAsync_ErrorsThatAreExpected_Pass() =>
        Assert.Empty(await FailuresAsync("Orders", "errors: [{ path: /name, message: pattern }]"));

    [Fact]
    public async Task RunAsync_CatalogOfTheCase_IsFound() =>
        Assert.Empty(await FailuresAsync(
            "fetch", "files: [fetch/README.md]", "catalog: [{ kind: System, metadata: { name: shop } }]"));

    [Theory]
    [InlineData(
        "cases:\n  - name: a\n    expect: { fils: [b] }\n", 3, "'fils' is no key of a test.", "Did you mean 'files'?")]
    [InlineData(
        "cases:\n  - name: a\n    params: {}\n    expect: { files: [b] }\n", 3, "'params' is no key of a test.", null)]
    [InlineData("cases:\n  - name: a\n", 2, "'expect' is missing.", null)]
    [InlineData("cases:\n  - name: a\n    expect: {}\n", 3, null, null)]
    [InlineData("cases: []\n", 1, null, null)]
    [InlineData("- name: a\n", 1, null, null)]
    [InlineData("cases: [\n", 2, null, null)]
    [InlineData(
        "cases:\n  - { name: a, expect: { files: [b] } }\n  - { name: a, expect: { files: [c] } }\n", 3,
        "Two cases are called 'a'.", null)]
    [InlineData(
        "cases:\n  - { name: a, expect: { files: [b], errors: [{ path: /name }] } }\n", 2, null,
        "Keep 'errors' alone, or make two cases.")]
    public async Task RunAsync_TestFileWithASlip_IsAnErrorAndRunsNothing(
        string text, int line, string? message, string? fix)
    {
        using var folder = new TemplateOnDisk(Spec, ("skeleton/README.md", "x"), ("tests/cases.yaml", text));

        var tested =
            Assert.Single(await plans.Get<TestTemplate>().RunAsync(folder.Path, TestContext.Current.CancellationToken));

        var error = Assert.Single(tested.Errors);
        Assert.Equal(("tests/cases.yaml", line), (error.File, error.Line));
        if (message is not null) Assert.Equal(message, error.Message);
        if (fix is not null) Assert.Equal(fix, error.Fix);
        Assert.Empty(tested.Results);
        Assert.False(tested.IsPassed);
    }

    private async Task<IReadOnlyList<string>> FailuresAsync(string name, string expect, string? more = null)
    {
        var cases =
            $"cases:\n  - name: one\n    parameters: {{ name: {name} }}\n    {more}\n    expect:\n      {expect}\n";
        using var folder = new TemplateOnDisk(
            Spec, ("skeleton/${{ values.name }}/README.md", "# ${{ values.name }}\nof plenty\n"),
            ("tests/cases.yaml", cases));
        var tested =
            Assert.Single(await plans.Get<TestTemplate>().RunAsync(folder.Path, TestContext.Current.CancellationToken));
        Assert.Empty(tested.Errors);
        return Assert.Single(tested.Results).Failures;
    }
}
