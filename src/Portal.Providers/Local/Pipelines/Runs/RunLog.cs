using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Portal.Core.Providers;

namespace Portal.Providers.Local.Pipelines.Runs;

/// <summary>
/// The log of a run: a text file with one line each, and beside it 8 bytes per line with where it begins, so that
/// reading on from any line costs one seek. Thread-safe.
/// </summary>
internal sealed class RunLog : IDisposable
{
    private const int FlushAt = 64 * 1024;

    /// <summary>What the portal itself still says (results of steps) when the log is full.</summary>
    private const int Reserve = 256 * 1024;

    private readonly Lock gate = new();
    private readonly FileStream text;
    private readonly FileStream index;
    private readonly MemoryStream pendingText = new();
    private readonly MemoryStream pendingIndex = new();
    private readonly List<string> masks = [];
    private readonly TimeProvider time;
    private readonly long maxBytes;
    private long length;
    private bool full;
    private bool closed;

    public RunLog(string path, long maxBytes, TimeProvider time)
    {
        (this.time, this.maxBytes) = (time, maxBytes);
        text = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1);
        index = new FileStream(
            path + ".index", FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1);
    }

    /// <summary>From now on this text shows as ***; of several lines each one.</summary>
    public void Mask(string secret)
    {
        lock (gate)
        {
            foreach (var line in secret.Split('\n', StringSplitOptions.TrimEntries))
            {
                if (line.Length > 0 && !masks.Contains(line, StringComparer.Ordinal)) masks.Add(line);
            }
            masks.Sort((a, b) => b.Length.CompareTo(a.Length));
        }
    }

    /// <param name="own">The portal's own words, which a full log still takes.</param>
    public void Write(string source, string line, bool own = false)
    {
        lock (gate)
        {
            if (closed || length > maxBytes + Reserve || (full && !own)) return;
            foreach (var mask in masks) line = line.Replace(mask, "***", StringComparison.Ordinal);
            if (length > maxBytes && !full)
            {
                full = true;
                Append(source, $"The log is longer than {maxBytes >> 20} MB: the rest of the output is not kept.");
                if (!own) return;
            }

            Append(source, line);
            if (pendingText.Length >= FlushAt) FlushLocked();
        }
    }

    public void Flush()
    {
        lock (gate)
        {
            if (!closed) FlushLocked();
        }
    }

    /// <summary>What still comes (of a process that holds its output) is dropped.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (closed) return;
            FlushLocked();
            closed = true;
            text.Dispose();
            index.Dispose();
        }
    }

    /// <summary>The lines after number <paramref name="after"/>.</summary>
    public static List<HostLogLine> Read(string path, long after, int limit)
    {
        var lines = new List<HostLogLine>();
        if (limit <= 0 || !File.Exists(path + ".index")) return lines;
        after = Math.Max(after, 0);
        using var index = File.Open(
            path + ".index", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var count = index.Length / 8;
        if (after >= count) return lines;
        var take = (int)Math.Min(limit, count - after);
        // One more, where it is there: the end of the last one.
        var offsets = new byte[8 * Math.Min(take + 1, count - after)];
        index.Position = after * 8;
        index.ReadExactly(offsets);
        using var file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var start = BinaryPrimitives.ReadInt64LittleEndian(offsets);
        var end = offsets.Length / 8 > take
            ? BinaryPrimitives.ReadInt64LittleEndian(offsets.AsSpan(take * 8)) : file.Length;
        var bytes = new byte[end - start];
        file.Position = start;
        file.ReadExactly(bytes);
        var rest = bytes.AsSpan();
        for (var number = after + 1; number <= after + take; number++)
        {
            var newLine = rest.IndexOf((byte)'\n');
            if (newLine < 0) break;
            lines.Add(Parse(number, Encoding.UTF8.GetString(rest[..newLine])));
            rest = rest[(newLine + 1)..];
        }

        return lines;
    }

    private static HostLogLine Parse(long number, string line)
    {
        var parts = line.Split('\t', 3);
        var micros = long.Parse(parts[0], CultureInfo.InvariantCulture);
        return new HostLogLine(
            number, DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond), parts[1], parts[2]);
    }

    private void Append(string source, string line)
    {
        Span<byte> offset = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(offset, length);
        pendingIndex.Write(offset);
        var micros = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        var bytes = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{micros}\t{Clean(source, '\t')}\t{Clean(line, '\n')}\n"));
        pendingText.Write(bytes);
        length += bytes.Length;
    }

    private static string Clean(string value, char unwanted) =>
        value.Contains(unwanted) || value.Contains('\n') ? value.Replace(unwanted, ' ').Replace('\n', ' ') : value;

    /// <summary>Text first: the index never points at what is not there.</summary>
    private void FlushLocked()
    {
        if (pendingText.Length == 0) return;
        pendingText.WriteTo(text);
        pendingIndex.WriteTo(index);
        pendingText.SetLength(0);
        pendingIndex.SetLength(0);
    }
}
