using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.E2E.Tests.Hosting;

namespace Portal.E2E.Tests.Pages;

/// <summary>What was changed is told, in a chain that nobody can mend in secret.</summary>
public sealed class ActivityTests(SharedPortal shared)
{
    [Fact]
    public async Task Activity_AfterAServiceWasCreated_TellsEveryChange()
    {
        var run = await shared.HandbookAsync();
        using var client = await (await shared.PortalAsync()).ClientAsync("ben");
        var subject = $"run:{run["run"]!["id"]}";

        var list = await client.GetFromJsonAsync<JsonObject>($"/api/v1/activity?subject={subject}");

        var actions = list!["items"]!.AsArray().Select(e => e!["action"]!.GetValue<string>()).Reverse().ToList();
        Assert.Equal(
        [
            "run.started", "repository.create", "catalog.register", "pipeline.trigger", "environment.create",
            "run.completed"
        ], actions);
        Assert.All(
            list["items"]!.AsArray().Skip(1), e => Assert.Equal("user:default/ada", e!["actor"]!.GetValue<string>()));
        Assert.All(
            list["items"]!.AsArray(), e => Assert.Equal("group:default/orders", e!["owner"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Activity_OnceAsked_TellsEachChangeOnce()
    {
        await shared.HandbookAsync();
        using var client = await (await shared.PortalAsync()).ClientAsync("ben");

        var once = await AboutAsync(client, "&once=true");

        Assert.Equal(
            "environment.created",
            Assert.Single(once, e => e.Summary.StartsWith("Created environment dev", StringComparison.Ordinal)).Action);
        Assert.DoesNotContain(once, e => e.Action == "catalog.register");
        Assert.Contains(once, e => e.Action == "entity.created");
        Assert.Equal(["environment.create", "environment.created"], (await AboutAsync(client, ""))
            .Where(e => e.Summary.StartsWith("Created environment dev", StringComparison.Ordinal)).Select(e => e.Action)
            .Order(StringComparer.Ordinal));
    }

    private static async Task<List<(string Action, string Summary)>> AboutAsync(HttpClient client, string query)
    {
        var list = await client.GetFromJsonAsync<JsonObject>($"/api/v1/activity?search=handbook&limit=500{query}");
        return [.. list!["items"]!.AsArray().Select(e => (Text(e!["action"])!, Text(e["summary"])!))];
    }

    [Fact]
    public async Task Chain_OfAllEvents_Holds()
    {
        await shared.HandbookAsync();
        var portal = await shared.PortalAsync();
        await using var db =
            await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        var before = AuditTrail.Genesis;
        var events = await db.Set<AuditEvent>().AsNoTracking().OrderBy(e => e.Number).ToListAsync();

        Assert.True(events.Count > 5, $"Only {events.Count} events.");
        foreach (var e in events)
        {
            Assert.Equal(e.Hash, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(e.Canonical))));
            var told = JsonNode.Parse(e.Canonical)!;
            Assert.Equal(before, told["before"]!.GetValue<string>());
            Assert.Equal(
                (e.Actor, e.Action, e.Subject, e.Summary),
                (Text(told["actor"]), Text(told["action"]), Text(told["subject"]), Text(told["summary"])));
            before = e.Hash;
        }
    }

    private static string? Text(JsonNode? node) => node?.GetValue<string>();
}
