using System.Diagnostics.Tracing;
using Azure.Core;
using Microsoft.Extensions.Logging;

namespace Portal.Providers.Azure.Identity;

/// <summary>A credential that knows its name: of the default chain, which link gave the token.</summary>
internal sealed class NamedCredential(
    string instance, string configured, TokenCredential inner, ILogger logger) : TokenCredential
{
    private string? told;

    /// <summary>E.g. <c>ClientSecretCredential</c>; before the first token the configured name.</summary>
    public string Name { get; private set; } = configured.Length == 0 ? "Default" : configured;

    public override async ValueTask<AccessToken> GetTokenAsync(
        TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        var seen = SelectedCredential.Listen();
        var token = await inner.GetTokenAsync(requestContext, cancellationToken);
        Tell(seen.Name ?? (inner.GetType().Name is "DefaultAzureCredential"
            && told is not null ? Name : inner.GetType().Name));
        return token;
    }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        inner.GetToken(requestContext, cancellationToken);

    private void Tell(string name)
    {
        Name = name;
        if (Interlocked.Exchange(ref told, name) != name)
        {
            logger.LogInformation("{Instance}: signed in to Azure with {Credential}", instance, name);
        }
    }
}

/// <summary>Azure.Identity tells which credential of its default chain worked through its event source alone.</summary>
internal sealed class SelectedCredential : EventListener
{
    private static readonly AsyncLocal<Seen?> Current = new();
    private static readonly SelectedCredential Listener = new();

    /// <returns>Gets its name while the caller's asynchronous flow asks for a token.</returns>
    public static Seen Listen()
    {
        GC.KeepAlive(Listener);
        return Current.Value = new Seen();
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Azure-Identity") EnableEvents(eventSource, EventLevel.Informational);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName == "DefaultAzureCredentialCredentialSelected" && Current.Value is { } seen
            && eventData.Payload is [string name, ..])
        {
            seen.Name = name[(name.LastIndexOf('.') + 1)..];
        }
    }

    public sealed class Seen
    {
        public string? Name { get; set; }
    }
}
