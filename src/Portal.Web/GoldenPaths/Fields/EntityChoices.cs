using Portal.Core.Catalog;
using Portal.Core.Entities;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.Shared;
using Portal.Web.Governance;

namespace Portal.Web.GoldenPaths.Fields;

/// <param name="Value">The entity reference as it is submitted.</param>
/// <param name="IsMine">The person's own team, or owned by it.</param>
public sealed record EntityChoice(string Value, string Title, string Kind, bool IsMine);

/// <summary>The catalog entities that a picker offers, found by the database.</summary>
internal sealed class EntityChoices(ReadCatalog catalog, CurrentActor current)
{
    /// <summary>What one look shows; who looks for another types more of its name.</summary>
    public const int Most = 61;

    private const int Page = 500, MostRead = 20_000;

    /// <param name="text">Words of name, title, description or tags; null = all.</param>
    public async Task<IReadOnlyList<EntityChoice>> FindAsync(
        FormField field, string? text, CancellationToken cancellation)
    {
        var actor = await current.GetAsync(cancellation);
        var filter = EntityPickerFilter.Of(field);
        var asked = new CatalogFilter
        {
            Kinds = filter.Kinds, Mine = filter.OnlyMine ? actor.Keys : [], Limit = filter.LooksInside ? Page : Most,
            Search = text,
        };
        var choices = new List<EntityChoice>();
        // What a template asks of descriptors is seen in them alone, so it is read on until there are enough, or no
        // more.
        while (choices.Count < Most && asked.Offset < MostRead && (await catalog.ListAsync(
            asked, actor, cancellation)) is { IsOk: true, Value.Items: { Count: > 0 } read })
        {
            choices.AddRange(read.Where(filter.Allows).Select(e => Choice(e, actor)));
            asked = asked with { Offset = asked.Offset + read.Count };
        }
        return [.. choices.Take(Most)];
    }

    /// <summary>The choice that a value stands for; null where it is nothing that the picker offers.</summary>
    public async Task<EntityChoice?> OneAsync(FormField field, string value, CancellationToken cancellation)
    {
        var actor = await current.GetAsync(cancellation);
        var filter = EntityPickerFilter.Of(field);
        return EntityRef.TryParse(value, DefaultKind(field), out var entity)
            && (await catalog.FindAsync(entity.Value, actor, cancellation)) is { IsOk: true, Value.Entity: var found }
            && (filter.Kinds.Count == 0 || filter.Kinds.Contains(found.Kind, StringComparer.OrdinalIgnoreCase))
            && filter.Allows(found)
                ? Choice(found, actor)
                : null;
    }

    /// <summary>The kind of a reference that names none.</summary>
    public static string DefaultKind(FormField field) => field.UiOptions["defaultKind"]?.ToString()
        ?? (field.Field is "OwnerPicker" or "MyGroupsPicker" ? "group" : "component");

    private static EntityChoice Choice(CatalogEntity entity, Actor actor)
    {
        var mine = actor.Is(entity.Ref)
            || EntityRef.TryParse(entity.Owner, "group", out var owner) && actor.Is(owner.Value);
        return new EntityChoice(entity.Ref.ToString(), entity.Title ?? entity.Name, entity.Kind, mine);
    }
}
