using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Runs;
using Portal.TestKit.Fakes;

namespace Portal.Core.Tests.GoldenPaths.Runs;

public sealed class PlanRunTests
{
    [Fact]
    public async Task PlanAsync_TemplateOfOneStep_RendersContentsAndPaths()
    {
        var files = Trees.Of(("skeleton/${{ values.name }}/README.md", "# ${{ values.name | upper }}\n"), ("skeleton/plain.txt", "as it is"));

        var plan = await new Plans().PlanAsync("""
              steps:
                - action: fetch:template
                  input: { url: ./skeleton, values: { name: '${{ parameters.name }}' } }
            """, new JsonObject { ["name"] = "orders" }, files);

        Assert.True(plan.IsOk, plan.Error?.Message);
        Assert.Equal(["orders/README.md", "plain.txt"], plan.Value.Workspace.Files.Select(f => f.Path));
        Assert.Equal("# ORDERS\n", plan.Value.Workspace.ReadText("orders/README.md"));
        Assert.Equal(PlannedStatus.WillRun, Assert.Single(plan.Value.Steps).Status);
    }
}
