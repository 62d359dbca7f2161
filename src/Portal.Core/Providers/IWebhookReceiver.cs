namespace Portal.Core.Providers;

/// <summary>Capability: being told by the host what happened there, over HTTP.</summary>
public interface IWebhookReceiver : IProvider
{
    /// <summary>
    /// Checks that the host sent it and reads what it is; does nothing else, and remembers nothing: the same request
    /// again is the same delivery.
    /// </summary>
    /// <exception cref="ProviderException">
    /// Forbidden (<c>webhook-signature</c>) when the host did not send it, whatever else is wrong with it; Invalid
    /// (<c>webhook-unreadable</c>) when it cannot be read; NotFound (<c>webhooks-off</c>) when the instance takes none.
    /// No message says anything of the secret or of what was sent.
    /// </exception>
    WebhookDelivery Accept(WebhookRequest request);

    /// <summary>
    /// Works a delivery off: tells <see cref="IProviderEvents"/>. May be called again for the same one, and then tells
    /// the same again. What the portal does not follow, and what it cannot make sense of, is left. A
    /// <see cref="ProviderException"/> that is transient says that it should be called again.
    /// </summary>
    Task HandleAsync(WebhookDelivery delivery, CancellationToken cancellation);

    /// <summary>
    /// What deliveries have in common that must be worked off in their order of arrival; null where the order does not
    /// matter.
    /// </summary>
    string? OrderedBy(WebhookDelivery delivery) => null;
}

/// <param name="Headers">Names in lower case.</param>
public sealed record WebhookRequest(IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body);

/// <param name="Id">
/// Unique for the delivery, the same when the host sends it again; at most 100 letters, digits, dots, dashes and
/// underscores.
/// </param>
/// <param name="Event">In the host's words: push, workflow_run.</param>
public sealed record WebhookDelivery(string Id, string Event, string Payload);
