using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths;
using Portal.Core.GoldenPaths.Templates;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Runs.Masking;
using Portal.Core.Shared;
using Portal.TestKit.Fakes;
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
        bench.World.At =
            (point, id, _) => point == WorldPoint.BeforeMade && id.Contains("-two-", StringComparison.Ordinal)
                ? throw ProviderException.Invalid("no", $"I will not take {bench.World.Echo}.") : Task.CompletedTask;

        await bench.ExecuteAsync(run);

        var view = await bench.ReadAsync(run);
        Assert.Equal(RunStatus.Failed, view.Run.Status);
        Assert.Contains("***", view.Run.Failure, StringComparison.Ordinal);
        Assert.Contains("***", view.Steps[0].Output, StringComparison.Ordinal);
        Assert.Contains("***", view.Changes[0].Arguments, StringComparison.Ordinal);
        Assert.Contains("***", view.Changes[0].Result, StringComparison.Ordinal);
        Assert.Contains(
            await bench.EventsAsync(run), e => e.Message.StartsWith("it says ***", StringComparison.Ordinal));
        Assert.NotNull(view.Run.Secrets);
        var dump = await bench.DumpAsync();
        Assert.All(echoes, echo => Assert.DoesNotContain(echo, dump, StringComparison.Ordinal));
        // As a text inside a row's text inside JSON.
        Assert.All(echoes, echo => Assert.DoesNotContain(
            echo.Replace("\"", "\\\"", StringComparison.Ordinal), dump, StringComparison.Ordinal));
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
        var made = new Portal.Templating.TemplateEngine().Parse($"${{{{ s | {filter} }}}}", "t")
            .Render(new Portal.Templating.TemplateContext().Set("s", Portal.Templating.Value.From(secret)));
        await using var bench = await RunBench.CreateAsync(postgres);
        var step = new StepSpec(
            "one", "Make one", "test:make",
            new JsonObject { ["name"] = "one", ["secret"] = $"pre ${{{{ secrets.password | {filter} }}}} post" });
        var run = await bench.StartAsync([step, new StepSpec(
            "two", "Say", "debug:log", new JsonObject { ["message"] = "${{ steps.one.output.echo }}" })], secret);
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
        var run = await bench.StartAsync([new StepSpec("ask", "Ask", "wait:approval", new JsonObject
        {
            ["approvers"] = new JsonArray("platform"),
            ["question"] = "May ${{ secrets.password | upper }} or ${{ secrets.password }} be used?"
        })], secret);

        await bench.ExecuteAsync(run);

        Assert.Equal(RunStatus.Waiting, (await bench.ReadAsync(run)).Run.Status);
        Assert.Equal(
            "May *** or *** be used?", (string?)JsonNode.Parse((await bench.ReadAsync(run)).Run.Wait!)!["title"]);
        var dump = await bench.DumpAsync();
        Assert.DoesNotContain("line of it", dump, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Execute_EventNamedByASecret_IsRefused()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await bench.StartAsync(
            [new StepSpec("wait", "Wait", "wait:event", new JsonObject { ["event"] = "${{ secrets.password }}" })],
            "correct-horse");

        await bench.ExecuteAsync(run);

        Assert.Equal(
            "Step 'wait': what is waited for, and who answers, stands on the run's page, so it may hold no secret.",
            (await bench.ReadAsync(run)).Run.Failure);
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

    /// <summary>What comes back from outside holds what was sent there, and is read by the next step.</summary>
    [Theory]
    [InlineData("${{ steps.one.output.echo | reverse }}")]
    [InlineData("${{ steps.one.output.echo.split('') | reverse | join('.') }}")]
    [InlineData("{% for c in steps.one.output.echo %}${{ c }}_{% endfor %}")]
    [InlineData("${{ steps.one.output.echo | slice(4) }}")]
    public async Task Execute_WhatAStepMakesOfAnothersOutput_StandsNowhereInTheDatabase(string message)
    {
        const string secret = "Q7-hunter2-zx-K9";
        await using var bench = await RunBench.CreateAsync(postgres);
        var run =
            await bench.StartAsync([Make("one", "${{ secrets.password }}"), Say("two", "It is " + message)], secret);
        bench.World.Echo = secret;

        await bench.ExecuteAsync(run);

        Assert.Null((await bench.ReadAsync(run)).Run.Failure);
        AssertGone(secret, await bench.DumpAsync());
        Assert.Contains(
            await bench.EventsAsync(run),
            e => e.StepId == "two" && e.Message.Contains("***", StringComparison.Ordinal));
    }

    /// <summary>A list, and its items one after the other.</summary>
    [Fact]
    public async Task Execute_EachOverPiecesOfASecret_ShowsNone()
    {
        const string secret = "hunter2-correct-horse";
        await using var bench = await RunBench.CreateAsync(postgres);
        var each = new StepSpec("two", "Say", "debug:log", new JsonObject { ["message"] = "${{ each.value | upper }}" })
        {
            Each = "${{ steps.one.output.echo.split('-') }}"
        };
        var run = await bench.StartAsync([Make("one", "${{ secrets.password }}"), each], secret);
        bench.World.Echo = secret;

        await bench.ExecuteAsync(run);

        Assert.Equal(["***", "***", "***"], (await bench.EventsAsync(run)).Where(
            e => e is { StepId: "two", Type: RunEventType.Log }).Select(e => e.Message));
        Assert.DoesNotContain("horse", await bench.DumpAsync(), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Too short to be found anywhere: what holds it is left out.</summary>
    [Theory]
    [InlineData("${{ secrets.password | first }}", "***")]
    [InlineData("It begins with ${{ secrets.password | first }}.", "It begins with ***.")]
    [InlineData("${{ secrets.password.split('') }}", "[\"***\",\"***\",\"***\",\"***\",\"***\",\"***\",\"***\"]")]
    [InlineData("Shop {% if secrets.password %}is open{% endif %}", "Shop is open")]
    [InlineData("${{ secrets.password | length > 3 }}", "true")]
    public async Task Execute_WhatIsTooShortToBeFound_IsLeftOut(string message, string shown)
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await bench.StartAsync([Say("one", message)], "Qxyzvwk");

        await bench.ExecuteAsync(run);

        Assert.Equal(
            shown, (await bench.EventsAsync(run)).Single(e => e is { StepId: "one", Type: RunEventType.Log }).Message);
    }

    [Fact]
    public async Task Execute_ExpressionThatFailsWithASecretsValue_SaysWhereAndNotWhy()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await bench.StartAsync(
            [Say("one", "${{ {'known': 1}[secrets.password | reverse]['b'] | round(secrets.password) }}")],
            "hunter2-correct");

        await bench.ExecuteAsync(run);

        Assert.DoesNotContain("tcerroc", await bench.DumpAsync(), StringComparison.Ordinal);
    }

    /// <summary>Rendered into files, read again, and said.</summary>
    [Theory]
    [InlineData("key: ${{ values.key | reverse }}")]
    [InlineData("{% for c in values.key %}${{ c }}\n{% endfor %}")]
    [InlineData("{% set k = values.key %}${{ k.replace('-', '') | upper }}")]
    public async Task Execute_WhatASkeletonMakesOfASecret_IsShownNeitherThenNorInALaterAttemptNorInThePlan(string file)
    {
        const string secret = "hunter2-correct-horse";
        using var template = new TemplateOnDisk("""
              parameters:
                - title: It
                  properties: { password: { type: string, ui:field: Secret } }
              steps:
                - { id: files, name: Files, action: 'fetch:template', input: { url: ./skeleton, values: { key: '${{ secrets.password }}' } } }
                - { id: read, name: Read, action: 'fs:read', input: { path: a.txt } }
                - { id: make, name: Make, action: 'test:make', input: { name: it } }
                - { id: say, name: Say, action: 'debug:log', input: { message: 'It holds ${{ steps.read.output.content }}', listWorkspace: with-contents } }
            """, ("skeleton/a.txt", file));
        await using var bench = await RunBench.CreateAsync(postgres, new BenchSetup
        {
            Settings = new Dictionary<string, string?> { ["Portal:Templates:Sources:0"] = template.Path }
        });
        var version = (await bench.Get<TemplateCatalogue>().FindVersionAsync(
            new EntityRef("template", "default", "example"), CancellationToken.None)).Value;
        var plan = (await bench.Get<PlanRun>().PlanAsync(
            version.Propose([], new JsonObject { ["password"] = secret }, RunBench.Ada.Ref), RunBench.Ada,
            CancellationToken.None)).Value;
        var made =
            new Portal.Templating.TemplateEngine().Parse(file, "t").Render(new Portal.Templating.TemplateContext().Set(
                "values", Portal.Templating.Value.From(new JsonObject { ["key"] = secret })));
        AssertGone(made, string.Join('\n', plan.Log.Select(l => l.Message)) + plan.Workspace.ReadText("a.txt"));

        var started = await bench.Get<CreateFromTemplate>().ExecuteAsync(
            new CreateRequest(version.Ref, [], new JsonObject { ["password"] = secret }), RunBench.Ada,
            CancellationToken.None);
        bench.World.BreakBefore = ProviderException.Invalid("no", "no");
        await bench.ExecuteAsync(started.Value);
        Assert.Equal(RunStatus.Failed, (await bench.ReadAsync(started.Value)).Run.Status);
        // What the finished step made is known by what was kept, and comes back from outside.
        bench.World.Echo = $"I keep {made}";
        Assert.True((await bench.Get<RetryRun>().ExecuteAsync(
            started.Value, new RetryRunRequest(), RunBench.Ada, CancellationToken.None)).IsOk);
        await bench.ExecuteAsync(started.Value);

        Assert.Null((await bench.ReadAsync(started.Value)).Run.Failure);
        AssertGone(made, await bench.DumpAsync());
        Assert.Null((await bench.ReadAsync(started.Value)).Run.MadeOfSecrets);
    }

    [Fact]
    public async Task Undo_ProviderThatRepeatsWhatWasMadeOfTheSecret_ShowsItNowhere()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var run = await bench.StartAsync(
            [Make("one", "${{ secrets.password | reverse }}"), Make("two", "x")], "correct-horse");
        bench.World.At = (point, id, _) => (point, id.Contains("-two-", StringComparison.Ordinal)) switch
        {
            (WorldPoint.BeforeMade, true) => throw ProviderException.Invalid("no", "no"),
            (WorldPoint.BeforeRemoved, _) => throw ProviderException.Invalid("kept", "I keep it for esroh-tcerroc."),
            _ => Task.CompletedTask,
        };
        await bench.ExecuteAsync(run);
        Assert.True((await bench.Get<UndoRun>().StartAsync(run, RunBench.Ada, CancellationToken.None)).IsOk);

        await bench.ExecuteAsync(run);

        Assert.Contains("I keep it for ***", (await bench.ReadAsync(run)).Run.Failure, StringComparison.Ordinal);
        Assert.DoesNotContain("esroh-tcerroc", await bench.DumpAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void StandIns_Always_DifferAtEveryPlaceAndFromEveryLetterOfTheOther()
    {
        var (one, other) = (SecretWatch.StandIns[0], SecretWatch.StandIns[1]);
        Assert.All(
            one.Zip(other),
            pair => Assert.NotEqual(char.ToUpperInvariant(pair.First), char.ToUpperInvariant(pair.Second)));
        Assert.NotEqual(one.Length, other.Length);
        Assert.NotEqual(char.ToUpperInvariant(one[^1]), char.ToUpperInvariant(other[^1]));
    }

    private static StepSpec Make(string id, string secret) =>
        new(id, $"Make {id}", "test:make", new JsonObject { ["name"] = id, ["secret"] = secret });

    private static StepSpec Say(string id, string message) =>
        new(id, "Say", "debug:log", new JsonObject { ["message"] = message });

    /// <summary>Neither as it is nor backwards, whatever stands between its letters.</summary>
    private static void AssertGone(string text, string shown)
    {
        var bare = Bare(shown);
        foreach (var line in text.Split('\n').Append(text).Select(Bare).Where(l => l.Length > 5))
        {
            Assert.DoesNotContain(line, bare, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(new string([.. line.Reverse()]), bare, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static string Bare(string text) =>
        new([.. text.Replace("\\n", "", StringComparison.Ordinal).Where(char.IsLetterOrDigit)]);
}
