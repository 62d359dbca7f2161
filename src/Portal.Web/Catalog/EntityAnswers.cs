using System.Text.Json.Nodes;
using Portal.Core.Catalog;
using Portal.Core.Entities;

namespace Portal.Web.Catalog;

/// <param name="Reference">Entity reference.</param>
/// <param name="Owner">Key of the owner; null when nobody owns it.</param>
/// <param name="Location">Where its descriptor stands.</param>
/// <param name="RunId">The run that made it; null when none did.</param>
/// <param name="Template">What it was made from; null when it was not made from a template.</param>
internal sealed record EntitySummary(
    string Reference, string Kind, string Namespace, string Name, string? Title, string? Description, string? Owner,
    string? Type, string? Lifecycle, string? System, IReadOnlyList<string> Tags, string Location,
    string? Repository, Guid? RunId, EntityTemplate? Template, bool IsSample,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static EntitySummary Of(CatalogEntity e) => new(
        e.Ref.ToString(), e.Kind, e.Namespace, e.Name, e.Title, e.Description, e.Owner, e.Type, e.Lifecycle, e.System,
        e.Tags, e.Location, e.Repository, e.RunId, EntityTemplate.Of(e),
        e.IsSample, e.CreatedAt, e.UpdatedAt);
}

/// <param name="Template">Key of the template.</param>
internal sealed record EntityTemplate(
    string Template, string? TemplateSource, string? TemplateCommit, string? TemplateTreeHash)
{
    public static EntityTemplate? Of(CatalogEntity e) =>
        e.Template is null
            ? null
            : new EntityTemplate(e.Template, e.TemplateSource, e.TemplateCommit, e.TemplateTreeHash);
}

/// <param name="Descriptor">The whole document, in Backstage's format.</param>
/// <param name="Rejected">Why what its repository says now was not taken over; null when it was.</param>
internal sealed record EntityDetails(
    EntitySummary Entity, JsonNode? Descriptor, IReadOnlyList<EntityRelation> Relations, string? Rejected)
{
    public static EntityDetails Of(EntityView view) => new(
        EntitySummary.Of(view.Entity), JsonNode.Parse(view.Entity.Descriptor),
        [.. view.Relations.Select(r => new EntityRelation(r.Type, r.Target))], view.Rejected);
}

/// <param name="Target">Key of the other entity.</param>
internal sealed record EntityRelation(string Type, string Target);

/// <param name="Removed">How many entities are gone.</param>
internal sealed record RemovedSample(int Removed);
