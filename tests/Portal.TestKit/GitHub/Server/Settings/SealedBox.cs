using System.Security.Cryptography;
using Sodium;

namespace Portal.TestKit.GitHub.Server.Settings;

/// <summary>The receiving end of libsodium's <c>crypto_box_seal</c>.</summary>
internal sealed class SealedBox
{
    private readonly KeyPair keys;

    /// <param name="privateKey">Any, unless given.</param>
    public SealedBox(byte[]? privateKey = null) =>
        keys = privateKey is null ? PublicKeyBox.GenerateKeyPair() : PublicKeyBox.GenerateKeyPair(privateKey);

    public byte[] PublicKey => keys.PublicKey;

    /// <returns>Null when the box was not sealed for this key.</returns>
    public byte[]? Open(byte[] box)
    {
        try
        {
            return SealedPublicKeyBox.Open(box, keys);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
