using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Environments;
using Portal.Core.Environments.Actions;
using Portal.Core.Environments.Actions.Operations;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Environments;

/// <summary>
/// A rule is written once and holds at every way by which an environment is made or changed. What is new and makes or
/// changes one is found here by itself, or by its name in a list that has to be added to.
/// </summary>
public sealed class EnvironmentDoorsTests(PostgresFixture postgres)
{
    private const string Refusal = "Not while the rule of this test holds.";

    private const string Group = "/groups/orders-test";

    private bool holds;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The ids of all actions that make or change environments.</summary>
    public static TheoryData<string> Actions()
    {
        using var plans = new TestKit.Fakes.Plans();
        return [.. plans.Get<ActionRegistry>().All.Select(a => a.Id)
            .Where(id => id.StartsWith("environment:", StringComparison.Ordinal))];
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Step_RuleAgainstIt_IsRefusedByItsPlanAndStartsNoRun(string action)
    {
        await using var shop = await OpenAsync();
        var proposal = ProposalOf(action, await ThereAsync(shop, action));
        holds = true;

        var started = await shop.Get<StartRun>().ExecuteAsync(proposal, Shop.Pat, Cancellation);

        Refused(started.Error);
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Step_RuleThatCameAfterThePlan_IsRefusedByItsRunAndChangesNothing(string action)
    {
        await using var shop = await OpenAsync();
        var there = await ThereAsync(shop, action);
        var run = (await shop.Get<StartRun>().ExecuteAsync(ProposalOf(action, there), Shop.Pat, Cancellation)).Value;
        shop.Host.Changes.Clear();
        var (before, tags) = (await ShownAsync(shop), shop.Adoption.Tags[Group]);
        holds = true;

        await shop.EndAsync(run);

        var ended = (await shop.Bench.ReadAsync(run)).Run;
        Assert.Equal(RunStatus.Failed, ended.Status);
        Assert.Contains(Refusal, ended.Failure, StringComparison.Ordinal);
        Assert.Empty(shop.Host.Changes);
        Assert.Equal((before, tags), (await ShownAsync(shop), shop.Adoption.Tags[Group]));
    }

    /// <summary>Whatever action has it done: the effect itself asks.</summary>
    [Fact]
    public async Task EveryEffect_RuleAgainstIt_IsRefusedAndAsksNoHost()
    {
        await using var shop = await OpenAsync();
        var row = await shop.EnvironmentAsync(await shop.HasEnvironmentAsync(version: "run-1"));
        shop.Host.Changes.Clear();
        holds = true;
        var context = new EffectContext("id", "mark", Shop.Pat, _ => { });
        var create = new EnvironmentCreateArgs(
            shop.Host.Instance, shop.Host.Instance, "orders-more-1", "more", "dev", "small",
            new RepositoryName("orders", "orders"), Shop.Orders.ToString(), null, null, null, true, "Pat",
            Guid.CreateVersion7());
        var adopt = new EnvironmentAdoptArgs(
            shop.Host.Instance, shop.Host.Instance, "orders-more-2", Group, "more", "dev",
            new RepositoryName("orders", "orders"), Shop.Orders.ToString(), null, "Pat", Guid.CreateVersion7());
        var asked = new HashSet<Type>();

        await RefusedAsync(
            asked, shop.Get<EnvironmentCreateEffect>(), e => e.PerformAsync(context, create, Cancellation));
        await RefusedAsync(
            asked, shop.Get<EnvironmentAdoptEffect>(), e => e.PerformAsync(context, adopt, Cancellation));
        foreach (var type in TypesOfEnvironments().Where(t => t.IsAssignableTo(typeof(EnvironmentOperation))))
        {
            var args = OperationArgs.Of(row) with { PipelineRun = "run-1" };
            var operation = (EnvironmentOperation)shop.Get<IServiceProvider>().GetRequiredService(type);
            await RefusedAsync(asked, operation, e => e.PerformAsync(context, args, Cancellation));
        }

        Assert.Empty(shop.Host.Changes);
        Assert.Single(await shop.EnvironmentsAsync());
        Assert.Equal("owner=orders", shop.Adoption.Tags[Group]);
        Assert.Equal(EffectsOfEnvironments().OrderBy(t => t.Name), asked.OrderBy(t => t.Name));
    }

    /// <summary>Who keeps an environment without having asked the rules has gone round them.</summary>
    [Fact]
    public async Task Record_OfWhatWasNotReserved_FailsLoudly()
    {
        await using var shop = await OpenAsync();
        var info = await shop.Host.CreateAsync(
            new CreateEnvironment(
                "orders-more-1", "more", "dev", new RepositoryName("orders", "orders"), null, "small", "mark",
                new Dictionary<string, string>()),
            Cancellation);
        var made = new NewEnvironment(
            info.Id, "more", Shop.Orders, EntityRef.Group("orders"), "dev", shop.Host.Definitions[0].Sizes[0],
            shop.Host.Instance, info.Repository, true, null, Shop.Pat, Guid.CreateVersion7(), null, null, "local");

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => shop.Get<IEnvironmentRecords>().RecordCreatedAsync(made, info, Cancellation));
    }

    [Fact]
    public async Task Request_RuleAgainstIt_IsRefusedByPricePlanAndRequestBesideItsField()
    {
        await using var shop = await OpenAsync();
        var (requests, wanted) = (
            shop.Get<RequestEnvironment>(), new EnvironmentRequest(Shop.Orders, "more", "prod", null, null, null));
        Assert.True((await requests.OfferAsync(wanted, RunBench.Ada, Cancellation)).IsOk);
        holds = true;

        RefusedBeside((await requests.OfferAsync(wanted, RunBench.Ada, Cancellation)).Error);
        RefusedBeside((await shop.Get<EnvironmentPlans>().OfAsync(wanted, RunBench.Ada, Cancellation)).Error);
        RefusedBeside((await requests.ExecuteAsync(wanted, RunBench.Ada, Cancellation)).Error);
    }

    [Fact]
    public async Task Adoption_RuleAgainstIt_IsRefusedByPlanAndRequestBesideItsField()
    {
        await using var shop = await OpenAsync();
        var (adoption, wanted) = (
            shop.Get<RequestAdoption>(), new AdoptionRequest("local", Group, Shop.Orders, "more", "prod", null));
        Assert.True((await adoption.OfferAsync(wanted, Shop.Pat, Cancellation)).IsOk);
        holds = true;

        RefusedBeside((await adoption.OfferAsync(wanted, Shop.Pat, Cancellation)).Error);
        RefusedBeside((await adoption.ExecuteAsync(wanted, Shop.Pat, Cancellation)).Error);
    }

    [Fact]
    public async Task EveryControl_RuleAgainstIt_IsRefusedByPlanAndRequest()
    {
        await using var shop = await OpenAsync();
        var running = await shop.HasEnvironmentAsync();
        var stopped = await shop.HasEnvironmentAsync("stopped");
        await shop.DoneAsync(
            shop.Get<ControlEnvironment>().ExecuteAsync(stopped, OperationRequest.Stop, Shop.Pat, Cancellation));
        holds = true;
        OperationRequest[] all =
        [
            OperationRequest.Stop, OperationRequest.Start, OperationRequest.Extend(TimeSpan.FromDays(1)),
            OperationRequest.Destroy(),
        ];

        foreach (var request in all)
        {
            var id = request == OperationRequest.Start ? stopped : running;
            var control = shop.Get<ControlEnvironment>();
            Refused((await control.PlanAsync(id, request, Shop.Pat, Cancellation)).Error);
            Refused((await control.ExecuteAsync(id, request, Shop.Pat, Cancellation)).Error);
        }
    }

    [Fact]
    public async Task Delivery_RuleAgainstIt_StartsNoRun()
    {
        await using var shop = await OpenAsync();
        await shop.HasEnvironmentAsync(version: "none");
        await using (var db = shop.Bench.Database.CreateDbContext())
        {
            await db.Set<PortalEnvironment>().ExecuteUpdateAsync(
                s => s.SetProperty(e => e.FollowsDefaultBranch, true), Cancellation);
        }
        await shop.HeardAsync("newest", "main", PipelineStatus.Passed, "app");
        holds = true;

        Assert.Equal(0, await shop.Get<DeliverVersions>().ExecuteAsync(Cancellation));
        holds = false;
        Assert.Equal(1, await shop.Get<DeliverVersions>().ExecuteAsync(Cancellation));
    }

    /// <summary>The rule as its author would write it, at the ways that a person and a template have.</summary>
    [Fact]
    public async Task ProdNeedsAReason_ByAPersonByATemplateAndByAdoption_HoldsAtAll()
    {
        await using var shop = await Shop.OpenAsync(postgres, rule: EnvironmentRulesTests.ProdNeedsReason);
        var request = new EnvironmentRequest(Shop.Orders, "live", "prod", null, null, null);
        var adoption = new AdoptionRequest("local", Group, Shop.Orders, "live", "prod", null);
        var step = new JsonObject { ["repository"] = "orders/orders", ["name"] = "live", ["type"] = "prod" };

        Assert.Equal("/reason", Assert.Single((await shop.Get<RequestEnvironment>()
            .ExecuteAsync(request, RunBench.Ada, Cancellation)).Error!.Fields).Path);
        Assert.Equal("/reason", Assert.Single((await shop.Get<RequestAdoption>()
            .ExecuteAsync(adoption, Shop.Pat, Cancellation)).Error!.Fields).Path);
        var refused = await shop.Get<StartRun>().ExecuteAsync(
            ProposalOf(EnvironmentCreateAction.Id, step), RunBench.Ada, Cancellation);
        Assert.Equal("reason-missing", refused.Error!.Code);

        step["reason"] = "The shop opens.";
        var run = await shop.DoneAsync(shop.Get<StartRun>().ExecuteAsync(
            ProposalOf(EnvironmentCreateAction.Id, step), RunBench.Ada, Cancellation));
        Assert.Equal(RunStatus.Completed, run.Run.Status);
    }

    /// <summary>What a plan cannot know is left to the run, which then asks.</summary>
    [Fact]
    public async Task Step_ReasonThatOnlyTheRunKnows_IsAskedByTheRun()
    {
        await using var shop = await Shop.OpenAsync(postgres, rule: EnvironmentRulesTests.ProdNeedsReason);
        var made = new JsonObject { ["name"] = "thing" };
        var input = new JsonObject
        {
            ["repository"] = "orders/orders", ["name"] = "live", ["type"] = "prod",
            ["reason"] = "${{ '' if steps.first.output.id else 'None is known yet' }}",
        };
        var steps = new List<StepSpec>
        {
            new("first", "First", "test:make", made), new("live", "Live", EnvironmentCreateAction.Id, input),
        };
        var started = await shop.Bench.StartAsync(steps);

        await shop.EndAsync(started);

        Assert.Contains(
            "needs a reason", (await shop.Bench.ReadAsync(started)).Run.Failure, StringComparison.Ordinal);
        Assert.Empty(shop.Host.Created);
    }

    /// <summary>Also by a step: the run that makes it has it to itself.</summary>
    [Fact]
    public async Task Step_OnWhatAnotherRunIsMaking_IsRefused()
    {
        await using var shop = await OpenAsync();
        Error? refused = null;
        shop.Host.OnCreate = async request => refused = (await shop.Get<StartRun>().ExecuteAsync(
            ProposalOf("environment:destroy", new JsonObject { ["environment"] = request.Id }), Shop.Pat,
            Cancellation)).Error;
        var wanted = new EnvironmentRequest(Shop.Orders, "more", "dev", null, null, null);

        await shop.DoneAsync(shop.Get<RequestEnvironment>().ExecuteAsync(wanted, RunBench.Ada, Cancellation));

        Assert.Equal("environment-being-made", refused?.Code);
    }

    /// <summary>Whoever proposes a run of this room is named here, and has a test above.</summary>
    [Fact]
    public void WhoProposesRuns_IsKnown() => Assert.Equal(
        [nameof(ControlEnvironment), nameof(DeliverVersions), nameof(RequestAdoption), nameof(RequestEnvironment)],
        TypesOfEnvironments()
            .Where(t => t.GetConstructors().SelectMany(c => c.GetParameters())
                .Any(p => p.ParameterType == typeof(StartRun) || p.ParameterType == typeof(PortalRuns)))
            .Select(t => t.Name).Order(StringComparer.Ordinal));

    private async Task<Shop> OpenAsync() => await Shop.OpenAsync(
        postgres,
        rule: new EnvironmentRule(
            "test-rule", EnvironmentChange.All, _ => holds ? [new FieldError("/type", Refusal)] : []));

    /// <summary>What the action is to be done to, ready for it, as its input.</summary>
    private static async Task<JsonObject> ThereAsync(Shop shop, string action)
    {
        if (action is EnvironmentCreateAction.Id or EnvironmentAdoptAction.Id)
        {
            var made = new JsonObject { ["repository"] = "orders/orders", ["name"] = "more" };
            if (action == EnvironmentAdoptAction.Id) made["externalId"] = Group;
            return made;
        }
        var input = new JsonObject { ["environment"] = await shop.HasEnvironmentAsync() };
        if (action == "environment:deploy") input["pipelineRun"] = "run-1";
        if (action != "environment:release") return input;
        var wanted = new AdoptionRequest("local", Group, Shop.Orders, "test", "test", null);
        await shop.DoneAsync(shop.Get<RequestAdoption>().ExecuteAsync(wanted, Shop.Pat, Cancellation));
        input["environment"] = (await shop.EnvironmentsAsync()).Single(e => e.AdoptedFrom is not null).Id;
        return input;
    }

    private static RunProposal ProposalOf(string action, JsonObject input) =>
        new("Test", RunSpec.Own("test", "Test", action, input), input, EntityRef.Group("orders"));

    private static async Task<string> ShownAsync(Shop shop) =>
        string.Join(
            ';', (await shop.EnvironmentsAsync()).Select(e => $"{e.Id} {e.Status} {e.ExpiresAt} {e.PipelineRunId}"));

    private static async Task RefusedAsync<T>(HashSet<Type> asked, T effect, Func<T, Task> perform) where T : notnull
    {
        Refused((await Assert.ThrowsAsync<ProviderException>(() => perform(effect))).Error);
        asked.Add(effect.GetType());
    }

    private static void Refused(Error? error)
    {
        Assert.NotNull(error);
        Assert.Equal(("test-rule", ErrorKind.Invalid), (error.Code, error.Kind));
        Assert.Contains(Refusal, error.Message, StringComparison.Ordinal);
    }

    private static void RefusedBeside(Error? error) =>
        Assert.Equal([new FieldError("/type", Refusal)], error?.Fields);

    private static IEnumerable<Type> TypesOfEnvironments() => typeof(EnvironmentRules).Assembly.GetTypes()
        .Where(t => t is { IsClass: true, IsAbstract: false }
            && t.Namespace?.StartsWith("Portal.Core.Environments", StringComparison.Ordinal) == true);

    private static IEnumerable<Type> EffectsOfEnvironments() => TypesOfEnvironments()
        .Where(t => t.GetInterfaces()
            .Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEffect<,>)));
}
