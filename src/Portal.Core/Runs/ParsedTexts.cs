using System.Collections.Concurrent;
using Portal.Templating;

namespace Portal.Core.Runs;

/// <summary>
/// Parsed templates by their text, at most about twice the given number: what was not asked for lately is forgotten.
/// </summary>
internal sealed class ParsedTexts(int capacity)
{
    private ConcurrentDictionary<Key, Template> recent = new();
    private ConcurrentDictionary<Key, Template> older = new();

    public Template Get(TemplateEngine engine, string text, string name)
    {
        var key = new Key(engine, text, name);
        if (recent.TryGetValue(key, out var known)) return known;
        if (!older.TryGetValue(key, out var parsed)) parsed = engine.Parse(text, name);
        if (recent.Count >= capacity) (older, recent) = (recent, new ConcurrentDictionary<Key, Template>());
        recent[key] = parsed;
        return parsed;
    }

    private readonly record struct Key(TemplateEngine Engine, string Text, string Name);
}
