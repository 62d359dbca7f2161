using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.Activities;
using Portal.Core.Catalog;
using Portal.Core.Catalog.Actions;
using Portal.Core.Delivery.Actions;
using Portal.Core.Environments.Actions;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Actions;
using Portal.Core.Shared;
using Portal.TestKit;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Runs.Execution;

/// <summary>With whose rights a run acts, and for whom.</summary>
public sealed class RightsOfRunsTests(PostgresFixture postgres)
{
    private static readonly Actor Linus = new(EntityRef.User("linus"), "Linus", [EntityRef.Group("orders")]);
    private static readonly Actor Mallory = new(EntityRef.User("mallory"), "Mallory", [EntityRef.Group("storefront")]);
    private static readonly Actor Grace = new(EntityRef.User("grace"), "Grace", [EntityRef.Group("platform")]);

    private readonly FakeHost host = new("forge");

    [Fact]
    public async Task Retry_ByAnotherPerson_ActsForThemAndTheyMayNotApprove()
    {
        await using var bench = await BenchAsync();
        var run = await bench.StartAsync([Who(), Approval("user:default/linus", "user:default/ada")]);
        bench.World.BreakBefore = ProviderException.Invalid("no", "no");
        await bench.ExecuteAsync(run);
        Assert.Equal(RunStatus.Failed, (await bench.ReadAsync(run)).Run.Status);

        Assert.True(
            (await bench.Get<RetryRun>().ExecuteAsync(run, new RetryRunRequest(), Linus, CancellationToken.None)).IsOk);
        await bench.ExecuteAsync(run);

        var view = await bench.ReadAsync(run);
        Assert.Equal(("user:default/ada", "user:default/linus"), (view.Run.CreatedBy, view.Run.ActsFor));
        Assert.Contains("user:default/linus", view.Steps[0].Output, StringComparison.Ordinal);
        Assert.Equal(
            "own-approval",
            (await bench.Get<WakeRun>().DecideAsync(run, true, null, Linus, CancellationToken.None)).Error?.Code);
        Assert.Equal("own-approval", (await bench.Get<WakeRun>().DecideAsync(
            run, true, null, RunBench.Ada, CancellationToken.None)).Error?.Code);
    }

    [Fact]
    public async Task Retry_WithOtherSecretsAfterAnApproval_AsksAgain()
    {
        await using var bench = await BenchAsync();
        var run = await bench.StartAsync([Approval("user:default/grace"), Who()]);
        await bench.ExecuteAsync(run);
        Assert.True((await bench.Get<WakeRun>().DecideAsync(run, true, null, Grace, CancellationToken.None)).IsOk);
        bench.World.BreakBefore = ProviderException.Invalid("no", "no");
        await bench.ExecuteAsync(run);

        Assert.True((await bench.Get<RetryRun>().ExecuteAsync(
            run, new RetryRunRequest(Secrets: new JsonObject { ["password"] = "another" }), RunBench.Ada,
            CancellationToken.None)).IsOk);
        await bench.ExecuteAsync(run);

        Assert.Equal((RunStatus.Waiting, 0), ((await bench.ReadAsync(run)).Run.Status, bench.World.Made.Count));
    }

    [Fact]
    public async Task Retry_Unchanged_KeepsTheApproval()
    {
        await using var bench = await BenchAsync();
        var run = await bench.StartAsync([Approval("user:default/grace"), Who()]);
        await bench.ExecuteAsync(run);
        await bench.Get<WakeRun>().DecideAsync(run, true, null, Grace, CancellationToken.None);
        bench.World.BreakBefore = ProviderException.Invalid("no", "no");
        await bench.ExecuteAsync(run);

        await bench.Get<RetryRun>().ExecuteAsync(run, new RetryRunRequest(), RunBench.Ada, CancellationToken.None);
        await bench.ExecuteAsync(run);

        Assert.Equal(RunStatus.Completed, (await bench.ReadAsync(run)).Run.Status);
    }

    [Fact]
    public async Task Change_OfSomebodyElsesRepository_IsRefusedUnlessTheRunMadeIt()
    {
        await using var bench = await BenchAsync();
        var run = Guid.CreateVersion7();
        await RepositoryAsync("orders/orders", "earlier");
        await RepositoryAsync("orders/mine", run.ToString());
        var rights = bench.Get<EffectRights>();

        var effect = bench.Get<PipelineTriggerEffect>();
        Assert.Equal(ErrorKind.Forbidden, (await rights.RefusedAsync(
            effect.Needs(Trigger("orders/orders")), run, Mallory, CancellationToken.None))?.Kind);
        Assert.Null(
            await rights.RefusedAsync(effect.Needs(Trigger("orders/orders")), run, Linus, CancellationToken.None));
        Assert.Null(
            await rights.RefusedAsync(effect.Needs(Trigger("orders/mine")), run, Mallory, CancellationToken.None));
        Assert.Null(
            await rights.RefusedAsync(effect.Needs(Trigger("orders/none")), run, Mallory, CancellationToken.None));
    }

    /// <summary>Where the change would not fail by itself.</summary>
    [Theory]
    [InlineData("forge")]
    [InlineData("")]
    public async Task Change_OfARepositoryThatNobodyHas_IsForWhoMayEverywhere(string provider)
    {
        await using var bench = await BenchAsync();
        NeededRight[] needs = [new RightOnRepository(provider, RepositoryName.Parse("orders/none"), OfAbsentToo: true)];

        Assert.Equal(
            ErrorKind.Forbidden,
            (await bench.Get<EffectRights>().RefusedAsync(needs, Guid.NewGuid(), Linus, CancellationToken.None))?.Kind);
        Assert.Null(await bench.Get<EffectRights>().RefusedAsync(needs, Guid.NewGuid(), Grace, CancellationToken.None));
    }

    /// <summary>
    /// What was begun for one person, and may not have happened, is not done with their right for another.
    /// </summary>
    [Fact]
    public async Task Retry_ByAnotherPersonOfWhatWasBegun_AsksForTheirRight()
    {
        await using var bench = await BenchAsync();
        await RepositoryAsync("storefront/shop", "earlier", "group:default/storefront");
        var run = await bench.StartAsync("one");
        bench.World.At = (point, _, _) => point == WorldPoint.BeforeMade
            ? throw ProviderException.Transient("no-answer", "Nobody knows.", mayHaveHappened: true)
            : Task.CompletedTask;
        await bench.ExecuteAsync(run);
        Assert.Equal(
            (RunStatus.Failed, JournalState.Intent),
            ((await bench.ReadAsync(run)).Run.Status, (await bench.ReadAsync(run)).Changes.Single().State));
        bench.World.At = null;
        bench.World.Needs = [new RightOnRepository("forge", RepositoryName.Parse("storefront/shop"))];

        Assert.True(
            (await bench.Get<RetryRun>().ExecuteAsync(run, new RetryRunRequest(), Linus, CancellationToken.None)).IsOk);
        await bench.ExecuteAsync(run);

        Assert.Equal((RunStatus.Failed, 0), ((await bench.ReadAsync(run)).Run.Status, bench.World.Made.Count));
        Assert.Contains(
            "storefront/shop: You may not do this (repository.push)", (await bench.ReadAsync(run)).Run.Failure,
            StringComparison.Ordinal);
    }

    /// <summary>The portal could read it, and would show what it read.</summary>
    [Theory]
    [InlineData(Permissions.RepositoryRead, "orders/secret: You may not do this")]
    [InlineData(Permissions.CatalogRead, "component:default/hidden: You may not do this")]
    public async Task Plan_ThatReadsWhatThePersonMayNot_IsRefused(string permission, string words)
    {
        await using var bench = await BenchAsync();
        await host.CreateAsync(Repository(
            "orders/secret", "earlier", "group:default/orders",
            Trees.Of(("catalog-info.yaml", Component("inside", "orders")))), CancellationToken.None);
        await using (var db = bench.Database.CreateDbContext())
        {
            await db.Set<RolePermission>().Where(p => p.Role == "member" && p.Permission == permission)
                .ExecuteDeleteAsync();
        }
        Assert.True((await bench.Get<ICatalogWriter>().RegisterAsync(
            new RegisterDescriptor(Component("hidden", "orders"), "url:there"), Grace, CancellationToken.None)).IsOk);
        var step = permission == Permissions.RepositoryRead
            ? new StepSpec(
                "r", "Register", "catalog:register",
                new JsonObject { ["repoContentsUrl"] = "http://forge/git/orders/secret.git" })
            : new StepSpec(
                "f", "Fetch", "catalog:fetch", new JsonObject { ["entityRef"] = "component:default/hidden" });

        var proposal = new RunProposal("It", new RunSpec([step], OutputSpec.Empty), [], EntityRef.Group("storefront"));
        Assert.Contains(
            words, (await bench.Get<StartRun>().ExecuteAsync(proposal, Mallory, CancellationToken.None)).Error?.Message,
            StringComparison.Ordinal);
        // Whoever may start it, it is judged again when it reads.
        var run = (await bench.Get<StartRun>().ExecuteAsync(proposal, Grace, CancellationToken.None)).Value;
        await using (var db = bench.Database.CreateDbContext())
        {
            await db.Set<Run>().Where(r => r.Id == run)
                .ExecuteUpdateAsync(s => s.SetProperty(r => r.CreatedBy, Mallory.Ref.ToString()));
        }
        await bench.ExecuteAsync(run);
        Assert.Contains(words, (await bench.ReadAsync(run)).Run.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ThatStartsThePipelineOfAnotherTeam_FailsBeforeAnythingHappens()
    {
        await using var bench = await BenchAsync();
        await RepositoryAsync("storefront/shop", "earlier", "group:default/storefront");
        var run = await bench.StartAsync([new StepSpec(
            "p", "Pipeline", "pipeline:run",
            new JsonObject { ["repository"] = "http://forge/git/storefront/shop.git", ["wait"] = false })]);

        await bench.ExecuteAsync(run);

        var view = await bench.ReadAsync(run);
        Assert.Equal((RunStatus.Failed, 0, 0), (view.Run.Status, view.Changes.Count, host.Triggered.Count));
        Assert.Contains(
            "storefront/shop: You may not do this (pipeline.change)", view.Run.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Environment_OfSomebodyElsesComponent_IsRefused()
    {
        await using var bench = await BenchAsync();
        await bench.Get<ICatalogWriter>().RegisterAsync(
            new RegisterDescriptor(Component("orders", "orders"), "url:here"), RunBench.Ada, CancellationToken.None);
        var run = Guid.CreateVersion7();
        await RepositoryAsync("storefront/trick", run.ToString(), "group:default/storefront");
        var args = new EnvironmentCreateArgs(
            "forge", "forge", "id", "dev", "dev", "small", RepositoryName.Parse("storefront/trick"),
            "component:default/orders", null, null, null, true, "Mallory", run);

        Assert.Equal(ErrorKind.Forbidden, (await bench.Get<EffectRights>().RefusedAsync(
            bench.Get<EnvironmentCreateEffect>().Needs(args), run, Mallory, CancellationToken.None))?.Kind);
        Assert.Null(await bench.Get<EffectRights>().RefusedAsync(
            bench.Get<EnvironmentCreateEffect>().Needs(args), run, Linus, CancellationToken.None));
    }

    [Theory]
    [InlineData("kind: Group\nmetadata: { name: platform }\nspec: { type: team, members: [mallory], children: [] }")]
    [InlineData("kind: User\nmetadata: { name: mallory }\nspec: { memberOf: [platform] }")]
    [InlineData("kind: user\nmetadata: { name: mallory }\nspec: { memberOf: [platform] }")]
    public async Task Register_PeopleFromARepositoryThatNobodyNamed_IsRefusedWhoeverAsks(string person)
    {
        await using var bench = await BenchAsync();
        var text = Component("a", "orders") + "\n---\napiVersion: backstage.io/v1alpha1\n" + person;
        var request = new RegisterDescriptor(
            text, "url:http://forge/git/shop/a.git/catalog-info.yaml", "forge", "shop/a");
        foreach (var who in new[] { Actor.System, Grace, RunBench.Ada })
        {
            Assert.Equal(
                "people-source",
                (await bench.Get<ICatalogWriter>().RegisterAsync(request, who, CancellationToken.None)).Error?.Code);
        }
        Assert.Null(
            await bench.Get<ICatalogWriter>().FindDescriptorAsync(EntityRef.Component("a"), CancellationToken.None));
    }

    [Fact]
    public async Task Register_PeopleFromANamedRepository_IsForAdministrators()
    {
        await using var bench = await BenchAsync(("Portal:Catalog:PeopleSources:0", "forge/platform/people"));
        var request = new RegisterDescriptor(
            "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: { name: nina }\nspec: { memberOf: [orders] }",
            "url:there", "forge", "platform/people");

        Assert.Equal(ErrorKind.Forbidden, (await bench.Get<ICatalogWriter>().RegisterAsync(
            request, RunBench.Ada, CancellationToken.None)).Error?.Kind);
        Assert.True((await bench.Get<ICatalogWriter>().RegisterAsync(request, Grace, CancellationToken.None)).IsOk);
    }

    [Fact]
    public async Task Register_ThatTakesTheLastAdministratorOut_IsRefusedAndChangesNothing()
    {
        await using var bench = await BenchAsync();
        var catalog = bench.Get<ICatalogWriter>();
        const string people =
            "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: { name: platform }\nspec: { type: team, children: [] }\n---\napiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: { name: grace }\nspec: { memberOf: [platform] }";
        Assert.True((await catalog.RegisterAsync(
            new RegisterDescriptor(people, "portal:people"), Actor.System, CancellationToken.None)).IsOk);

        var changed = await catalog.RegisterAsync(
            new RegisterDescriptor(people.Replace("[platform]", "[]", StringComparison.Ordinal), "portal:people"),
            Grace, CancellationToken.None);
        var removed = await catalog.UnregisterAsync("portal:people", Actor.System, CancellationToken.None);

        Assert.Equal(("last-administrator", "last-administrator"), (changed.Error?.Code, removed.Error?.Code));
        Assert.Contains(
            "platform",
            (await catalog.FindDescriptorAsync(EntityRef.User("grace"), CancellationToken.None))!.ToJsonString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Undo_OfARegistration_NamesThePersonAndLeavesWhatOthersRegisteredThere()
    {
        await using var bench = await BenchAsync();
        var catalog = bench.Get<ICatalogWriter>();
        await host.CreateAsync(Repository(
            "orders/orders", "earlier", "group:default/orders",
            Trees.Of(("catalog-info.yaml", Component("mine", "orders")))), CancellationToken.None);
        var run = await bench.StartAsync([new StepSpec(
            "r", "Register", "catalog:register",
            new JsonObject { ["repoContentsUrl"] = "http://forge/git/orders/orders.git" })]);
        await bench.ExecuteAsync(run);
        Assert.Null((await bench.ReadAsync(run)).Run.Failure);
        var location = (await bench.ReadAsync(run)).Changes.Single().Arguments;
        var where = (string)JsonNode.Parse(location)!["location"]!;
        Assert.True((await catalog.RegisterAsync(
            new RegisterDescriptor(Component("later", "orders"), where, "forge", "orders/orders"), Actor.System,
            CancellationToken.None)).IsOk);

        Assert.True((await bench.Get<UndoRun>().StartAsync(run, Linus, CancellationToken.None)).IsOk);
        await bench.ExecuteAsync(run);

        Assert.Equal(RunStatus.Undone, (await bench.ReadAsync(run)).Run.Status);
        Assert.Null(await catalog.FindDescriptorAsync(EntityRef.Component("mine"), CancellationToken.None));
        Assert.NotNull(await catalog.FindDescriptorAsync(EntityRef.Component("later"), CancellationToken.None));
        var activity = (await bench.Get<ReadActivity>().ListAsync(
            new ActivityFilter { Limit = 500 }, Grace, CancellationToken.None)).Value;
        Assert.Equal(
            "user:default/linus",
            activity.Items.Single(e => e is { Action: "entity.removed", Subject: "component:default/mine" }).Actor);
    }

    private static StepSpec Approval(params string[] approvers) => new(
        "approval", "Ask", "wait:approval", new JsonObject { ["approvers"] = new JsonArray(
            [.. approvers.Select(a => JsonValue.Create(a))]), ["question"] = "May it?" });

    private static StepSpec Who() => new("who", "Who", "test:who", new JsonObject { ["name"] = "it" });

    private static PipelineTriggerArgs Trigger(string repository) =>
        new("forge", "forge", RepositoryName.Parse(repository), "ci.yml", null);

    private Task RepositoryAsync(string name, string mark, string owner = "group:default/orders") =>
        host.CreateAsync(Repository(name, mark, owner, Trees.Of(("a", "b"))), CancellationToken.None);

    private static CreateRepository Repository(
        string name, string mark, string owner, Portal.Core.Shared.Files.FileTree tree) =>
        new(
            RepositoryName.Parse(name), "", "main", tree, "First",
            new CommitAuthor("Ada", "ada@example.org", DateTimeOffset.UnixEpoch), mark, owner);

    private static string Component(string name, string owner) =>
        $"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{ name: {name} }}\nspec: {{ type: service, lifecycle: production, owner: {owner} }}";

    private Task<RunBench> BenchAsync(params (string Key, string Value)[] settings) =>
        RunBench.CreateAsync(postgres, new BenchSetup
        {
            Time = new QuickTimeProvider(50), Settings = settings.ToDictionary(s => s.Key, s => (string?)s.Value),
            More = all => all.AddSingleton<IProvider>(host).AddSingleton<IAction, Whoever>(),
        });

    /// <summary>Tells for whom it acts.</summary>
    private sealed class Whoever(MakeThingEffect effect) : IAction
    {
        public ActionDescription Description { get; } = new(
            "test:who", "Tells.", new JsonObject { ["type"] = "object" }, new JsonObject { ["type"] = "object" }, []);

        public async Task ExecuteAsync(ActionContext context, CancellationToken cancellation)
        {
            await context.ApplyAsync(effect, "test", "thing", new MakeThing("it"), cancellation);
            context.Outputs["who"] = context.Actor.Ref.ToString();
        }
    }
}
