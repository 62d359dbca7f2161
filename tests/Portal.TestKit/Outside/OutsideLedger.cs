namespace Portal.TestKit.Outside;

/// <param name="Kind"><c>repository</c>, <c>pipeline run</c>, <c>environment</c> or <c>deployment</c>.</param>
/// <param name="Name">Full name of a repository, id of anything else.</param>
/// <param name="Mark">The mark or correlation that came with the call that made it.</param>
/// <param name="Owner">Of a repository; the owner label of an environment.</param>
public sealed record OutsideThing(string Kind, string Name, string? Mark, string? Owner)
{
    public const string Repository = "repository";
    public const string PipelineRun = "pipeline run";
    public const string Environment = "environment";
    public const string Deployment = "deployment";
}

/// <summary>
/// Everything that was ever made and taken away, in order, so that a test can say: each once, none lost.
/// </summary>
public sealed class OutsideLedger
{
    private readonly Lock access = new();
    private readonly List<OutsideThing> made = [];
    private readonly List<OutsideThing> removed = [];
    private readonly Dictionary<string, int> calls = new(StringComparer.Ordinal);

    public IReadOnlyList<OutsideThing> Made
    {
        get
        {
            lock (access) return [.. made];
        }
    }

    public IReadOnlyList<OutsideThing> Removed
    {
        get
        {
            lock (access) return [.. removed];
        }
    }

    /// <summary>
    /// What was made more than once for the same mark: two environments of one effect, two runs of one correlation.
    /// </summary>
    public IReadOnlyList<OutsideThing> Duplicates =>
    [
        .. Made.Where(t => t.Mark is not null)
        .GroupBy(t => (t.Kind, t.Mark, Name: t.Kind == OutsideThing.Repository ? t.Name : ""))
            .SelectMany(same => same.Skip(1)),
    ];

    public IReadOnlyList<OutsideThing> MadeOf(string kind) => [.. Made.Where(t => t.Kind == kind)];

    /// <summary>How many requests reached the route, whatever came of them.</summary>
    public int Calls(string route)
    {
        lock (access) return calls.GetValueOrDefault(route);
    }

    internal void Note(OutsideThing thing)
    {
        lock (access) made.Add(thing);
    }

    internal void NoteRemoved(OutsideThing thing)
    {
        lock (access) removed.Add(thing);
    }

    internal void NoteCall(string route)
    {
        lock (access) calls[route] = calls.GetValueOrDefault(route) + 1;
    }
}
