using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.TestKit.Fakes;

namespace Portal.Core.Tests.Runs;

public sealed class StepWalkTests : IDisposable
{
    private readonly Plans plans = new(services => services.AddSingleton<IAction, EchoAction>());
    private readonly RunningHost host = new();

    public void Dispose() => plans.Dispose();

    [Theory]
    [InlineData("""["a", "b"]""", """["0","1"]""", """["a","b"]""")]
    [InlineData("""{ "x": 1, "y": { "z": true } }""", """["x","y"]""", """[1,{"z":true}]""")]
    public async Task RunAsync_Each_GivesListsOfOutputs(string items, string keys, string values)
    {
        var output = await RunAsync("""
              steps:
                - id: loop
                  action: test:echo
                  each: ${{ parameters.items }}
                  input: { key: '${{ each.key }}', value: '${{ each.value }}' }
              output: { keys: '${{ steps.loop.output.key }}', values: '${{ steps.loop.output.value }}' }
            """, $$"""{ "items": {{items}} }""");

        Assert.Equal(keys, output.Values["keys"]!.ToJsonString());
        Assert.Equal(values, output.Values["values"]!.ToJsonString());
    }

    [Fact]
    public async Task RunAsync_EachWithIf_RunsTheItemsThatMeetIt()
    {
        var output = await RunAsync("""
              steps:
                - { id: loop, action: 'test:echo', each: [1, 2, 3], if: '${{ each.value != 2 }}', input: { value: '${{ each.value }}' } }
              output: { values: '${{ steps.loop.output.value }}' }
            """);

        Assert.Equal("[1,3]", output.Values["values"]!.ToJsonString());
    }

    [Theory]
    [InlineData("text", "string")]
    [InlineData("${{ parameters.nothing }}", "nothing")]
    public async Task RunAsync_EachOverNoList_SaysWhatItGives(string each, string kind)
    {
        var error = await FailAsync($$"""
              parameters: { properties: { nothing: { type: string } } }
              steps:
                - { id: loop, action: 'test:echo', each: '{{each}}' }
            """);

        Assert.Contains(
            $"'each' of step 'loop' must give a list or a mapping, and gives {(kind == "nothing" ? kind : "a " + kind)} (template.yaml, line ",
            error);
    }

    [Theory]
    [InlineData("false", false)]
    [InlineData("null", false)]
    [InlineData("\"\"", false)]
    [InlineData("0", false)]
    [InlineData("[]", false)]
    [InlineData("true", true)]
    [InlineData("\"x\"", true)]
    [InlineData("\"false\"", true)]
    [InlineData("1", true)]
    [InlineData("-0.5", true)]
    [InlineData("[0]", true)]
    [InlineData("{}", true)]
    public async Task RunAsync_If_FollowsBackstagesTruth(string value, bool runs)
    {
        await RunAsync(
            "  steps: [{ id: one, action: 'test:echo', if: '${{ parameters.v }}' }]", $$"""{ "v": {{value}} }""");

        Assert.Equal(runs ? StepStatus.Completed : StepStatus.Skipped, Assert.Single(host.Ended).Status);
        Assert.Equal(value == "\"false\"", host.Lines.Exists(l => l.Level == RunEventType.Warning));
    }

    [Theory]
    [InlineData("3")]
    [InlineData("0.5")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("\"a b\"")]
    [InlineData("[1,\"a\"]")]
    [InlineData("{\"a\":{\"b\":[]}}")]
    public async Task RunAsync_OneExpression_KeepsTheType(string value)
    {
        await RunAsync(
            "  steps: [{ id: one, action: 'test:echo', input: { v: '${{ parameters.v }}' } }]",
            $$"""{ "v": {{value}} }""");

        Assert.Equal($$"""{"v":{{value}}}""", Assert.Single(host.Ended).Output!.ToJsonString());
    }

    [Fact]
    public async Task RunAsync_TextAroundAnExpression_IsText()
    {
        await RunAsync(
            "  steps: [{ id: one, action: 'test:echo', input: { v: 'n=${{ parameters.v }}', w: '${{ parameters.v }} ' } }]",
            """{ "v": 3 }""");

        Assert.Equal("""{"v":"n=3","w":"3 "}""", Assert.Single(host.Ended).Output!.ToJsonString());
    }

    [Fact]
    public async Task RunAsync_TextThatIsEmpty_DropsItsKey()
    {
        await RunAsync("""
              parameters: { properties: { absent: { type: string }, empty: { type: string } } }
              steps: [{ id: one, action: 'test:echo', input: { a: '', b: '${{ parameters.empty }}', c: '${{ parameters.absent }}', d: ['', x], e: { f: '' } } }]
            """, """{ "empty": "" }""");

        Assert.Equal("""{"d":["x"],"e":{}}""", Assert.Single(host.Ended).Output!.ToJsonString());
    }

    [Theory]
    [InlineData(
        "${{ parameters.nmae }}",
        "template.yaml:12:31: 'parameters' has no 'nmae' (step 1, input.deep.0). Did you mean 'name'?")]
    [InlineData(
        "xx ${{ steps.fetsh.output.x }}",
        "template.yaml:12:29: 'steps' has no 'fetsh' (step 1, input.deep.0). Did you mean 'fetch'?")]
    [InlineData("${{ parameters.name | uper }}", "Did you mean 'upper'?")]
    [InlineData("${{ nothing }}", "template.yaml:12:21: unknown name 'nothing'")]
    public async Task RunAsync_UnknownName_SaysFileLineColumnAndTheNearest(string text, string expected)
    {
        var error = await FailAsync($$"""
              parameters: { properties: { name: { type: string } } }
              steps:
                - id: fetch
                  action: test:echo
                  input:
                    deep: ["{{text}}"]
            """);

        Assert.Contains(expected, error);
        Assert.Equal((StepStatus.Failed, error), (host.Ended[0].Status, host.Ended[0].Note));
    }

    [Fact]
    public async Task RunAsync_StepThatFails_EndsTheRun()
    {
        await FailAsync("""
              steps:
                - { id: one, action: 'test:echo' }
                - { id: two, action: 'fs:read', input: { path: missing.txt } }
                - { id: three, action: 'test:echo' }
            """);

        Assert.Equal(
            [("one", StepStatus.Completed), ("two", StepStatus.Failed)], host.Ended.Select(e => (e.Step, e.Status)));
        Assert.Equal(["one", "two"], host.Started);
    }

    [Fact]
    public async Task RunAsync_StepsThatAreFinished_AreNotDoneAgain()
    {
        host.Earlier["one"] = new FinishedStep(StepStatus.Completed, new JsonObject { ["x"] = 1 });
        host.Earlier["two"] = new FinishedStep(
            StepStatus.Completed, new JsonArray(new JsonObject { ["y"] = 1 }, new JsonObject { ["y"] = 2 }));
        host.Earlier["three"] = new FinishedStep(StepStatus.Skipped, null);

        var output = await RunAsync("""
              steps:
                - { id: one, action: 'test:echo' }
                - { id: two, action: 'test:echo', each: [1, 2] }
                - { id: three, action: 'test:echo', if: '${{ false }}' }
                - { id: four, action: 'test:echo', input: { x: '${{ steps.one.output.x }}', y: '${{ steps.two.output.y }}' } }
              output: { x: '${{ steps.four.output.x }}' }
            """);

        Assert.Equal(["four"], host.Started);
        Assert.Equal("""{"x":1,"y":[1,2]}""", Assert.Single(host.Ended).Output!.ToJsonString());
        Assert.Equal("1", output.Values["x"]!.ToJsonString());
    }

    [Theory]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("JaVaScRiPt:alert(1)", false)]
    [InlineData("data:text/html,x", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("ftp://example.org/x", false)]
    [InlineData("//example.org/x", false)]
    [InlineData("/\\\\example.org", false)]
    [InlineData("example.org", false)]
    [InlineData("https://example.org/x", true)]
    [InlineData("http://127.0.0.1:5080/x?y=1", true)]
    [InlineData("/environments/dev", true)]
    public async Task RunAsync_OutputLink_IsOneThatCanBeFollowed(string url, bool isKept)
    {
        var output =
            await RunAsync("  steps: [{ action: 'debug:log' }]\n  output: { links: [{ title: Open, url: '${{ parameters.url }}' }] }",
                new JsonObject { ["url"] = url }.ToJsonString());

        Assert.Equal(isKept ? [url] : [], output.Links.Select(l => l.Url));
        Assert.Equal(
            !isKept,
            host.Lines.Exists(l => l.Message.StartsWith("The link 'Open' is left out:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task RunAsync_OutputWithIf_LeavesOutWhatIsNotMet()
    {
        var output = await RunAsync("""
              steps: [{ action: 'debug:log' }]
              output:
                links: [{ title: A, if: '${{ false }}', url: /a }, { title: B, if: '${{ true }}', entityRef: 'component:default/b' }, { title: C, entityRef: 'component:default/' }]
                text: [{ title: T, content: 'Hello ${{ user.ref }}' }, { title: U, if: '', content: x }]
            """);

        Assert.Equal(["B"], output.Links.Select(l => l.Title));
        Assert.Equal(["Hello user:default/ada"], output.Text.Select(t => t.Content));
    }

    [Fact]
    public async Task RunAsync_Secret_ReachesInputsOnly()
    {
        var secret = new RunningHost { Secrets = new JsonObject { ["token"] = "s3cret" } };

        await plans.RunAsync(
            "  steps: [{ id: one, action: 'test:echo', input: { t: '${{ secrets.token }}' } }]", secret);
        var error = await Assert.ThrowsAsync<ActionFailedException>(
            () => plans.RunAsync("  steps: [{ id: one, action: 'test:echo', if: '${{ secrets.token }}' }]", secret));

        Assert.Equal("s3cret", secret.Ended[0].Output!["t"]!.GetValue<string>());
        Assert.Contains("secrets", error.Message);
        Assert.DoesNotContain("s3cret", error.Message);
    }

    [Theory]
    [InlineData("test:ehco", "Did you mean 'test:echo'?")]
    [InlineData("publish:github", "There is no action 'publish:github'. The actions of this portal: ")]
    public async Task RunAsync_UnknownAction_Fails(string action, string expected) =>
        Assert.Contains(expected, await FailAsync($"  steps: [{{ id: one, action: '{action}' }}]"));

    [Fact]
    public async Task RunAsync_WrongInputOfOneItem_FailsBeforeTheFirstIsDone()
    {
        var error = await FailAsync(
            "  steps: [{ id: del, action: 'fs:delete', each: { good: [a], bad: 7 }, input: { files: '${{ each.value }}' } }]");

        Assert.StartsWith("Step 'del' (fs:delete) for 'bad': The input 'files' must be ", error);
        Assert.Empty(host.Started);
    }

    [Fact]
    public async Task RunAsync_Cancelled_EndsTheStepAsCancelled()
    {
        using var cancelled = new CancellationTokenSource();
        plans.Host.Pipeline = run =>
        {
            cancelled.Cancel();
            return run;
        };
        await plans.HasRepositoryAsync("payments/orders");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => plans.RunAsync(
            "  steps: [{ id: one, action: 'pipeline:run', input: { repository: payments/orders } }]", host,
            cancellation: cancelled.Token));

        Assert.Equal(StepStatus.Cancelled, Assert.Single(host.Ended).Status);
        Assert.Equal(["run-1"], plans.Host.Cancelled);
    }

    private Task<RunOutput> RunAsync(string spec, string values = "{}") =>
        plans.RunAsync(spec, host, JsonNode.Parse(values)!.AsObject());

    private async Task<string> FailAsync(string spec) =>
        (await Assert.ThrowsAsync<ActionFailedException>(() => RunAsync(spec))).Message;
}
