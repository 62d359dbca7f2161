using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Runs.Execution;

/// <summary>A run that is given a secret, and a provider that repeats it in every way.</summary>
public sealed class SecretTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("correct horse battery")]
    [InlineData("p@ss \"wörd\"/+<&>")]
    public async Task Execute_ProviderThatRepeatsTheSecretEncoded_LeavesItNowhereInTheDatabase(string secret)
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await bench.StartAsync("one", "two");
        await bench.GiveSecretAsync(run, secret);
        var echoes = SecretRedactorTests.Echoes(secret).ToList();
        bench.World.Echo = string.Join(" | ", echoes);
        bench.World.At = (point, id, _) => point == WorldPoint.BeforeMade && id.Contains("-two-", StringComparison.Ordinal)
            ? throw ProviderException.Invalid("no", $"I will not take {bench.World.Echo}.") : Task.CompletedTask;

        await bench.ExecuteAsync(run);

        var view = await bench.ReadAsync(run);
        Assert.Equal(RunStatus.Failed, view.Run.Status);
        Assert.Contains("***", view.Run.Failure, StringComparison.Ordinal);
        Assert.Contains("***", view.Steps[0].Output, StringComparison.Ordinal);
        Assert.Contains("***", view.Changes[0].Arguments, StringComparison.Ordinal);
        Assert.Contains("***", view.Changes[0].Result, StringComparison.Ordinal);
        Assert.Contains(await bench.EventsAsync(run), e => e.Message.StartsWith("it says ***", StringComparison.Ordinal));
        Assert.NotNull(view.Run.Secrets);
        var dump = await bench.DumpAsync();
        Assert.All(echoes, echo => Assert.DoesNotContain(echo, dump, StringComparison.Ordinal));
        // As a text inside a row's text inside JSON.
        Assert.All(echoes, echo => Assert.DoesNotContain(echo.Replace("\"", "\\\"", StringComparison.Ordinal), dump, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("1234")]
    [InlineData("\"},{\"")]
    public async Task Execute_SecretThatLooksLikeJson_CompletesAndEverythingStaysJson(string secret)
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await bench.StartAsync("one");
        await bench.GiveSecretAsync(run, secret);
        bench.World.Echo = secret;

        await bench.ExecuteAsync(run);

        var view = await bench.ReadAsync(run);
        Assert.Equal((RunStatus.Completed, null), (view.Run.Status, view.Run.Failure));
        Assert.Equal("***", (string?)JsonNode.Parse(view.Changes[0].Arguments)!["secret"]);
        Assert.Equal("***", (string?)JsonNode.Parse(view.Changes[0].Result!)!["echo"]);
    }

    /// <summary>Whatever filters make of it, a host may give back.</summary>
    [Theory]
    [InlineData("upper")]
    [InlineData("lower")]
    [InlineData("reverse")]
    [InlineData("trim")]
    [InlineData("replace('-', '_')")]
    [InlineData("truncate(9, true, '')")]
    [InlineData("urlencode")]
    [InlineData("dump")]
    public async Task Execute_WhatAFilterMadeOfTheSecret_StandsNowhereInTheDatabase(string filter)
    {
        const string secret = "Q7-hunter2-zÄ x-K9";
        var made = new Portal.Templating.TemplateEngine().Parse($"${{{{ s | {filter} }}}}", "t").Render(new Portal.Templating.TemplateContext().Set("s", Portal.Templating.Value.From(secret)));
        await using var bench = await RunBench.CreateAsync(postgres);
        var step = new StepSpec("one", "Make one", "test:make", new JsonObject { ["name"] = "one", ["secret"] = $"pre ${{{{ secrets.password | {filter} }}}} post" });
        var run = await bench.StartAsync([step, new StepSpec("two", "Say", "debug:log", new JsonObject { ["message"] = "${{ steps.one.output.echo }}" })], secret);
        bench.World.Echo = $"I got {made}!";

        await bench.ExecuteAsync(run);

        Assert.Null((await bench.ReadAsync(run)).Run.Failure);
        Assert.DoesNotContain(made, await bench.DumpAsync(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains(await bench.EventsAsync(run), e => e.Message == "it says I got ***!");
    }

    [Fact]
    public async Task Execute_WaitWhoseTitleHoldsTheSecret_ShowsItNeitherOnThePageNorInTheRecord()
    {
        const string secret = "first line of it\nsecond line of it";
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await bench.StartAsync([new StepSpec("ask", "Ask", "wait:approval", new JsonObject { ["approvers"] = new JsonArray("platform"), ["question"] = "May ${{ secrets.password | upper }} or ${{ secrets.password }} be used?" })]);
        await bench.GiveSecretAsync(run, secret);

        await bench.ExecuteAsync(run);

        Assert.Equal(RunStatus.Waiting, (await bench.ReadAsync(run)).Run.Status);
        Assert.Equal("May *** or *** be used?", (string?)JsonNode.Parse((await bench.ReadAsync(run)).Run.Wait!)!["title"]);
        var dump = await bench.DumpAsync();
        Assert.DoesNotContain("line of it", dump, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Execute_EventNamedByASecret_IsRefused()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await bench.StartAsync([new StepSpec("wait", "Wait", "wait:event", new JsonObject { ["event"] = "${{ secrets.password }}" })], "correct-horse");

        await bench.ExecuteAsync(run);

        Assert.Equal("Step 'wait': what is waited for, and who answers, stands on the run's page, so it may hold no secret.", (await bench.ReadAsync(run)).Run.Failure);
    }

    [Fact]
    public async Task Undo_ProviderThatRepeatsTheSecret_ShowsItNowhere()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await bench.StartAsync("one", "two");
        await bench.GiveSecretAsync(run, "correct-horse");
        bench.World.At = (point, id, _) => (point, id.Contains("-two-", StringComparison.Ordinal)) switch
        {
            (WorldPoint.BeforeMade, true) => throw ProviderException.Invalid("no", "no"),
            (WorldPoint.BeforeRemoved, _) => throw ProviderException.Invalid("kept", "I keep it for correct-horse."),
            _ => Task.CompletedTask,
        };
        await bench.ExecuteAsync(run);
        Assert.True((await bench.Get<UndoRun>().StartAsync(run, RunBench.Ada, CancellationToken.None)).IsOk);

        await bench.ExecuteAsync(run);

        Assert.Contains("I keep it for ***", (await bench.ReadAsync(run)).Run.Failure, StringComparison.Ordinal);
        Assert.DoesNotContain("correct-horse", await bench.DumpAsync(), StringComparison.Ordinal);
    }
}
