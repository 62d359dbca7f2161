using System.Text.Json.Nodes;
using Portal.Core.Catalog;
using Portal.Core.Entities;
using Portal.Core.GoldenPaths.Forms;
using Portal.Core.Shared;
using Portal.Web.Governance;

namespace Portal.Web.GoldenPaths.Fields;

/// <param name="Value">The entity reference as it is submitted.</param>
/// <param name="IsMine">The person's own team, or owned by it.</param>
public sealed record EntityChoice(string Value, string Title, string Kind, bool IsMine);

/// <summary>The catalog entities that a picker offers.</summary>
internal sealed class EntityChoices(ReadCatalog catalog, CurrentActor current)
{
    private const int Most = 500, MostRead = 20_000;

    public async Task<IReadOnlyList<EntityChoice>> OfAsync(FormField field, CancellationToken cancellation)
    {
        var actor = await current.GetAsync(cancellation);
        var filter = EntityPickerFilter.Of(field);
        var asked = new CatalogFilter { Kinds = filter.Kinds, Mine = filter.OnlyMine ? actor.Keys : [], Limit = Most };
        var choices = new List<EntityChoice>();
        // What a template asks of descriptors is seen in them alone, so it is read on until there are enough, or no
        // more.
        while (choices.Count < Most && asked.Offset < MostRead && (await catalog.ListAsync(
            asked, actor, cancellation)) is { IsOk: true, Value.Items: { Count: > 0 } read })
        {
            choices.AddRange(read.Where(e => filter.Allows(JsonNode.Parse(e.Descriptor) as JsonObject ?? [], e))
                .Select(e => Choice(e, actor)));
            asked = asked with { Offset = asked.Offset + read.Count };
        }
        return [.. choices.Take(Most)];
    }

    private static EntityChoice Choice(CatalogEntity entity, Actor actor)
    {
        var mine = actor.Is(entity.Ref)
            || EntityRef.TryParse(entity.Owner, "group", out var owner) && actor.Is(owner.Value);
        return new EntityChoice(entity.Ref.ToString(), entity.Title ?? entity.Name, entity.Kind, mine);
    }
}
