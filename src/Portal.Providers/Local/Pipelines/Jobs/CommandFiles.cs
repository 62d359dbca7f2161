using System.Text;
using Portal.Providers.Local.Processes;

namespace Portal.Providers.Local.Pipelines.Jobs;

/// <summary>
/// The files by which a step answers: GITHUB_OUTPUT, GITHUB_ENV, GITHUB_PATH, GITHUB_STEP_SUMMARY, GITHUB_STATE. They belong to the job, their
/// folder does not: so they can be written to, but not replaced by a link to something that only the portal may read.
/// </summary>
internal sealed class CommandFiles
{
    private const int MaxBytes = 1 << 20;

    private static readonly string[] Kinds = ["output", "env", "path", "step_summary", "state"];

    private readonly string folder;

    public CommandFiles(string folder, JobUser user)
    {
        this.folder = folder;
        Runs.RunFolders.MakePassable(folder);
        foreach (var kind in Kinds)
        {
            File.WriteAllBytes(At(kind), []);
            user.Own(At(kind));
        }
    }

    public IEnumerable<KeyValuePair<string, string>> Variables => Kinds.Select(k => KeyValuePair.Create($"GITHUB_{k.ToUpperInvariant()}", At(k)));

    public IReadOnlyList<KeyValuePair<string, string>> Outputs => Pairs("output");

    public IReadOnlyList<KeyValuePair<string, string>> Environment => Pairs("env");

    public IReadOnlyList<string> Paths => Text("path").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public string Summary => Text("step_summary");

    /// <summary><c>name=value</c>, or <c>name&lt;&lt;END</c> with lines up to END.</summary>
    internal static IReadOnlyList<KeyValuePair<string, string>> Parse(string text, string what)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        using var reader = new StringReader(text);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0) continue;
            var (equals, heredoc) = (line.IndexOf('=', StringComparison.Ordinal), line.IndexOf("<<", StringComparison.Ordinal));
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

    private string At(string kind) => Path.Combine(folder, kind);

    private IReadOnlyList<KeyValuePair<string, string>> Pairs(string kind) => Parse(Text(kind), $"GITHUB_{kind.ToUpperInvariant()}");

    private string Text(string kind)
    {
        var file = new FileInfo(At(kind));
        if (file.Length > MaxBytes) throw new InvalidDataException($"GITHUB_{kind.ToUpperInvariant()} holds more than 1 MB.");
        return file.Length == 0 ? "" : File.ReadAllText(file.FullName, Encoding.UTF8);
    }
}
