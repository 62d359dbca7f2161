using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.TestKit.Fakes;

namespace Portal.Core.Tests.Runs;

/// <summary>What a restarted run or an undo finds, with nothing but what the journal holds.</summary>
public sealed class EffectTests : IDisposable
{
    private const string Descriptor =
        "kind: Component\napiVersion: backstage.io/v1alpha1\nmetadata: { name: orders }\nspec: { type: service, lifecycle: production, owner: 'group:default/payments' }\n";

    private readonly Plans plans = new();
    private readonly RunningHost host = new();

    public EffectTests() => host.Workspace.Put("catalog-info.yaml", Descriptor);

    private EffectRegistry Effects => plans.Get<EffectRegistry>();

    public void Dispose() => plans.Dispose();

    [Theory]
    [InlineData("repository.create")]
    [InlineData("pipeline.trigger")]
    [InlineData("environment.create")]
    public async Task FindAsync_CallThatDidNotComeBack_GivesWhatItMade(string kind)
    {
        var (_, version, args, result, context) = await EntryAsync(kind);
        var changes = plans.Host.Changes.Count;

        Assert.Equal(result, await FindAsync(kind, version, args, context));
        Assert.Null(await FindAsync(kind, version, args, context with { Id = "other", Mark = "other" }));
        Assert.Equal(changes, plans.Host.Changes.Count);
        Assert.Single(plans.Records.Environments);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UndoAsync_Repository_GoesOnceAndOnlyIfTheRunMadeIt(bool isKnown)
    {
        var (kind, version, args, result, context) = await EntryAsync("repository.create");

        await UndoAsync(kind, version, args, result, context with { Mark = "other" });
        Assert.NotNull(plans.Host.TreeOf(new RepositoryName("payments", "orders")));
        await UndoAsync(kind, version, args, isKnown ? result : null, context);
        await UndoAsync(kind, version, args, isKnown ? result : null, context);

        Assert.Null(plans.Host.TreeOf(new RepositoryName("payments", "orders")));
        Assert.Single(plans.Host.Changes, "delete repository");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UndoAsync_Pipeline_IsCancelled(bool isKnown)
    {
        var (kind, version, args, result, context) = await EntryAsync("pipeline.trigger");

        await UndoAsync(kind, version, args, isKnown ? result : null, context);

        Assert.Equal(["run-1"], plans.Host.Cancelled);
    }

    [Fact]
    public async Task UndoAsync_Environment_IsDestroyedAndRecordedAsGone()
    {
        var (kind, version, args, result, context) = await EntryAsync("environment.create");

        await UndoAsync(kind, version, args, result, context);
        await UndoAsync(kind, version, args, null, context);

        Assert.Contains("destroy environment", plans.Host.Changes);
        Assert.Equal(plans.Records.Environments[0].Id, plans.Records.Gone[0]);
        Assert.Null(await FindAsync(kind, version, args, context));
    }

    [Fact]
    public async Task UndoAsync_Registration_IsTakenBackByTheRunThatMadeItOnly()
    {
        var (kind, version, args, result, context) = await EntryAsync("catalog.register");
        var again = new RunningHost();
        await plans.RunAsync(
            "  steps: [{ id: register, action: 'catalog:register', input: { repoContentsUrl: 'http://local/git/payments/orders.git' } }]",
            again);
        var second = Assert.Single(again.Journal);

        await UndoAsync(second.Kind, second.Version, second.Args, second.Result, second.Context);
        await UndoAsync(second.Kind, second.Version, second.Args, null, second.Context);
        Assert.Empty(plans.Records.Unregistered);
        await UndoAsync(kind, version, args, result, context);

        Assert.Equal(["url:http://local/git/payments/orders.git/catalog-info.yaml"], plans.Records.Unregistered);
    }

    [Fact]
    public async Task UndoAsync_KindOfANewerPortal_SaysSo()
    {
        var error = await Assert.ThrowsAsync<ProviderException>(() => UndoAsync(
            "repository.create", 99, "{}", null,
            new EffectContext("id", "mark", Portal.Core.Shared.Actor.System, _ => { })));

        Assert.Contains("does not know repository.create version 99", error.Message);
    }

    /// <summary>What the journal of a whole run holds for one effect.</summary>
    private async Task<(string Kind, int Version, string Args, string? Result, EffectContext Context)> EntryAsync(
        string kind)
    {
        await plans.RunAsync("""
              steps:
                - { id: publish, action: 'repo:create', input: { name: orders, owner: payments } }
                - { id: register, action: 'catalog:register', input: { repoContentsUrl: '${{ steps.publish.output.repoContentsUrl }}' } }
                - { id: pipeline, action: 'pipeline:run', input: { repository: '${{ steps.publish.output.repository }}' } }
                - { id: environment, action: 'environment:create', input: { repository: '${{ steps.publish.output.repository }}', pipelineRun: '${{ steps.pipeline.output.pipelineRun }}' } }
            """, host);
        return host.Journal.Single(j => j.Kind == kind);
    }

    private Task<string?> FindAsync(string kind, int version, string args, EffectContext context)
    {
        var entry = Entry(kind, version, args, null);
        return Effects.Of(entry).FindAsync(context, entry, TestContext.Current.CancellationToken);
    }

    private Task UndoAsync(string kind, int version, string args, string? result, EffectContext context)
    {
        var entry = Entry(kind, version, args, result);
        return Effects.Of(entry).UndoAsync(context, entry, TestContext.Current.CancellationToken);
    }

    private static JournalEntry Entry(string kind, int version, string args, string? result)
    {
        var entry = new JournalEntry
        {
            RunId = Guid.NewGuid(), StepId = "step", Iteration = 0, Name = "name", Order = 1, Kind = kind,
            Version = version, Provider = "local", Arguments = args,
            Summary = kind, Deadline = DateTimeOffset.UnixEpoch, At = DateTimeOffset.UnixEpoch,
        };
        if (result is not null) entry.Finish(result);
        return entry;
    }
}
