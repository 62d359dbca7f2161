using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Core.Providers;

namespace Portal.Providers.GitHub.Webhooks;

/// <summary>
/// The payload in a body: JSON as such, or as the form field <c>payload</c>, which GitHub's page for webhooks offers
/// first.
/// </summary>
internal static class WebhookBodyText
{
    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ProviderException">Invalid (<c>webhook-unreadable</c>).</exception>
    public static string Read(ReadOnlyMemory<byte> body, string? contentType)
    {
        try
        {
            var text = Strict.GetString(body.Span);
            if (IsForm(contentType))
            {
                text = QueryHelpers.ParseQuery(text).TryGetValue("payload", out var payload) ? payload.ToString() : "";
            }
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? text : throw Unreadable();
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException)
        {
            throw Unreadable();
        }
    }

    private static bool IsForm(string? contentType) =>
        contentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;

    private static ProviderException Unreadable() =>
        ProviderException.Invalid("webhook-unreadable", "The delivery is no JSON object.");
}
