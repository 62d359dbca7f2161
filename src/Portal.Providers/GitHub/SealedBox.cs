using Sodium;

namespace Portal.Providers.GitHub;

/// <summary>
/// libsodium's sealed box, the form in which GitHub takes secrets. What is sealed can be opened by who has the
/// private key alone, not by who sealed it.
/// </summary>
internal static class SealedBox
{
    private const int KeySize = 32;

    /// <param name="publicKey">The recipient's, 32 bytes.</param>
    public static byte[] Seal(byte[] message, byte[] publicKey) => publicKey.Length == KeySize
        ? SealedPublicKeyBox.Create(message, publicKey)
        : throw new ArgumentException($"A public key has {KeySize} bytes.", nameof(publicKey));
}
