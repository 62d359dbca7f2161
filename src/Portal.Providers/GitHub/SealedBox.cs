using Org.BouncyCastle.Crypto.Agreement;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace Portal.Providers.GitHub;

/// <summary>
/// libsodium's sealed box, the form in which GitHub takes secrets: X25519 with a key that is used once, XSalsa20 and Poly1305.
/// What is sealed can be opened by who has the private key alone, not by who sealed it.
/// </summary>
internal static class SealedBox
{
    private const int KeySize = 32;
    private const int TagSize = 16;
    private const int NonceSize = 24;

    /// <param name="publicKey">The recipient's, 32 bytes.</param>
    /// <returns>The once-used public key (32 bytes), the tag (16) and the cipher text.</returns>
    public static byte[] Seal(ReadOnlySpan<byte> message, ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != KeySize) throw new ArgumentException($"A public key has {KeySize} bytes.", nameof(publicKey));
        var secret = new X25519PrivateKeyParameters(new SecureRandom());
        var once = secret.GeneratePublicKey().GetEncoded();
        var sealed_ = new byte[KeySize + TagSize + message.Length];
        once.CopyTo(sealed_, 0);
        var engine = Cipher(SharedKey(secret, publicKey), Nonce(once, publicKey));
        // The first 32 bytes of the stream are the authenticator's key, the rest encrypts.
        var authKey = new byte[KeySize];
        engine.ProcessBytes(authKey, 0, KeySize, authKey, 0);
        engine.ProcessBytes(message.ToArray(), 0, message.Length, sealed_, KeySize + TagSize);
        var mac = new Poly1305();
        mac.Init(new KeyParameter(authKey));
        mac.BlockUpdate(sealed_, KeySize + TagSize, message.Length);
        mac.DoFinal(sealed_, KeySize);
        return sealed_;
    }

    private static XSalsa20Engine Cipher(byte[] key, byte[] nonce)
    {
        var engine = new XSalsa20Engine();
        engine.Init(true, new ParametersWithIV(new KeyParameter(key), nonce));
        return engine;
    }

    /// <summary>HSalsa20 of the agreed point: NaCl's "beforenm".</summary>
    private static byte[] SharedKey(X25519PrivateKeyParameters secret, ReadOnlySpan<byte> publicKey)
    {
        var agreement = new X25519Agreement();
        agreement.Init(secret);
        var point = new byte[KeySize];
        agreement.CalculateAgreement(new X25519PublicKeyParameters(publicKey.ToArray()), point, 0);
        return HSalsa20.Derive(point);
    }

    private static byte[] Nonce(byte[] once, ReadOnlySpan<byte> publicKey)
    {
        var hash = new Blake2bDigest(NonceSize * 8);
        hash.BlockUpdate(once, 0, once.Length);
        hash.BlockUpdate(publicKey.ToArray(), 0, publicKey.Length);
        var nonce = new byte[NonceSize];
        hash.DoFinal(nonce, 0);
        return nonce;
    }
}
