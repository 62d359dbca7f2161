using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.GoldenPaths.Names;

/// <summary>
/// From each kind of end that is not good, every way that is offered leads to what was wanted, and none leads back to
/// where one was.
/// </summary>
public sealed class WaysOutTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Spec = """
          parameters: { properties: { name: { type: string }, owner: { type: string }, until: { type: string } } }
          steps:
            - { id: files, action: 'fetch:template', input: { url: ./skeleton, values: { name: '${{ parameters.name }}' } } }
            - { id: publish, action: 'repo:create', input: { name: '${{ parameters.name }}', owner: '${{ parameters.owner }}' } }
            - { id: register, action: 'catalog:register', input: { repoContentsUrl: '${{ steps.publish.output.repoContentsUrl }}' } }
            - { id: pause, action: 'wait:until', input: { time: '${{ parameters.until if steps.publish.output.commit else parameters.until }}' } }
            - { id: pipeline, action: 'pipeline:run', input: { repository: '${{ steps.publish.output.repository }}', workflow: ci.yml } }
            - { id: environment, action: 'environment:create', input: { repository: '${{ steps.publish.output.repository }}', component: '${{ steps.register.output.entityRef }}', pipelineRun: '${{ steps.pipeline.output.pipelineRun }}' } }
        """;

    private const string Entity = """
        apiVersion: backstage.io/v1alpha1
        kind: Component
        metadata: { name: '${{ values.name }}' }
        spec: { type: service, lifecycle: production, owner: orders }
        """;

    private const string Passed = "2020-01-01T00:00:00Z";

    /// <summary>What happens between the start and the execution, and what is offered then, the first first.</summary>
    public static TheoryData<string, WayOut[]> Ends => new()
    {
        { "repository", [WayOut.ChooseAnotherName] },
        { "component", [WayOut.ChooseAnotherName, WayOut.Undo] },
        { "environment", [WayOut.ChooseAnotherName, WayOut.Undo] },
        { "wrong value", [WayOut.Correct, WayOut.Undo] },
        { "pipeline", [WayOut.Retry, WayOut.Undo] },
        { "provider", [WayOut.Retry, WayOut.Undo] },
        { "cancelled", [WayOut.Retry, WayOut.Correct] },
        { "undone", [WayOut.CreateAgain] },
        { "undo failed", [WayOut.Undo] },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task EachWay_FromEachEnd_LeadsToWhatWasWanted(string end, WayOut[] offered)
    {
        foreach (var way in offered)
        {
            using var folder = new TemplateOnDisk(Spec, ("skeleton/catalog-info.yaml", Entity));
            await using var bench = await GoldenPathBench.OpenAsync(postgres, folder.Path);
            var run = await EndAsync(bench, end);
            Assert.Equal(offered, WaysOut.Of(run));

            var walked = new List<WayOut> { way };
            run = await TakeAsync(bench, run, way);
            while (run.Run.Status != RunStatus.Completed)
            {
                var next = WaysOut.Of(run)[0];
                Assert.DoesNotContain(next, walked);
                walked.Add(next);
                run = await TakeAsync(bench, run, next);
            }
        }
    }

    [Fact]
    public async Task Of_WrongValueThatADoneStepUsed_OffersNoCorrection()
    {
        using var folder = new TemplateOnDisk("""
              parameters: { properties: { name: { type: string }, owner: { type: string } } }
              steps:
                - { id: files, action: 'fetch:template', input: { url: ./skeleton, values: { name: '${{ parameters }}' } } }
                - { id: publish, action: 'repo:create', input: { name: '${{ parameters.name }}', owner: '${{ parameters.owner }}' } }
                - { id: pause, action: 'wait:until', input: { time: '${{ steps.publish.output.commit }}' } }
            """, ("skeleton/README.md", "It"));
        await using var bench = await GoldenPathBench.OpenAsync(postgres, folder.Path);

        var run = await bench.RunAsync("example", GoldenPathBench.Values("checkout"));

        Assert.Equal([WayOut.Undo], WaysOut.Of(run));
    }

    private static async Task<RunView> EndAsync(GoldenPathBench bench, string end)
    {
        var values = GoldenPathBench.Values("checkout");
        values["until"] = end == "wrong value" ? "soon" : Passed;
        var run = (await bench.StartAsync("example", values)).Value;
        switch (end)
        {
            case "repository" or "component" or "environment":
                await NamesThatAreTakenTests.TakeAsync(bench, end);
                break;
            case "pipeline":
                bench.Host.Pipeline = p => p with { Status = PipelineStatus.Failed };
                break;
            case "provider" or "undone":
                bench.Host.OnCreate = _ => throw ProviderException.Unavailable("down", "It is down.");
                break;
            case "cancelled":
                await bench.Get<CancelRun>().ExecuteAsync(run, RunBench.Ada, CancellationToken.None);
                return await bench.Bench.ReadAsync(run);
        }
        var view = await bench.EndAsync(run);
        Assert.Equal(end == "undo failed" ? RunStatus.Completed : RunStatus.Failed, view.Run.Status);
        if (end is not ("undone" or "undo failed")) return view;
        if (end == "undo failed")
        {
            bench.Host.OnOperation = _ => throw ProviderException.Unavailable("down", "It is down.");
        }
        return await UndoAsync(bench, run);
    }

    /// <summary>As somebody does who reads what the page says; whatever was down is up again.</summary>
    private static async Task<RunView> TakeAsync(GoldenPathBench bench, RunView run, WayOut way)
    {
        bench.Host.Pipeline = p => p with { Status = PipelineStatus.Passed };
        (bench.Host.OnCreate, bench.Host.OnOperation) = (null, null);
        var values = JsonNode.Parse(run.Run.Values)!.AsObject();
        values["until"] = Passed;
        return way switch
        {
            WayOut.Retry => await RetryAsync(bench, run.Run.Id, null),
            WayOut.Correct => await RetryAsync(bench, run.Run.Id, new JsonObject { ["until"] = Passed }),
            WayOut.Undo => await UndoAsync(bench, run.Run.Id),
            _ => await bench.RunAsync("example", Named(values)),
        };

        // The form marks a name that is taken; one that is free may stay.
        JsonObject Named(JsonObject form)
        {
            if (run.Run.Cause == FailureCause.NameTaken) form["name"] = "another";
            return form;
        }
    }

    private static async Task<RunView> RetryAsync(GoldenPathBench bench, Guid run, JsonObject? values)
    {
        var done = await bench.Get<RetryRun>().ExecuteAsync(
            run, new RetryRunRequest(values), RunBench.Ada, CancellationToken.None);
        Assert.True(done.IsOk, done.Error?.ToString());
        return await bench.EndAsync(run);
    }

    private static async Task<RunView> UndoAsync(GoldenPathBench bench, Guid run)
    {
        var done = await bench.Get<UndoRun>().StartAsync(run, RunBench.Ada, CancellationToken.None);
        Assert.True(done.IsOk, done.Error?.ToString());
        return await bench.EndAsync(run);
    }
}
