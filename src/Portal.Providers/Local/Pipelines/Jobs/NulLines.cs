namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>
/// Reads what stands between NULs, as find and sha256sum write it. Each at most 64 KiB; what is longer ends the
/// reading.
/// </summary>
internal static class NulLines
{
    private const int Longest = 64 * 1024;

    public static async IAsyncEnumerable<byte[]> ReadAsync(Stream stream)
    {
        var (buffer, filled) = (new byte[Longest], 0);
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(filled));
            if (read == 0) yield break;
            filled += read;
            var begin = 0;
            while (Array.IndexOf(buffer, (byte)0, begin, filled - begin) is var end and >= 0)
            {
                if (end > begin) yield return buffer[begin..end];
                begin = end + 1;
            }

            if (begin == 0 && filled == Longest) throw new InvalidDataException("A name in the workspace is too long.");
            buffer.AsSpan(begin, filled - begin).CopyTo(buffer);
            filled -= begin;
        }
    }
}
