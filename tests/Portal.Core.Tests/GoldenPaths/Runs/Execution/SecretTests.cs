using System.Text.Json.Nodes;
using Portal.Core.GoldenPaths.Runs;
using Portal.Core.Providers;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.GoldenPaths.Runs.Execution;

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
}
