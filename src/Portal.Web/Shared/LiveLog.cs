using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Web.Controls;

namespace Portal.Web.Shared;

/// <summary>The lines of a host's log that a page has, and the next ones.</summary>
/// <param name="headings">The source (job and step) stands above its lines where it changes.</param>
/// <param name="heard">Told of each line that is shown, for who shows it elsewhere too.</param>
public sealed class LiveLog(
    Func<long, int, CancellationToken, Task<Result<IReadOnlyList<HostLogLine>>>> read, bool headings = false,
    TimeProvider? time = null, Action<HostLogLine, LogLine>? heard = null)
{
    /// <summary>A page waits no longer for lines; what is asked for comes when it comes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public const string Slow = "Its log is slow to come. This page goes on asking for it.";

    private const int AtOnce = 2_000;

    /// <summary>A page holds no more lines than this; the rest is in the downloaded file.</summary>
    public const int Most = 20_000;

    private readonly List<LogLine> lines = [];
    private long last;
    private string? source;
    private Task<Result<IReadOnlyList<HostLogLine>>>? coming;

    public IReadOnlyList<LogLine> Lines => lines;

    /// <summary>Why nothing more comes; null when all is well.</summary>
    public string? Problem { get; private set; }

    public bool IsFull => lines.Count >= Most;

    /// <summary>Takes what is there by now; true when something is new.</summary>
    public async Task<bool> ReadOnAsync(CancellationToken cancellation)
    {
        var before = (lines.Count, Problem);
        while (!IsFull)
        {
            var asked = coming ??= read(last, AtOnce, cancellation);
            if (!await IsHereAsync(asked, cancellation))
            {
                Problem = Slow;
                break;
            }
            coming = null;
            var next = await asked;
            Problem = next.Error?.Message;
            if (!next.IsOk || next.Value.Count == 0) break;
            foreach (var line in next.Value) Add(line);
            if (next.Value.Count < AtOnce) break;
        }
        return before != (lines.Count, Problem);
    }

    /// <summary>False: it is still on its way, and the next look waits for the same answer.</summary>
    private async Task<bool> IsHereAsync(Task asked, CancellationToken cancellation)
    {
        if (asked.IsCompleted) return true;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var first = await Task.WhenAny(asked, Task.Delay(Patience, time ?? TimeProvider.System, waiting.Token));
        await waiting.CancelAsync();
        return first == asked;
    }

    private void Add(HostLogLine line)
    {
        if (headings && line.Source != source && line.Source.Length > 0)
        {
            lines.Add(new LogLine(line.Source, LogLevelKind.Heading, line.At));
        }
        (source, last) = (line.Source, line.Number);
        if (Shown(line) is not { } shown) return;
        lines.Add(shown);
        heard?.Invoke(line, shown);
    }

    /// <summary>
    /// The marks that runners of GitHub workflows write into logs become what they mean; null = nothing to show.
    /// </summary>
    private static LogLine? Shown(HostLogLine line) => line.Text switch
    {
        "##[endgroup]" => null,
        _ when After(line.Text, "##[group]") is { } text => new LogLine(text, LogLevelKind.Heading, line.At),
        _ when After(line.Text, "##[error]") is { } text => new LogLine(text, LogLevelKind.Error, line.At),
        _ when After(line.Text, "##[warning]") is { } text => new LogLine(text, LogLevelKind.Warning, line.At),
        var text => new LogLine(text, LogLevelKind.Normal, line.At),
    };

    private static string? After(string text, string mark) =>
        text.StartsWith(mark, StringComparison.Ordinal) ? text[mark.Length..] : null;
}
