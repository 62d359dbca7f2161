using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Tests.Http;

namespace Portal.Providers.Tests.GitHub;

/// <summary>An Enterprise Server that does not tell which run it started, and refuses to be asked.</summary>
public sealed class OlderServerTests
{
    private const string Workflow = "on: { workflow_dispatch: { inputs: { portal_correlation: { type: string } } } }";

    [Fact]
    public async Task Trigger_ServerThatDoesNotTellTheRun_IsFoundByItsTitle()
    {
        await using var server = await ScriptedServer.StartAsync();
        using var portal = GitHubFixture.Register(server.Address.ToString(), TimeProvider.System, ("Token", "ghp_abc"));
        server.Then(context =>
        {
            context.Response.ContentType = "application/vnd.github.raw+json";
            return context.Response.WriteAsync(Workflow);
        });
        server.Json(200, """{ "workflow_runs": [] }""")
            .Json(422, """{ "message": "Invalid request.\n\n\"return_run_details\" is not a permitted key." }""")
            .Status(204)
            .Json(200, """{ "workflow_runs": [] }""")
            .Json(200, $$"""{ "workflow_runs": [{{Run(8, "another")}}, {{Run(7, "Deploy c-1")}}] }""")
            .Json(200, """{ "jobs": [] }""");
        var host = portal.GetServices<IProvider>().OfType<IPipelineHost>().Single();
        var run = await host.TriggerAsync(
            new TriggerPipeline(new RepositoryName("shop", "orders"), "ci.yml", "main", "c-1"),
            TestContext.Current.CancellationToken);
        Assert.Equal(("shop.orders.7", PipelineStatus.Queued), (run.Id, run.Status));
        var sent = server.Requests.Where(r => r.StartsWith("POST", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            ["POST /api/v3/repos/shop/orders/actions/workflows/ci.yml/dispatches"],
            sent.Select(r => r.Split(" {")[0]).Distinct());
        Assert.Equal([true, false], sent.Select(r => r.Contains("return_run_details", StringComparison.Ordinal)));
        Assert.All(sent, r => Assert.Contains("\"portal_correlation\":\"c-1\"", r, StringComparison.Ordinal));
    }

    private static string Run(long id, string title) => $$"""
        { "id": {{id}}, "display_title": "{{title}}", "path": ".github/workflows/ci.yml", "run_number": 1, "head_branch": "main", "head_sha": "a", "event": "workflow_dispatch",
          "status": "queued", "created_at": "2026-11-21T10:00:00Z", "updated_at": "2026-11-21T10:00:00Z", "html_url": "https://git.shop.example/runs/{{id}}" }
        """;
}
