using System.Text;
using System.Text.Json;

namespace Portal.Providers.Http;

/// <summary>
/// Takes the secrets of a request out of a text, also those that the provider echoes in another writing.
/// </summary>
internal sealed class Redaction(HttpRequestMessage request)
{
    private const string Mark = "***";

    /// <summary>Parts of the names of headers and query parameters whose values nobody may read.</summary>
    private static readonly string[] Secret =
        ["auth", "token", "secret", "password", "cookie", "signature", "credential", "key", "code", "sig"];

    /// <summary>Where a request went, without its query and without a name and password in the address.</summary>
    public static string Address(HttpRequestMessage request) => request.RequestUri switch
    {
        null => "",
        { IsAbsoluteUri: true } address =>
            address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped),
        var relative => relative.OriginalString.Split('?', '#')[0],
    };

    /// <summary>The secrets are looked up now: handlers add headers until the request goes out.</summary>
    public string Clean(string text) =>
        Secrets().SelectMany(Writings).Where(s => s.Length >= 4).Distinct(StringComparer.Ordinal)
        .OrderByDescending(s => s.Length).Aggregate(
            text, (cleaned, secret) => cleaned.Replace(secret, Mark, StringComparison.OrdinalIgnoreCase));

    private IEnumerable<string> Secrets()
    {
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            if (!IsSecret(name)) continue;
            foreach (var value in values)
            {
                yield return value;
                // "Bearer abc": the scheme is no secret, the rest is.
                foreach (var part in value.Split([' ', ';', ','], StringSplitOptions.RemoveEmptyEntries).Skip(1))
                {
                    yield return part;
                }
                if (request.Headers.Authorization is { Scheme: "Basic", Parameter: { } pair })
                {
                    foreach (var part in Pair(pair)) yield return part;
                }
            }
        }
        if (request.RequestUri is not { IsAbsoluteUri: true } address) yield break;
        foreach (var part in address.UserInfo.Split(':')) yield return Uri.UnescapeDataString(part);
        foreach (var parameter in address.Query.TrimStart('?').Split('&'))
        {
            if (parameter.Split('=', 2) is [var name, var value] && IsSecret(name))
            {
                yield return Uri.UnescapeDataString(value);
            }
        }
    }

    private static bool IsSecret(string name) =>
        !name.Contains("idempotency", StringComparison.OrdinalIgnoreCase)
            && Secret.Any(s => name.Contains(s, StringComparison.OrdinalIgnoreCase));

    private static string[] Pair(string base64)
    {
        Span<byte> bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes[..length]).Split(':', 2) : [];
    }

    private static IEnumerable<string> Writings(string secret) =>
    [
        secret, Uri.EscapeDataString(secret), JsonEncodedText.Encode(secret)
            .ToString(), Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)),
        Convert.ToHexString(Encoding.UTF8.GetBytes(secret)),
    ];
}
