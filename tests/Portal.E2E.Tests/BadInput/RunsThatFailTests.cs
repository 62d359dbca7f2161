using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Portal.E2E.Tests.Hosting;
using Portal.E2E.Tests.Journeys;
using Portal.TestKit;

namespace Portal.E2E.Tests.BadInput;

/// <summary>Templates whose pipelines and programs misbehave.</summary>
public sealed class RunsThatFailTests(SharedPortal shared)
{
    [Fact]
    public async Task Cancel_WorkflowThatNeverEnds_EndsItWithItsChildren()
    {
        var seconds = 700_000 + Random.Shared.Next(99_999);
        shared.Templates.WriteService(
            "endless", $"sleep {seconds} &\nsetsid sleep {seconds} &\nsleep {seconds}", "exit 0");
        var portal = await shared.PortalAsync();
        using var client = await portal.ClientAsync("ada");
        await client.KnowsTemplateAsync("endless");
        var run = await client.StartAsync("endless", Values("endless-one"));
        await Eventually.TrueAsync(() => Task.FromResult(Sleeping(seconds) == 3), "the workflow and its two children");

        using var cancelled = await client.PostAsync($"/api/v1/runs/{run}/cancel", null);
        cancelled.EnsureSuccessStatusCode();

        Assert.Equal("cancelled", (await client.OverAsync(run))["run"]!["status"]!.GetValue<string>());
        await Eventually.TrueAsync(
            () => Task.FromResult(Sleeping(seconds) == 0), "the end of all that the workflow started");
        var pipelines = await client.GetFromJsonAsync<JsonObject>("/api/v1/pipelines?repository=orders/endless-one");
        await Eventually.TrueAsync(async () => await PipelineStatusAsync(
            client, pipelines!["items"]![0]!["id"]!.GetValue<string>()) == "cancelled", "the pipeline to be cancelled");
        Assert.Equal(
            0, await client.CountAsync("/api/v1/environments?component=component:default/endless-one&destroyed=true"));
    }

    [Fact]
    public async Task Create_ProgramThatDiesAtStart_FailsWithTheEndOfItsLogAndNoEnvironment()
    {
        shared.Templates.WriteService("dying", "echo built", "echo the ledger file is missing >&2; exit 3");
        var portal = await shared.PortalAsync();
        using var client = await portal.ClientAsync("ada");
        await client.KnowsTemplateAsync("dying");

        var over = await client.OverAsync(await client.StartAsync("dying", Values("dying-one")));

        Assert.Equal("failed", over["run"]!["status"]!.GetValue<string>());
        Assert.Contains(
            "the ledger file is missing", over["run"]!["failure"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(
            0, await client.CountAsync("/api/v1/environments?component=component:default/dying-one&destroyed=true"));
    }

    [Fact]
    public async Task Create_TemplateEditedWhileItsRunGoesOn_MakesWhatWasStarted()
    {
        WriteNote("before");
        var portal = await shared.PortalAsync();
        using var client = await portal.ClientAsync("ada");
        await client.KnowsTemplateAsync("note");
        var run = await client.StartAsync("note", []);
        await Eventually.TrueAsync(async () => (await client.GetStringAsync($"/api/v1/runs/{run}/events")).Contains(
            "Waiting for 4 seconds", StringComparison.Ordinal), "the run to wait");

        WriteNote("after");
        await Eventually.TrueAsync(async () => (await client.GetFromJsonAsync<JsonObject>(
            "/api/v1/templates/default/note"))!["template"]!["title"]!.GetValue<string>()
                == "Note after", "the edited template");

        var over = await client.CompletedAsync(run);
        Assert.Equal("the text before", over.Output("read", "content")!.GetValue<string>().Trim());
        var next = await client.CompletedAsync(await client.StartAsync("note", []));
        Assert.Equal("the text after", next.Output("read", "content")!.GetValue<string>().Trim());
    }

    private static JsonObject Values(string name) => new() { ["name"] = name, ["owner"] = "group:default/orders" };

    private void WriteNote(string word)
    {
        shared.Templates.Write("note/skeleton/note.txt", $"the text {word}\n");
        shared.Templates.Write("note/template.yaml", $$"""
            apiVersion: scaffolder.backstage.io/v1beta3
            kind: Template
            metadata: { name: note, title: Note {{word}} }
            spec:
              type: other
              parameters: []
              steps:
                - { id: wait, name: Wait, action: 'debug:wait', input: { seconds: 4 } }
                - { id: fetch, name: Fetch, action: 'fetch:plain', input: { url: ./skeleton } }
                - { id: read, name: Read, action: 'fs:read', input: { path: note.txt } }
            """);
    }

    private static async Task<string> PipelineStatusAsync(HttpClient client, string id) =>
        (await client.GetFromJsonAsync<JsonObject>($"/api/v1/pipelines/{id}"))!["status"]!.GetValue<string>();

    /// <summary>How many processes of this machine sleep just so long.</summary>
    private static int Sleeping(int seconds) => Directory.EnumerateDirectories("/proc").Count(folder =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ').Trim() == $"sleep {seconds}";
        }
        catch (IOException)
        {
            return false;
        }
    });
}
