using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Portal.Core.Shared;
using Portal.TestKit;
using Portal.Web.GoldenPaths;

namespace Portal.Web.Tests.Requests;

/// <summary>Plans and dry runs of one person have a limit, and end when nobody waits for them.</summary>
public sealed class PlanLimitsTests(BusyPortal busy) : IClassFixture<BusyPortal>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DryRun_WhoseClientLeaves_EndsAndGivesItsPlaceBack()
    {
        using var ada = await busy.Portal.ClientAsync("ada");
        using var ben = await busy.Portal.ClientAsync("ben");
        using var leaving = new CancellationTokenSource();
        var slow = SlowAsync();
        await Eventually.TrueAsync(async () =>
        {
            // The look may have come first, and had the one place.
            if (slow.IsCompleted) slow = SlowAsync();
            return await StatusAsync(ada) == HttpStatusCode.TooManyRequests && !slow.IsCompleted;
        }, "the dry run to be under way");
        using var refused = await ada.PostAsJsonAsync("/api/scaffolder/v2/dry-run", Body(1, "x"), Cancellation);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains("under way", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(ben));

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);

        // It would go on for minutes.
        await Eventually.TrueAsync(
            async () => await StatusAsync(ada) == HttpStatusCode.OK, "the place of the dry run that was left",
            TimeSpan.FromSeconds(30));

        Task<HttpResponseMessage> SlowAsync() => ada.PostAsJsonAsync(
            "/api/scaffolder/v2/dry-run", Body(400, "{% for i in range(0, 900000) %}{% endfor %}"), leaving.Token);
    }

    [Fact]
    public void Take_MoreThanAMinuteHas_IsRefusedUntilLater()
    {
        using var limits =
            new PlanLimits(Options.Create(new PlanOptions { AtOncePerPerson = 10, PerMinutePerPerson = 3 }));
        for (var i = 0; i < 3; i++) limits.Take("user:default/ada").Value.Dispose();

        Assert.False(limits.Take("user:default/ada").TryGet(out _, out var refused));

        Assert.Equal("too-many-plans", refused.Code);
        Assert.True(refused.RetryAfter > TimeSpan.Zero);
        Assert.True(limits.Take("user:default/ben").IsOk);
    }

    /// <summary>The page and the API count by the same person.</summary>
    [Fact]
    public async Task Count_WhileOneIsUnderWay_RefusesTheNextAndTakesItAfter()
    {
        using var limits = new PlanLimits(Options.Create(new PlanOptions { AtOncePerPerson = 1 }));
        var (ada, held) = (new Actor(EntityRef.User("ada"), "Ada", []), new TaskCompletionSource<Result<int>>());
        var first = limits.CountAsync(ada, () => held.Task);

        Assert.Equal(
            "too-many-plans", (await limits.CountAsync(ada, () => Task.FromResult<Result<int>>(2))).Error?.Code);
        held.SetResult(1);
        Assert.Equal(1, (await first).Value);
        Assert.Equal(3, (await limits.CountAsync(ada, () => Task.FromResult<Result<int>>(3))).Value);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var answer = await client.PostAsJsonAsync("/api/scaffolder/v2/dry-run", Body(1, "x"), Cancellation);
        return answer.StatusCode;
    }

    private static JsonObject Body(int steps, string message) => new()
    {
        ["template"] = new JsonObject
        {
            ["apiVersion"] = "scaffolder.backstage.io/v1beta3", ["kind"] = "Template",
            ["metadata"] = new JsonObject { ["name"] = "slow", ["title"] = "Slow" },
            ["spec"] = new JsonObject
            {
                ["owner"] = "group:default/orders", ["type"] = "other", ["parameters"] = new JsonArray(),
                ["steps"] = new JsonArray([.. Enumerable.Range(0, steps).Select(i => new JsonObject
                {
                    ["id"] = $"s{i}", ["name"] = "Say", ["action"] = "debug:log",
                    ["input"] = new JsonObject { ["message"] = message },
                })]),
            },
        },
        ["values"] = new JsonObject(), ["secrets"] = new JsonObject(), ["directoryContents"] = new JsonArray(),
    };
}

/// <summary>A portal where one person has one plan at once.</summary>
public sealed class BusyPortal : IAsyncLifetime
{
    public LivePortal Portal { get; } = new() { Settings = ["--Portal:Plans:AtOncePerPerson=1"] };

    public ValueTask InitializeAsync() => Portal.InitializeAsync();

    public ValueTask DisposeAsync() => Portal.DisposeAsync();
}
