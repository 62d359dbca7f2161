namespace Portal.Core.Shared.Files;

/// <summary>
/// Tells binary files from text by their first 512 bytes, by the same signs as Backstage: they are copied as they are.
/// </summary>
internal static class BinaryFiles
{
    private const int Looked = 512;

    public static bool IsBinary(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty || content.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) return false;
        if (content.StartsWith("%PDF-"u8) || content.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])
            || content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
        {
            return true;
        }
        var head = content[..Math.Min(content.Length, Looked)];
        if (head.Contains((byte)0)) return true;
        var odd = 0;
        for (var i = 0; i < head.Length; i++)
        {
            var b = head[i];
            if (b is >= 7 and <= 14 or >= 32 and <= 127) continue;
            if (Utf8Length(head[i..]) is var length and > 1)
            {
                i += length - 1;
                continue;
            }
            odd++;
            if (i >= 32 && odd * 100 / head.Length > 10) return true;
        }
        return odd * 100 / head.Length > 10;
    }

    /// <summary>
    /// Of the character that starts here, when it is one of several bytes; else 0. A character cut by the end counts.
    /// </summary>
    private static int Utf8Length(ReadOnlySpan<byte> at)
    {
        var length =
            at[0] switch { >= 0xC2 and <= 0xDF => 2, >= 0xE0 and <= 0xEF => 3, >= 0xF0 and <= 0xF4 => 4, _ => 0 };
        for (var i = 1; i < length && i < at.Length; i++)
        {
            if ((at[i] & 0xC0) != 0x80) return 0;
        }
        return length;
    }
}
