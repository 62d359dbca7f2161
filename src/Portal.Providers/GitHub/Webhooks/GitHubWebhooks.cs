using System.Text.Json;
using System.Text.RegularExpressions;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.GitHub.Webhooks;

/// <summary>What GitHub tells of its own accord. What the portal does not follow is taken and left.</summary>
/// <param name="secret">That deliveries are signed with. Empty: none is taken.</param>
/// <param name="runs">Knows more of a workflow run than a delivery tells.</param>
internal sealed partial class GitHubWebhooks(
    string instance, string secret, RunPayload runs, IProviderEvents events) : IWebhookReceiver
{
    public string Instance => instance;

    public string Type => "GitHub";

    public WebhookDelivery Accept(WebhookRequest request)
    {
        if (secret.Length == 0)
        {
            throw ProviderException.NotFound("webhooks-off", $"{instance} takes no webhooks: it has no WebhookSecret.");
        }
        if (!WebhookSignature.Matches(
            secret, request.Body.Span, request.Headers.GetValueOrDefault(WebhookSignature.Header)))
        {
            throw new ProviderException(Error.Forbidden(
                "webhook-signature", "The delivery is not signed with the secret of this webhook."));
        }
        var (id, name) = (
            request.Headers.GetValueOrDefault("x-github-delivery") ?? "",
            request.Headers.GetValueOrDefault("x-github-event") ?? "");
        if (!IdPattern().IsMatch(id) || !EventPattern().IsMatch(name))
        {
            throw ProviderException.Invalid(
                "webhook-unreadable", "The delivery has no X-GitHub-Delivery or X-GitHub-Event.");
        }
        return new WebhookDelivery(
            id, name, WebhookBodyText.Read(request.Body, request.Headers.GetValueOrDefault("content-type")));
    }

    /// <summary>
    /// A name must be followed in the order in which it changed, and a run in the order of its states. Nothing else
    /// depends on it.
    /// </summary>
    public string? OrderedBy(WebhookDelivery delivery)
    {
        if (delivery.Event is not ("repository" or "workflow_run")) return null;
        using var document = JsonDocument.Parse(delivery.Payload);
        var id = delivery.Event == "repository"
            ? document.RootElement.Number("repository", "id") : document.RootElement.Number("workflow_run", "id");
        return id is null ? null : $"{delivery.Event}:{id}";
    }

    public async Task HandleAsync(WebhookDelivery delivery, CancellationToken cancellation)
    {
        using var document = JsonDocument.Parse(delivery.Payload);
        var payload = document.RootElement;
        switch (delivery.Event)
        {
            case "push" when PushPayload.Read(payload) is { } push:
                await events.PushedAsync(instance, push, cancellation);
                break;
            case "workflow_run":
                await runs.TellAsync(
                    payload, run => events.PipelineRunChangedAsync(instance, run, cancellation), cancellation);
                break;
            case "repository" when RepositoryPayload.Read(payload) is { } change:
                await events.RepositoryChangedAsync(instance, change, cancellation);
                break;
            case "pull_request" when OtherPayloads.ReadPullRequest(payload) is { } pull:
                await events.PullRequestChangedAsync(instance, pull, cancellation);
                break;
            case "deployment_status" when OtherPayloads.ReadDeployment(payload) is { } deployment:
                await events.DeploymentChangedAsync(instance, deployment, cancellation);
                break;
            case "membership" when OtherPayloads.ReadTeamMembership(payload) is { } member:
                await events.MembershipChangedAsync(instance, member, cancellation);
                break;
            case "organization" when OtherPayloads.ReadOrganisationMembership(payload) is { } member:
                await events.MembershipChangedAsync(instance, member, cancellation);
                break;
            case "installation" or "installation_repositories":
                await events.AccessChangedAsync(instance, cancellation);
                break;
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,100}\z")]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"^[a-z0-9_]{1,60}\z")]
    private static partial Regex EventPattern();
}
