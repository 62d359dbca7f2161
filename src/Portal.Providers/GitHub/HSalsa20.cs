using System.Buffers.Binary;
using System.Numerics;

namespace Portal.Providers.GitHub;

/// <summary>Salsa20's core as a key derivation (Bernstein, "Extending the Salsa20 nonce"), with 16 zero bytes for input.</summary>
internal static class HSalsa20
{
    private const int Rounds = 20;

    /// <param name="key">32 bytes.</param>
    public static byte[] Derive(ReadOnlySpan<byte> key)
    {
        // "expand 32-byte k" on the diagonal, the key around it.
        Span<uint> x = stackalloc uint[16];
        (x[0], x[5], x[10], x[15]) = (0x61707865, 0x3320646e, 0x79622d32, 0x6b206574);
        for (var i = 0; i < 4; i++)
        {
            x[1 + i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(4 * i)..]);
            x[11 + i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(16 + (4 * i))..]);
        }
        for (var round = 0; round < Rounds; round += 2) DoubleRound(x);
        var derived = new byte[32];
        ReadOnlySpan<int> taken = [0, 5, 10, 15, 6, 7, 8, 9];
        for (var i = 0; i < taken.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(derived.AsSpan(4 * i), x[taken[i]]);
        return derived;
    }

    private static void DoubleRound(Span<uint> x)
    {
        for (var i = 0; i < 4; i++) Quarter(x, 5 * i % 16, ((5 * i) + 4) % 16, ((5 * i) + 8) % 16, ((5 * i) + 12) % 16);
        for (var i = 0; i < 4; i++) Quarter(x, 5 * i, (4 * i) + ((i + 1) % 4), (4 * i) + ((i + 2) % 4), (4 * i) + ((i + 3) % 4));
    }

    private static void Quarter(Span<uint> x, int a, int b, int c, int d)
    {
        x[b] ^= BitOperations.RotateLeft(x[a] + x[d], 7);
        x[c] ^= BitOperations.RotateLeft(x[b] + x[a], 9);
        x[d] ^= BitOperations.RotateLeft(x[c] + x[b], 13);
        x[a] ^= BitOperations.RotateLeft(x[d] + x[c], 18);
    }
}
