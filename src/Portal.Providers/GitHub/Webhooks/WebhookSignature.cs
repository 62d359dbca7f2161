using System.Security.Cryptography;
using System.Text;

namespace Portal.Providers.GitHub.Webhooks;

/// <summary>GitHub's <c>X-Hub-Signature-256</c>: <c>sha256=</c> and the HMAC of the body in hexadecimal.</summary>
internal static class WebhookSignature
{
    public const string Header = "x-hub-signature-256";

    private const string Prefix = "sha256=";

    /// <summary>How long it takes does not depend on how much of it is right. An empty secret signs nothing.</summary>
    public static bool Matches(string secret, ReadOnlySpan<byte> body, string? signature)
    {
        if (secret.Length == 0 || signature is null || !signature.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var hex = signature.AsSpan(Prefix.Length);
        if (hex.Length != 2 * given.Length
            || Convert.FromHexString(hex, given, out _, out _) != System.Buffers.OperationStatus.Done) return false;
        Span<byte> right = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body, right);
        return CryptographicOperations.FixedTimeEquals(given, right);
    }
}
