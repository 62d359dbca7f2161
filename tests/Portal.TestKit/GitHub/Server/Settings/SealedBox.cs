using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math.EC.Rfc7748;
using Org.BouncyCastle.Security;

namespace Portal.TestKit.GitHub.Server.Settings;

/// <summary>
/// The receiving end of libsodium's <c>crypto_box_seal</c>: an ephemeral X25519 key in front, then XSalsa20-Poly1305 under a nonce that is
/// BLAKE2b of both public keys.
/// </summary>
internal sealed class SealedBox
{
    private readonly byte[] secret;

    /// <param name="privateKey">Any, unless given.</param>
    public SealedBox(byte[]? privateKey = null)
    {
        secret = privateKey ?? SecureRandom.GetNextBytes(new SecureRandom(), X25519.ScalarSize);
        X25519.GeneratePublicKey(secret, 0, PublicKey, 0);
    }

    public byte[] PublicKey { get; } = new byte[X25519.PointSize];

    /// <returns>Null when the box was not sealed for this key.</returns>
    public byte[]? Open(byte[] box)
    {
        if (box.Length < 48) return null;
        var (ephemeral, tag, cipher) = (box[..32], box[32..48], box[48..]);
        var shared = new byte[X25519.PointSize];
        if (!X25519.CalculateAgreement(secret, 0, ephemeral, 0, shared, 0)) return null;
        var stream = new XSalsa20Engine();
        stream.Init(false, new ParametersWithIV(new KeyParameter(HSalsa20(shared)), Nonce(ephemeral)));
        var macKey = new byte[32];
        stream.ProcessBytes(macKey, 0, macKey.Length, macKey, 0);
        if (!IsGenuine(macKey, cipher, tag)) return null;
        var plain = new byte[cipher.Length];
        stream.ProcessBytes(cipher, 0, cipher.Length, plain, 0);
        return plain;
    }

    private byte[] Nonce(byte[] ephemeral)
    {
        var digest = new Blake2bDigest(24 * 8);
        digest.BlockUpdate(ephemeral, 0, ephemeral.Length);
        digest.BlockUpdate(PublicKey, 0, PublicKey.Length);
        var nonce = new byte[24];
        digest.DoFinal(nonce, 0);
        return nonce;
    }

    private static bool IsGenuine(byte[] key, byte[] cipher, byte[] tag)
    {
        var mac = new Poly1305();
        mac.Init(new KeyParameter(key));
        mac.BlockUpdate(cipher, 0, cipher.Length);
        var computed = new byte[16];
        mac.DoFinal(computed, 0);
        return computed.AsSpan().SequenceEqual(tag);
    }

    /// <summary>HSalsa20 under a nonce of zeros makes the key of the box out of the shared point.</summary>
    private static byte[] HSalsa20(byte[] shared)
    {
        var state = new uint[16];
        ReadOnlySpan<uint> constants = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];
        for (var i = 0; i < 4; i++)
        {
            state[5 * i] = constants[i];
            state[1 + i] = BitConverter.ToUInt32(shared, 4 * i);
            state[11 + i] = BitConverter.ToUInt32(shared, 16 + (4 * i));
        }
        for (var round = 0; round < 20; round += 2)
        {
            for (var i = 0; i < 4; i++) Quarter(state, 5 * i, (4 + (5 * i)) & 15, (8 + (5 * i)) & 15, (12 + (5 * i)) & 15);
            for (var i = 0; i < 4; i++) Quarter(state, 5 * i, (4 * i) + ((i + 1) & 3), (4 * i) + ((i + 2) & 3), (4 * i) + ((i + 3) & 3));
        }
        int[] taken = [0, 5, 10, 15, 6, 7, 8, 9];
        return [.. taken.SelectMany(i => BitConverter.GetBytes(state[i]))];
    }

    private static void Quarter(uint[] x, int a, int b, int c, int d)
    {
        x[b] ^= uint.RotateLeft(x[a] + x[d], 7);
        x[c] ^= uint.RotateLeft(x[b] + x[a], 9);
        x[d] ^= uint.RotateLeft(x[c] + x[b], 13);
        x[a] ^= uint.RotateLeft(x[d] + x[c], 18);
    }
}
