using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math.EC.Rfc7748;

namespace Portal.Providers.GitHub;

/// <summary>
/// Encrypts for the holder of a key, as libsodium's <c>crypto_box_seal</c> does: the form in which GitHub takes secrets. Whoever has
/// sealed it cannot open it again.
/// </summary>
internal static class SealedBox
{
    private const int KeySize = 32;
    private const int NonceSize = 24;
    private const int TagSize = 16;

    /// <param name="publicKey">32 bytes, X25519.</param>
    public static byte[] Seal(ReadOnlySpan<byte> message, ReadOnlySpan<byte> publicKey)
    {
        Span<byte> once = stackalloc byte[KeySize];
        RandomNumberGenerator.Fill(once);
        try
        {
            return Seal(message, publicKey, once);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(once);
        }
    }

    /// <param name="once">The private key of this one box.</param>
    internal static byte[] Seal(ReadOnlySpan<byte> message, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> once)
    {
        if (publicKey.Length != KeySize) throw new ArgumentException($"A public key has {KeySize} bytes, this one {publicKey.Length}.", nameof(publicKey));
        var sealing = new byte[KeySize + TagSize + message.Length];
        X25519.ScalarMultBase(once, sealing.AsSpan(0, KeySize));
        var nonce = Nonce(sealing.AsSpan(0, KeySize), publicKey);
        var key = new byte[KeySize];
        if (!X25519.CalculateAgreement(once.ToArray(), 0, publicKey.ToArray(), 0, key, 0)) throw new CryptographicException("The public key is none of X25519's.");
        HSalsa20(key);
        Box(message, key, nonce, sealing.AsSpan(KeySize));
        CryptographicOperations.ZeroMemory(key);
        return sealing;
    }

    private static byte[] Nonce(ReadOnlySpan<byte> sender, ReadOnlySpan<byte> receiver)
    {
        var (hash, nonce) = (new Blake2bDigest(NonceSize * 8), new byte[NonceSize]);
        hash.BlockUpdate(sender);
        hash.BlockUpdate(receiver);
        hash.DoFinal(nonce);
        return nonce;
    }

    /// <summary>The tag, then the text: XSalsa20 whose first bytes are the key of Poly1305.</summary>
    private static void Box(ReadOnlySpan<byte> message, byte[] key, byte[] nonce, Span<byte> box)
    {
        var stream = new XSalsa20Engine();
        stream.Init(forEncryption: true, new ParametersWithIV(new KeyParameter(key), nonce));
        Span<byte> macKey = stackalloc byte[KeySize];
        stream.ProcessBytes(new byte[KeySize], macKey);
        stream.ProcessBytes(message, box[TagSize..]);
        var mac = new Poly1305();
        mac.Init(new KeyParameter(macKey));
        mac.BlockUpdate(box[TagSize..]);
        mac.DoFinal(box[..TagSize]);
    }

    /// <summary>Turns what both sides have in common into a key, in place: HSalsa20 with an input of zeros.</summary>
    private static void HSalsa20(Span<byte> key)
    {
        ReadOnlySpan<byte> constant = "expand 32-byte k"u8;
        Span<uint> x = stackalloc uint[16];
        x.Clear();
        for (var i = 0; i < 4; i++)
        {
            x[i * 5] = BinaryPrimitives.ReadUInt32LittleEndian(constant[(i * 4)..]);
            x[1 + i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(i * 4)..]);
            x[11 + i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(16 + i * 4)..]);
        }
        for (var round = 0; round < 10; round++)
        {
            Quarter(x, 0, 4, 8, 12);
            Quarter(x, 5, 9, 13, 1);
            Quarter(x, 10, 14, 2, 6);
            Quarter(x, 15, 3, 7, 11);
            Quarter(x, 0, 1, 2, 3);
            Quarter(x, 5, 6, 7, 4);
            Quarter(x, 10, 11, 8, 9);
            Quarter(x, 15, 12, 13, 14);
        }
        ReadOnlySpan<int> taken = [0, 5, 10, 15, 6, 7, 8, 9];
        for (var i = 0; i < taken.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(key[(i * 4)..], x[taken[i]]);
    }

    private static void Quarter(Span<uint> x, int a, int b, int c, int d)
    {
        x[b] ^= BitOperations.RotateLeft(x[a] + x[d], 7);
        x[c] ^= BitOperations.RotateLeft(x[b] + x[a], 9);
        x[d] ^= BitOperations.RotateLeft(x[c] + x[b], 13);
        x[a] ^= BitOperations.RotateLeft(x[d] + x[c], 18);
    }
}
