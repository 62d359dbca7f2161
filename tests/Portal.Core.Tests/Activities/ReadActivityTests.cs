using Portal.Core.Activities;
using Portal.Core.Audit;
using Portal.Core.Entities;
using Portal.Core.Runs;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Activities;

/// <summary>What the Activity page and its API read of the record.</summary>
public sealed class ReadActivityTests(PostgresFixture postgres)
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly Actor Bo = new(EntityRef.User("bo"), "Bo", []);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string[]> Filters() => new()
    {
        { "all", ["late", "made", "said", "first"] },
        { "actor", ["made"] },
        { "owner", ["made", "first"] },
        { "owners", ["made", "said", "first"] },
        { "subject", ["said"] },
        { "subjects", ["late", "said"] },
        { "since", ["late"] },
        { "words", ["first"] },
        { "wildcard", [] },
        { "once", ["late", "made", "first"] },
        { "page", ["made", "said"] },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task List_Filtered_GivesThoseNewestFirstAndCountsThem(string by, string[] expected)
    {
        var filter = by switch
        {
            "actor" => new ActivityFilter { Actor = "user:default/bo" },
            "owner" => new ActivityFilter { Owner = "group:default/orders" },
            "owners" => new ActivityFilter { Owners = ["group:default/orders", "group:default/billing"] },
            "subject" => new ActivityFilter { Subject = "run:1" },
            "subjects" => new ActivityFilter { Subjects = ["run:1", "component:default/late"] },
            "since" => new ActivityFilter { Since = Noon.AddMinutes(30) },
            "words" => new ActivityFilter { Search = "FIRST" },
            "wildcard" => new ActivityFilter { Search = "%" },
            "once" => new ActivityFilter { EachChangeOnce = true },
            "page" => new ActivityFilter { Offset = 1, Limit = 2 },
            _ => new ActivityFilter(),
        };
        await using var bench = await StockedAsync();

        var page = (await bench.Get<ReadActivity>().ListAsync(filter, RunBench.Ada, Cancellation)).Value;

        Assert.Equal(expected, page.Items.Select(e => e.Summary));
        Assert.Equal(by == "page" ? 4 : expected.Length, page.Total);
    }

    /// <summary>Two runs at once, whose events stand between each other's; and what nobody's run did.</summary>
    [Fact]
    public async Task Grouped_ARun_IsOneEntryWithAllThatItMade()
    {
        await using var bench = await GroupsAsync();

        var page = (await bench.Get<ReadActivity>().GroupedAsync(
            new ActivityFilter(), RunBench.Ada, Cancellation)).Value;

        Assert.Equal(
            ["stopped", "approved", "Two", "said alone", "One"],
            page.Items.Select(e => e.Run?.Title ?? e.Event.Summary));
        Assert.Equal(5, page.Total);
        Assert.Equal(
            ["repository", "environment", "done"], page.Items[^1].Run!.Events.Select(e => e.Summary));
        Assert.Equal(["two's repository", "approved"], page.Items[2].Run!.Events.Select(e => e.Summary));
    }

    [Theory]
    [InlineData("second page", "Two", "said alone")]
    [InlineData("person by title", "approved", "said alone")]
    [InlineData("person by name", "approved", "said alone")]
    [InlineData("environments", "stopped", "One")]
    [InlineData("repositories", "Two", "One")]
    [InlineData("settings", "said alone")]
    [InlineData("early", "said alone", "One")]
    [InlineData("late", "stopped", "approved", "Two")]
    [InlineData("nobody")]
    public async Task Grouped_Filtered_GivesThoseAndCountsThem(string by, params string[] expected)
    {
        await using var bench = await GroupsAsync();
        var filter = by switch
        {
            "second page" => new ActivityFilter { Offset = 2, Limit = 2 },
            "person by title" => new ActivityFilter { Person = "Bodil" },
            "person by name" => new ActivityFilter { Person = "/bo" },
            "environments" => new ActivityFilter { Kinds = [ActivityKind.Environment] },
            "repositories" => new ActivityFilter { Kinds = [ActivityKind.Repository] },
            "settings" => new ActivityFilter { Kinds = [ActivityKind.Settings] },
            "early" => new ActivityFilter { Until = Noon.AddMinutes(30) },
            "late" => new ActivityFilter { Since = Noon.AddMinutes(30) },
            _ => new ActivityFilter { Person = "%" },
        };

        var page = (await bench.Get<ReadActivity>().GroupedAsync(filter, RunBench.Ada, Cancellation)).Value;

        Assert.Equal(expected, page.Items.Select(e => e.Run?.Title ?? e.Event.Summary));
        Assert.Equal(by == "second page" ? 5 : expected.Length, page.Total);
    }

    private async Task<RunBench> GroupsAsync()
    {
        var time = new FakeTimeProvider(Noon);
        var bench = await RunBench.CreateAsync(postgres, new BenchSetup { Time = time });
        await using var db = bench.Database.CreateDbContext();
        var (one, two) = (Made("One"), Made("Two"));
        db.AddRange(one, two, new CatalogEntity
        {
            Key = "user:default/bo", Kind = "User", Namespace = "default", Name = "bo", Title = "Bodil Berg",
            Descriptor = "{}", Location = "url:x", CreatedAt = Noon, UpdatedAt = Noon,
        }, new CatalogEntity
        {
            Key = "component:default/one", Kind = "Component", Namespace = "default", Name = "one", RunId = one.Id,
            Descriptor = "{}", Location = "url:y", CreatedAt = Noon, UpdatedAt = Noon,
        });
        await db.SaveAuditedAsync(
            time, Cancellation, Of(one, "run.started", "Started One"),
            new AuditEntry(Bo, "clock.confirmed", "portal:clock", "said alone"),
            Of(one, "repository.create", "repository"));
        time.Advance(TimeSpan.FromHours(1));
        await db.SaveAuditedAsync(
            time, Cancellation, Of(two, "run.started", "Started Two"), Of(one, "environment.create", "environment"),
            new AuditEntry(RunBench.Ada, "environment.created", "environment:one-dev", "told by its run"),
            Of(two, "repository.create", "two's repository"),
            new AuditEntry(Actor.System, "entity.created", "component:default/one", "told by its run"),
            Of(two, "run.approved", "approved") with { Actor = Bo },
            new AuditEntry(RunBench.Ada, "operation.started", $"run:{Guid.NewGuid()}", "told by what it changed"),
            new AuditEntry(RunBench.Ada, "environment.stopped", "environment:one-dev", "stopped"),
            Of(one, "run.completed", "done"));
        return bench;
    }

    private static AuditEntry Of(Run run, string action, string summary) =>
        new(RunBench.Ada, action, $"run:{run.Id}", summary);

    private static Run Made(string title) => new()
    {
        Title = title, Spec = "{}", Values = "{}", CreatedBy = RunBench.Ada.Ref.ToString(),
        Owner = "group:default/orders", CreatedAt = Noon,
    };

    private async Task<RunBench> StockedAsync()
    {
        var time = new FakeTimeProvider(Noon);
        var bench = await RunBench.CreateAsync(postgres, new BenchSetup { Time = time });
        await using var db = bench.Database.CreateDbContext();
        await db.SaveAuditedAsync(
            time, Cancellation,
            new AuditEntry(RunBench.Ada, "entity.created", "component:default/orders", "first",
                EntityRef.Group("orders")),
            new AuditEntry(RunBench.Ada, "environment.create", "run:1", "said", EntityRef.Group("billing")),
            new AuditEntry(Bo, "environment.created", "environment:x", "made", EntityRef.Group("orders")));
        time.Advance(TimeSpan.FromHours(1));
        await db.SaveAuditedAsync(time, Cancellation,
            new AuditEntry(Actor.System, "entity.updated", "component:default/late", "late"));
        return bench;
    }
}
