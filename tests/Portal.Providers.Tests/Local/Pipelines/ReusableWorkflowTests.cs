using Portal.Core.Providers;

namespace Portal.Providers.Tests.Local.Pipelines;

/// <summary>Composite actions and reusable workflows of the same repository.</summary>
public sealed class ReusableWorkflowTests : IAsyncDisposable
{
    private const string Greet = """
        name: Greet
        inputs:
          who: { default: world }
          mark: { default: "${{ github.ref_name }}" }
        outputs:
          text: { value: "${{ steps.say.outputs.text }}!" }
        runs:
          using: composite
          steps:
            - id: say
              shell: bash
              run: |
                test -f "$GITHUB_ACTION_PATH/action.yml"
                echo "text=hello ${{ inputs.who }} of ${{ inputs.mark }}" >> "$GITHUB_OUTPUT"
            - if: inputs.who == 'nobody'
              shell: bash
              run: exit 4
            - shell: bash
              run: echo "after ${{ steps.say.outputs.text }}"
        """;

    private const string Build = """
        on:
          workflow_call:
            inputs:
              name: { type: string, required: true }
              times: { type: number, default: 2 }
              fast: { type: boolean, default: true }
            outputs:
              result: { value: "${{ jobs.make.outputs.result }}" }
        jobs:
          make:
            runs-on: ubuntu-latest
            outputs: { result: "${{ steps.make.outputs.result }}" }
            steps:
              - id: make
                run: echo "result=${{ inputs.name }} ${{ inputs.times == 2 }} ${{ inputs.fast == true }}" >> "$GITHUB_OUTPUT"
        """;

    private readonly PipelineTestHost host = new();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task CompositeAction_InputsAndOutputs_ArePassed()
    {
        var run = await host.RunAsync("""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - uses: actions/checkout@v4
                  - id: greet
                    uses: ./.github/actions/greet
                    with: { who: Ana }
                  - run: echo "got ${{ steps.greet.outputs.text }}"
                  - uses: ./.github/actions/greet/
            """, (".github/actions/greet/action.yml", Greet));

        var log = await host.LogAsync(run.Id);
        Assert.True(run.Status == PipelineStatus.Passed, run.Failure);
        Assert.Contains("got hello Ana of main!", log);
        Assert.Contains("after hello world of main", log);
    }

    [Fact]
    public async Task CompositeAction_StepThatFails_FailsTheStepThatUsesIt()
    {
        var run = await host.RunAsync("""
            on: workflow_dispatch
            jobs:
              build:
                runs-on: ubuntu-latest
                steps:
                  - uses: actions/checkout@v4
                  - name: Greeting
                    uses: ./.github/actions/greet
                    with: { who: nobody }
                  - run: echo never
            """, (".github/actions/greet/action.yml", Greet));

        Assert.Equal("Job build, step Greeting: exit code 4.", run.Failure);
        Assert.Equal(
            [PipelineStatus.Passed, PipelineStatus.Failed, PipelineStatus.Skipped],
            run.Jobs[0].Steps.Select(s => s.Status));
        Assert.DoesNotContain(await host.LogAsync(run.Id), l => l.StartsWith("after", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("./missing", "there is no missing/action.yml in the repository")]
    [InlineData("./../../etc", "leads out of the workspace")]
    public async Task CompositeAction_NotThere_SaysSo(string uses, string message)
    {
        var run = await host.RunAsync(
            $"on: workflow_dispatch\njobs: {{ build: {{ runs-on: ubuntu-latest, steps: [{{ uses: {uses} }}] }} }}\n");

        Assert.Equal(PipelineStatus.Failed, run.Status);
        Assert.Contains(message, run.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReusableWorkflow_InputsAndOutputs_ArePassed()
    {
        var run = await host.RunAsync("""
            on: workflow_dispatch
            jobs:
              call:
                uses: ./.github/workflows/build.yml
                with: { name: shop }
              after:
                needs: call
                runs-on: ubuntu-latest
                steps: [{ run: "echo \"made ${{ needs.call.outputs.result }}\"" }]
            """, (".github/workflows/build.yml", Build));

        Assert.True(run.Status == PipelineStatus.Passed, run.Failure);
        Assert.Equal(["call / make", "after"], run.Jobs.Select(j => j.Name));
        Assert.Contains("made shop true true", await host.LogAsync(run.Id));
    }

    [Theory]
    [InlineData("", "line 3: the input 'name' is required")]
    [InlineData("with: { name: x, nmae: y }", "has no input 'nmae'")]
    public async Task ReusableWorkflow_WrongInputs_FailWithTheirPlace(string with, string message)
    {
        var run = await host.RunAsync(
            $"on: workflow_dispatch\njobs:\n  call: {{ uses: ./.github/workflows/build.yml{(with.Length > 0 ? ", " + with : "")} }}\n",
            (".github/workflows/build.yml", Build));

        Assert.Equal(PipelineStatus.Failed, run.Status);
        Assert.Contains(message, run.Failure, StringComparison.Ordinal);
        Assert.Contains(".github/workflows/ci.yml", run.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReusableWorkflow_ThatCallsItself_EndsWithAnError()
    {
        var run = await host.RunAsync(
            "on: [workflow_dispatch, workflow_call]\njobs: { again: { uses: ./.github/workflows/ci.yml } }\n");

        Assert.Equal(PipelineStatus.Failed, run.Status);
        Assert.Contains("nested more than 4 deep", run.Failure, StringComparison.Ordinal);
    }
}
