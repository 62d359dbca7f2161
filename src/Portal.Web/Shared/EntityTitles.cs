using Portal.Core.Catalog;
using Portal.Core.Shared;
using Portal.Web.Governance;

namespace Portal.Web.Shared;

/// <summary>
/// What entities are called, for the person who looks. What a page names in one go is asked for in one query, so who
/// shows an entity just asks: <see cref="EntityLink"/> and <see cref="EntityName"/> do.
/// </summary>
internal sealed class EntityTitles(ReadTitles titles, CurrentActor current, TimeProvider time)
{
    /// <summary>A page may stay open for days.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, (string? Title, DateTimeOffset At)> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task> asked = new(StringComparer.Ordinal);
    private List<string> next = [];
    private Task? asking;

    /// <summary>Its title; its name where it has none, or none was loaded.</summary>
    public string Of(EntityRef entity) => known.GetValueOrDefault(entity.Key).Title ?? EntityWords.Name(entity);

    /// <param name="kind">Where the reference names none.</param>
    public string Of(string? reference, string kind = "group") =>
        reference == Actor.System.Ref.ToString() ? Actor.System.DisplayName
        : EntityRef.TryParse(reference, kind, out var entity) ? Of(entity.Value) : EntityWords.Name(reference);

    /// <summary>Once it is over, <see cref="Of(EntityRef)"/> knows them.</summary>
    public Task LoadAsync(IEnumerable<string?> references, string kind = "group") => LoadAsync(
        references.Select(r => EntityRef.TryParse(r, kind, out var entity) ? entity : null).OfType<EntityRef>());

    public Task LoadAsync(params IEnumerable<EntityRef> entities)
    {
        var now = time.GetUtcNow();
        var waiting = new List<Task>();
        foreach (var key in entities.Select(e => e.Key).Distinct(StringComparer.Ordinal))
        {
            if (known.TryGetValue(key, out var it) && now - it.At < Fresh) continue;
            if (!asked.TryGetValue(key, out var task))
            {
                next.Add(key);
                asked.Add(key, task = asking ??= AskAsync());
            }
            waiting.Add(task);
        }
        return waiting.Count == 0 ? Task.CompletedTask : Task.WhenAll(waiting.Distinct());
    }

    private async Task AskAsync()
    {
        // Whoever is rendered in the same go asks before this goes on.
        await Task.Yield();
        var keys = next;
        (next, asking) = ([], null);
        try
        {
            var found = await titles.OfAsync(keys, await current.GetAsync(), CancellationToken.None);
            var now = time.GetUtcNow();
            foreach (var key in keys) known[key] = (found.GetValueOrDefault(key), now);
        }
        finally
        {
            foreach (var key in keys) asked.Remove(key);
        }
    }
}
