namespace Portal.TestKit.Azure;

/// <param name="Kind"><c>resource group</c>, <c>resource</c>, <c>deployment</c> or <c>federated credential</c>.</param>
/// <param name="Name">Id below the subscription.</param>
/// <param name="Mark">The portal's mark on it, where there is one.</param>
public sealed record AzureThing(string Kind, string Name, string? Mark)
{
    public const string Group = "resource group";
    public const string Resource = "resource";
    public const string Deployment = "deployment";
    public const string FederatedCredential = "federated credential";
}

/// <summary>Everything that was ever made and taken away, in order.</summary>
public sealed class AzureLedger
{
    private readonly Lock access = new();
    private readonly List<AzureThing> made = [];
    private readonly List<AzureThing> removed = [];
    private readonly Dictionary<string, int> calls = new(StringComparer.Ordinal);

    public IReadOnlyList<AzureThing> Made
    {
        get
        {
            lock (access) return [.. made];
        }
    }

    public IReadOnlyList<AzureThing> Removed
    {
        get
        {
            lock (access) return [.. removed];
        }
    }

    /// <summary>What was made more than once for the same mark.</summary>
    public IReadOnlyList<AzureThing> Duplicates =>
        [.. Made.Where(t => t.Mark is not null).GroupBy(t => (t.Kind, t.Mark)).SelectMany(same => same.Skip(1))];

    public IReadOnlyList<AzureThing> MadeOf(string kind) => [.. Made.Where(t => t.Kind == kind)];

    /// <summary>How many requests reached the route, whatever came of them.</summary>
    public int Calls(string route)
    {
        lock (access) return calls.GetValueOrDefault(route);
    }

    internal void Note(AzureThing thing)
    {
        lock (access) made.Add(thing);
    }

    internal void NoteRemoved(AzureThing thing)
    {
        lock (access) removed.Add(thing);
    }

    internal void NoteCall(string route)
    {
        lock (access) calls[route] = calls.GetValueOrDefault(route) + 1;
    }
}
