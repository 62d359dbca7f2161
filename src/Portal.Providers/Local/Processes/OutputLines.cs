using System.Text;

namespace Portal.Providers.Local.Processes;

/// <summary>
/// Cuts a stream of bytes into lines of text: long lines are cut, bytes that are no UTF-8 replaced, of a line that was
/// drawn over with carriage returns only the last drawing kept, and output beyond the limit is read and dropped so that
/// the writer never blocks.
/// </summary>
internal sealed class OutputLines(Action<string> line, long maxBytes, int maxLineBytes = 16 * 1024)
{
    private readonly byte[] current = new byte[maxLineBytes];
    private int length;
    private long cut;
    private long total;
    private bool full;

    public async Task ReadAsync(Stream stream)
    {
        var buffer = new byte[64 * 1024];
        int read;
        try
        {
            while ((read = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0) Take(buffer.AsSpan(0, read));
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            // The pipe was closed under us: what came until then counts.
        }

        if (length > 0 || cut > 0) Emit();
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (full) return;
        total += bytes.Length;
        while (!bytes.IsEmpty && !full)
        {
            var end = bytes.IndexOf((byte)'\n');
            Append(end < 0 ? bytes : bytes[..end]);
            if (end < 0) break;
            Emit();
            bytes = bytes[(end + 1)..];
        }

        if (total < maxBytes || full) return;
        (full, length, cut) = (true, 0, 0);
        line($"The output is longer than {maxBytes >> 20} MB: the rest is not kept.");
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        var room = Math.Min(bytes.Length, current.Length - length);
        bytes[..room].CopyTo(current.AsSpan(length));
        length += room;
        cut += bytes.Length - room;
    }

    private void Emit()
    {
        var bytes = current.AsSpan(0, length);
        while (!bytes.IsEmpty && bytes[^1] == '\r') bytes = bytes[..^1];
        bytes = bytes[(bytes.LastIndexOf((byte)'\r') + 1)..];
        // A NUL can be stored nowhere that text goes to.
        var text = Encoding.UTF8.GetString(bytes).Replace('\0', '\uFFFD');
        line(cut > 0 ? $"{text} … ({cut} bytes cut)" : text);
        (length, cut) = (0, 0);
    }
}
