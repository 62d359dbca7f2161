using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Portal.Core.Providers;
using Portal.Providers.GitHub.Webhooks;
using Portal.TestKit.Conformance;

namespace Portal.Providers.Tests.GitHub.Webhooks;

public sealed class GitHubWebhookConformanceTests : WebhookReceiverConformance
{
    private const string Repository =
        """ "repository": { "id": 7, "name": "orders", "full_name": "shop/orders" }, "sender": { "login": "Ada" } """;

    private static readonly string[] Kinds =
        [
            "push", "workflow_run", "repository", "pull_request", "deployment_status", "membership", "organization",
            "check_run"];

    protected override string Secret => "a long and random secret";

    protected override IWebhookReceiver Receiver => Of(Secret);

    protected override IWebhookReceiver? WithoutSecret => Of("");

    protected override string SignatureHeader => "x-hub-signature-256";

    protected override IEnumerable<(string Kind, string Payload)> Misshapen =>
        from kind in Kinds
        from payload in (string[])
        [
            "{}", """{"repository":null}""", """{"repository":"shop/orders","ref":1,"action":{}}""",
            """{"repository":{"full_name":["shop/orders"]}}""",
            """{"repository":{"full_name":"../../etc/passwd"},"ref":"refs/heads/main","action":"created"}""",
            // Half a character: JSON allows it, and text does not.
            """{"repository":{"full_name":"shop/\ud800"},"ref":"refs/heads/\udc00","action":"\ud800"}""",
            $$"""{"ref":"refs/tags/v1","action":"\ud800","pull_request":{"number":1e400},"workflow_run":{"id":"7"},"changes":[],{{Repository}}}""",
            """{"organization":{"login":1},"team":[],"member":{"login":null},"membership":7,"action":"added"}""",
        ]
        select (kind, payload);

    protected override WebhookRequest Signed(
        string id, string kind, ReadOnlyMemory<byte> body, string? secret = null) => new(
            new Dictionary<string, string>
            {
                ["x-github-delivery"] = id, ["x-github-event"] = kind, ["content-type"] = "application/json",
                [SignatureHeader] = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(
                    Encoding.UTF8.GetBytes(secret ?? Secret), body.Span)),
            }, body);

    protected override (string Kind, string Payload) Push(string path) => ("push", $$"""
        { "ref": "refs/heads/main", "before": "{{new string('a', 40)}}", "after": "{{new string('b', 40)}}", "created": false, "forced": false,
          "commits": [ { "added": [{{JsonSerializer.Serialize(path)}}], "modified": [], "removed": [] } ], {{Repository}} }
        """);

    protected override IReadOnlyList<(string Kind, string Payload)> Renames(params string[] names) =>
    [
        .. names.Select(name => ("repository", $$"""
            { "action": "renamed", "changes": { "repository": { "name": { "from": "before" } } },
              "repository": { "id": 7, "name": "{{name}}", "full_name": "shop/{{name}}" } }
            """)),
    ];

    private GitHubWebhooks Of(string secret) =>
        new("github", secret, new RunPayload((_, _) => Task.FromResult<PipelineRunInfo?>(null)), Heard);
}
