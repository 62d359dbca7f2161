using System.Globalization;
using System.Text;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Local.Environments;

/// <summary>
/// The numbered log of one environment. Processes append to a plain file, so they go on writing when the portal is
/// gone; from there lines are taken over into segments named after their first line's number. Old segments are dropped,
/// numbers continue.
/// </summary>
internal sealed class EnvironmentLog(EnvironmentFolder folder, TimeProvider time)
{
    public const int Segments = 5;
    private const int MaxLine = 16 * 1024;
    private const string OffsetFile = "offset";

    private readonly Lock gate = new();
    private long next;
    private string? segment;

    /// <summary>Bytes of a segment, and of the processes' own file before it is emptied.</summary>
    public long SegmentBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>A line of the portal's own.</summary>
    public void Write(string text)
    {
        lock (gate)
        {
            Take(whole: false);
            Append([(Source: "portal", Text: text)]);
        }
    }

    /// <summary>Takes over what the processes have written.</summary>
    /// <param name="whole">The process is over: a last line without an end is one too.</param>
    public void Collect(bool whole = false)
    {
        lock (gate) Take(whole);
    }

    public IReadOnlyList<HostLogLine> Read(long after, int limit)
    {
        lock (gate)
        {
            Take(whole: false);
            var lines = new List<HostLogLine>();
            var files = Files();
            for (var i = 0; i < files.Count && lines.Count < limit; i++)
            {
                // Lines of this segment end where the next begins.
                if (i + 1 < files.Count && files[i + 1].First <= after + 1) continue;
                var number = files[i].First;
                foreach (var line in File.ReadLines(files[i].Path))
                {
                    if (number > after) lines.Add(Parse(number, line));
                    if (lines.Count >= limit) break;
                    number++;
                }
            }
            return lines;
        }
    }

    /// <summary>The last lines of what the processes wrote since line number <paramref name="since"/>.</summary>
    public IReadOnlyList<string> Tail(int count, long since) =>
        [.. Read(since, int.MaxValue).Where(l => l.Source != "portal").TakeLast(count).Select(l => l.Text)];

    /// <summary>The number of the last line, 0 when there is none.</summary>
    public long Last
    {
        get
        {
            lock (gate)
            {
                Open();
                return next - 1;
            }
        }
    }

    private void Take(bool whole)
    {
        if (!File.Exists(folder.Output)) return;
        using var file = new FileStream(folder.Output, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var offset = Math.Min(ReadOffset(), file.Length);
        file.Position = offset;
        var bytes = new byte[256 * 1024];
        while (true)
        {
            var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (read == 0) break;
            var end = bytes.AsSpan(0, read).LastIndexOf((byte)'\n') + 1;
            if (end == 0 && (whole || read >= MaxLine)) end = read;
            if (end == 0) break;
            if (whole && read < bytes.Length) end = read;
            Append(
                [.. Encoding.UTF8.GetString(bytes, 0, end).TrimEnd('\n').Split('\n').Select(l => ("app", Plain(l)))]);
            offset += end;
            file.Position = offset;
        }
        // Processes append, so after this they write from the start again.
        if (offset >= SegmentBytes && offset == file.Length)
        {
            file.SetLength(0);
            offset = 0;
        }
        File.WriteAllText(Path.Combine(folder.Log, OffsetFile), offset.ToString(CultureInfo.InvariantCulture));
    }

    private void Append(IReadOnlyList<(string Source, string Text)> lines)
    {
        Open();
        var stamp = time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var text = new StringBuilder();
        foreach (var (source, line) in lines)
        {
            text.Append(stamp).Append('\t').Append(source).Append('\t');
            text.Append(Words.Short(line, MaxLine)).Append('\n');
        }
        File.AppendAllText(segment!, text.ToString());
        next += lines.Count;
        if (new FileInfo(segment!).Length < SegmentBytes) return;
        segment = Name(next);
        File.WriteAllText(segment, "");
        foreach (var old in Files().SkipLast(Segments)) File.Delete(old.Path);
    }

    /// <summary>Finds the number of the next line in the newest segment.</summary>
    private void Open()
    {
        if (segment is not null) return;
        var newest = Files().LastOrDefault();
        if (newest.Path is null)
        {
            (segment, next) = (Name(1), 1);
            return;
        }
        // A line that a dying portal left unfinished is ended, so that the next one is a line of its own.
        using (var file = new FileStream(newest.Path, FileMode.Open, FileAccess.ReadWrite))
        {
            if (file.Length > 0)
            {
                file.Position = file.Length - 1;
                if (file.ReadByte() != '\n') file.WriteByte((byte)'\n');
            }
        }
        (segment, next) = (newest.Path, newest.First + File.ReadLines(newest.Path).LongCount());
    }

    private long ReadOffset()
    {
        var file = Path.Combine(folder.Log, OffsetFile);
        return File.Exists(file) && long.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var offset)
            ? offset : 0;
    }

    private string Name(long first) => Path.Combine(folder.Log, $"{first:D12}.log");

    private List<(long First, string Path)> Files() => !Directory.Exists(folder.Log)
        ? []
        : [.. Directory.EnumerateFiles(folder.Log, "*.log").Order(StringComparer.Ordinal)
            .Select(f => (long.Parse(Path.GetFileNameWithoutExtension(f), CultureInfo.InvariantCulture), f))];

    /// <summary>
    /// Of a line that was drawn over with carriage returns the last drawing; a NUL can be stored nowhere that text goes
    /// to.
    /// </summary>
    private static string Plain(string line)
    {
        line = line.TrimEnd('\r');
        return line[(line.LastIndexOf('\r') + 1)..].Replace('\0', '\uFFFD');
    }

    private static HostLogLine Parse(long number, string line)
    {
        var parts = line.Split('\t', 3);
        return parts.Length == 3 && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var at)
            ? new HostLogLine(number, DateTimeOffset.FromUnixTimeMilliseconds(at), parts[1], parts[2])
            : new HostLogLine(number, DateTimeOffset.UnixEpoch, "app", line);
    }
}
