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
    private const int Most = 500;

    public async Task<IReadOnlyList<EntityChoice>> OfAsync(FormField field, CancellationToken cancellation)
    {
        var actor = await current.GetAsync(cancellation);
        var filter = EntityPickerFilter.Of(field);
        var found = await catalog.ListAsync(new CatalogFilter { Kinds = filter.Kinds, Limit = Most }, actor, cancellation);
        if (!found.IsOk) return [];
        var choices = new List<EntityChoice>();
        foreach (var entity in found.Value.Items)
        {
            var mine = actor.Is(entity.Ref) || EntityRef.TryParse(entity.Owner, "group", out var owner) && actor.Is(owner.Value);
            if (!filter.Allows(JsonNode.Parse(entity.Descriptor) as JsonObject ?? [], entity) || filter.OnlyMine && !mine) continue;
            choices.Add(new EntityChoice(entity.Ref.ToString(), entity.Title ?? entity.Name, entity.Kind, mine));
        }
        return choices;
    }
}
