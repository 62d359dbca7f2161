using System.Collections.Concurrent;
using System.Text;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.TestKit.Fakes;

/// <summary>
/// Takes webhooks whose header <c>x-signature</c> is <c>right</c>, and notes what it was given to work off.
/// </summary>
public sealed class FakeReceiver(string instance = "forge") : IWebhookReceiver
{
    public string Instance => instance;

    public string Type => "Fake";

    /// <summary>Ids, in the order in which they were handled.</summary>
    public ConcurrentQueue<string> Handled { get; } = new();

    /// <summary>Throws what is to go wrong; called for each attempt.</summary>
    public Action<WebhookDelivery> Work { get; set; } = _ => { };

    public WebhookDelivery Accept(WebhookRequest request)
    {
        if (request.Headers.GetValueOrDefault("x-signature") != "right")
        {
            throw new ProviderException(Error.Forbidden("webhook-signature", "Not signed."));
        }
        if (request.Headers.GetValueOrDefault("x-id") is not { Length: > 0 } id)
        {
            throw ProviderException.Invalid("webhook-unreadable", "No id.");
        }
        return new WebhookDelivery(id, "thing", Encoding.UTF8.GetString(request.Body.Span));
    }

    public Task HandleAsync(WebhookDelivery delivery, CancellationToken cancellation)
    {
        Work(delivery);
        Handled.Enqueue(delivery.Id);
        return Task.CompletedTask;
    }

    /// <summary>What stands before a colon in the payload.</summary>
    public string? OrderedBy(WebhookDelivery delivery) =>
        delivery.Payload.Contains(':') ? delivery.Payload[..delivery.Payload.IndexOf(':')] : null;

    public static WebhookRequest Request(string id, string payload = "payload", string signature = "right") =>
        new(
            new Dictionary<string, string> { ["x-id"] = id, ["x-signature"] = signature },
            Encoding.UTF8.GetBytes(payload));
}
