using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Core.Providers;
using Portal.Providers.GitHub.Webhooks;
using Portal.TestKit.Fakes;
using Portal.TestKit;

namespace Portal.Providers.Tests.GitHub.Webhooks;

/// <summary>
/// Deliveries of the real GitHub and of five releases of its Enterprise Server, as people sent them in
/// (<c>@octokit/webhooks-examples</c>): each is understood or left, none fails.
/// </summary>
public sealed class ExampleDeliveriesTests
{
    private const string Secret = "a long and random secret";

    private static readonly string[] Servers =
    [
        "api.github.com", "ghes-31", "ghes-32", "ghes-33", "ghes-34", "ghes-35"
    ];

    private static readonly Lazy<Task<Dictionary<string, (string Event, JsonObject Payload)>>> Examples =
        new(LoadAsync);

    private readonly HeardEvents events = new();

    public static async Task<TheoryData<string>> Names() => [.. (await Examples.Value).Keys];

    [Theory]
    [MemberData(nameof(Names), DisableDiscoveryEnumeration = true)]
    public async Task Delivery_OfTheRealGitHub_IsUnderstoodOrLeft(string name)
    {
        var (kind, payload) = (await Examples.Value)[name];
        var receiver = new GitHubWebhooks(
            "github", Secret, new RunPayload((_, _) => Task.FromResult<PipelineRunInfo?>(null)), events);
        var body = Encoding.UTF8.GetBytes(payload.ToJsonString());
        var delivery = receiver.Accept(new WebhookRequest(new Dictionary<string, string>
        {
            ["x-github-delivery"] = "72d3162e-cc78-11e3-81ab-4c9367dc0958", ["x-github-event"] = kind,
            ["content-type"] = "application/json",
            ["x-hub-signature-256"] =
                $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body))}",
        }, body));

        _ = receiver.OrderedBy(delivery);
        await receiver.HandleAsync(delivery, TestContext.Current.CancellationToken);

        Assert.Equal(
            Expected(kind, (string?)payload["action"], payload), events.All.Select(e => e.GetType()).SingleOrDefault());
    }

    [Fact]
    public async Task Examples_OfThePackage_AreAllThere()
    {
        var examples =
            (await Examples.Value).Where(e => e.Key.StartsWith("api.github.com", StringComparison.Ordinal)).ToList();

        Assert.Equal((329, 58), (examples.Count, examples.Select(e => e.Value.Event).Distinct().Count()));
    }

    /// <summary>What the portal is told of it; null for what it does not follow.</summary>
    private static Type? Expected(string kind, string? action, JsonObject payload) => (kind, action) switch
    {
        ("push", _) => ((string)payload["ref"]!).StartsWith("refs/heads/", StringComparison.Ordinal)
            ? typeof(RepositoryPush)
            : null,
        ("workflow_run", _) => typeof(PipelineRunInfo),
        // The renamed one of the examples has the same name as before.
        ("repository", "created" or "archived" or "unarchived" or "deleted"
            or "transferred") => typeof(RepositoryChange),
        ("pull_request", "opened" or "reopened" or "closed") => typeof(PullRequestChange),
        ("deployment_status", _) => typeof(HostDeployment),
        // Its team is gone, and with it the name.
        ("membership", "removed") when payload["team"]!["deleted"] is not null => null,
        ("membership", _) or ("organization", "member_added" or "member_removed") => typeof(MembershipChange),
        ("installation" or "installation_repositories", _) => typeof(string),
        _ => null,
    };

    private static async Task<Dictionary<string, (string Event, JsonObject Payload)>> LoadAsync()
    {
        var modules = await NpmPackages.EnsureAsync(RepositoryRoot.Combine("tests", "Portal.TestKit", "GitHub"));
        var examples = new Dictionary<string, (string, JsonObject)>(StringComparer.Ordinal);
        foreach (var server in Servers)
        {
            await using var file =
                File.OpenRead(Path.Combine(modules, "@octokit", "webhooks-examples", server, "index.json"));
            foreach (var kind in (await JsonNode.ParseAsync(file))!.AsArray())
            {
                var name = (string)kind!["name"]!;
                foreach (var (index, payload) in kind["examples"]!.AsArray()
                    .Index()) examples[$"{server} {name} {index}"] = (name, payload!.AsObject());
            }
        }
        return examples;
    }
}
