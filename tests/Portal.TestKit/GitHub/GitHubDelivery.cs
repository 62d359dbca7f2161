using System.Text.Json.Nodes;

namespace Portal.TestKit.GitHub;

/// <summary>One webhook that the world has sent.</summary>
/// <param name="Id">X-GitHub-Delivery; the same when it is sent again.</param>
/// <param name="Status">Of the answer; 0 = nobody answered.</param>
public sealed record GitHubDelivery(
    string Id, string Event, string? Action, Uri Address, string Body, string Signature, int Status, bool IsRedelivery)
{
    public JsonNode Payload => JsonNode.Parse(Body)!;
}
