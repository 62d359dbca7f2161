using System.Text;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>
/// The files by which a step answers: GITHUB_OUTPUT, GITHUB_ENV, GITHUB_PATH, GITHUB_STEP_SUMMARY, GITHUB_STATE. The
/// step itself makes them, in a folder of the job's own, so they may be anything when they are read: no link is
/// followed and nothing is waited for.
/// </summary>
internal sealed class CommandFiles(string folder, string step)
{
    private const int MaxBytes = 1 << 20;

    private static readonly string[] Kinds = ["output", "env", "path", "step_summary", "state"];

    /// <summary>Shell text that makes them; its argument in front is <see cref="Folder"/>.</summary>
    public static string Make { get; } =
        $"mkdir -p -- \"$1\" && (cd -- \"$1\" && for kind in {string.Join(' ', Kinds)}; do : >\"$kind\"; done); shift; ";

    public string Folder => Path.Combine(folder, step);

    public IEnumerable<KeyValuePair<string, string>> Variables =>
        Kinds.Select(k => KeyValuePair.Create($"GITHUB_{k.ToUpperInvariant()}", Path.Combine(Folder, k)));

    public IReadOnlyList<KeyValuePair<string, string>> Outputs => Pairs("output");

    public IReadOnlyList<KeyValuePair<string, string>> Environment => Pairs("env");

    public IReadOnlyList<string> Paths =>
        Text("path").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public string Summary => Text("step_summary");

    /// <summary><c>name=value</c>, or <c>name&lt;&lt;END</c> with lines up to END.</summary>
    internal static IReadOnlyList<KeyValuePair<string, string>> Parse(string text, string what)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        using var reader = new StringReader(text);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0) continue;
            var (equals, heredoc) = (
                line.IndexOf('=', StringComparison.Ordinal), line.IndexOf("<<", StringComparison.Ordinal));
            if (heredoc > 0 && (equals < 0 || heredoc < equals))
            {
                pairs.Add(KeyValuePair.Create(line[..heredoc], ReadTo(reader, line[(heredoc + 2)..], what)));
            }
            else if (equals > 0)
            {
                pairs.Add(KeyValuePair.Create(line[..equals], line[(equals + 1)..]));
            }
            else
            {
                throw new InvalidDataException($"The line '{line}' in {what} is neither name=value nor name<<END.");
            }
        }

        return pairs;
    }

    private static string ReadTo(StringReader reader, string end, string what)
    {
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            if (line == end) return string.Join('\n', lines);
            lines.Add(line);
        }

        throw new InvalidDataException($"A value in {what} is not closed with '{end}'.");
    }

    private IReadOnlyList<KeyValuePair<string, string>> Pairs(string kind) =>
        Parse(Text(kind), $"GITHUB_{kind.ToUpperInvariant()}");

    private string Text(string kind)
    {
        var name = $"GITHUB_{kind.ToUpperInvariant()}";
        try
        {
            using var file = Native.OpenBeneath(folder, $"{step}/{kind}");
            if (file is null) return "";
            var bytes = new byte[MaxBytes + 1];
            using var stream = new FileStream(file, FileAccess.Read, bufferSize: 0);
            var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return read <= MaxBytes
                ? Encoding.UTF8.GetString(bytes, 0, read)
                : throw new InvalidDataException($"{name} holds more than 1 MB.");
        }
        catch (IOException)
        {
            throw new InvalidDataException($"{name} is no plain file any more: write to it, but do not replace it.");
        }
    }
}
