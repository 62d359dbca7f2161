using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.TestKit;
using Portal.TestKit.Fakes;

namespace Portal.Core.Tests.Runs;

public sealed class PlanRunTests : IDisposable
{
    private readonly Plans plans = new();

    public void Dispose() => plans.Dispose();

    [Fact]
    public async Task PlanAsync_TemplateOfOneStep_RendersContentsAndPaths()
    {
        var files = Trees.Of(
            ("skeleton/${{ values.name }}/README.md", "# ${{ values.name | upper }}\n"),
            ("skeleton/plain.txt", "as it is"));

        var plan = await plans.PlanAsync("""
              parameters: { properties: { name: { type: string } } }
              steps:
                - action: fetch:template
                  input: { url: ./skeleton, values: { name: '${{ parameters.name }}' } }
            """, new JsonObject { ["name"] = "orders" }, files);

        Assert.True(plan.IsOk, plan.Error?.Message);
        Assert.Equal(["orders/README.md", "plain.txt"], plan.Value.Workspace.Files.Select(f => f.Path));
        Assert.Equal("# ORDERS\n", plan.Value.Workspace.ReadText("orders/README.md"));
        Assert.Equal(PlannedStatus.WillRun, Assert.Single(plan.Value.Steps).Status);
    }

    [Theory]
    [InlineData("static-site")]
    [InlineData("node-http-service")]
    [InlineData("dotnet-web-api")]
    public async Task PlanAsync_ShippedTemplate_PlansFourChangesWithAPrice(string name)
    {
        plans.Get<IOptions<TemplateOptions>>().Value.Root = RepositoryRoot.Path;
        var template = plans.Get<TemplateCatalogue>().Find(EntityRef.Parse($"template:default/{name}"))!.Load().Value;
        var values =
            template.Form.ApplyDefaults(new JsonObject { ["name"] = "orders", ["owner"] = "group:default/payments" });

        var plan = await plans.Get<PlanRun>().PlanAsync(
            template.Propose(values, null, Plans.Ada.Ref), Plans.Ada, CancellationToken.None);

        Assert.True(plan.IsOk, plan.Error?.Message);
        Assert.Equal(
            ["repository", "catalog entity", "pipeline run", "environment"], plan.Value.Effects.Select(e => e.What));
        Assert.Equal("7.30 EUR", Assert.Single(plan.Value.Monthly).ToString());
        Assert.Equal("payments/orders", plan.Value.Effects[0].Name);
        Assert.Empty(plan.Value.Warnings);
        Assert.Empty(plans.Host.Changes);
        Assert.Contains(plan.Value.Files.Files, f => f.Path == ".github/workflows/ci.yml");
    }

    [Theory]
    [InlineData(20, 100)]
    [InlineData(1_000, 1_000)]
    public async Task PlanAsync_ManySmallFiles_IsQuick(int count, int milliseconds)
    {
        const string spec = """
              parameters: { properties: { name: { type: string } } }
              steps:
                - action: fetch:template
                  input: { url: ./skeleton, values: { name: '${{ parameters.name }}' } }
            """;
        var files = new FileTree(Enumerable.Range(0, count).SelectMany(i => Trees.Of(
            ($"skeleton/src/file{i}.cs", $"// ${{{{ values.name }}}} {i}\n{new string('x', 500)}\n")).Files));
        var values = new JsonObject { ["name"] = "orders" };
        await plans.PlanAsync(spec, values, files);
        var started = Stopwatch.GetTimestamp();

        var plan = await plans.PlanAsync(spec, values, files);

        // The aim is 10 and 150 ms; what is asked here leaves room for a busy machine.
        var elapsed = Stopwatch.GetElapsedTime(started);
        TestContext.Current.SendDiagnosticMessage($"{count} files: {elapsed.TotalMilliseconds:0.0} ms");
        Assert.Equal(count, plan.Value.Workspace.Count);
        Assert.True(elapsed.TotalMilliseconds < milliseconds, $"{count} files took {elapsed.TotalMilliseconds:0} ms");
    }
}
