using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Shared;

namespace Portal.Core.Entities;

/// <summary>One thing that the catalog knows, with the descriptor that it was read from.</summary>
public sealed class CatalogEntity : IOwned
{
    private const string RepositoryGone = "portal/repository-gone";

    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary><see cref="EntityRef.Key"/>: unique.</summary>
    public required string Key { get; init; }

    public required string Kind { get; init; }
    public required string Namespace { get; init; }
    public required string Name { get; set; }
    public string? Title { get; set; }
    public string? Description { get; set; }

    /// <summary>Key of the owning group or user, from <c>spec.owner</c>.</summary>
    public string? Owner { get; set; }

    /// <summary><c>spec.type</c>, e.g. <c>service</c>.</summary>
    public string? Type { get; set; }

    public string? Lifecycle { get; set; }

    /// <summary>Key of the system that it is part of.</summary>
    public string? System { get; set; }

    public List<string> Tags { get; set; } = [];

    /// <summary>The parsed descriptor, JSON, as written by its author.</summary>
    public required string Descriptor { get; set; }

    /// <summary>
    /// The <see cref="DescriptorFile"/> that it was read from; null when it has none, or that does not describe it any
    /// more.
    /// </summary>
    public Guid? FileId { get; set; }

    /// <summary>Where its document stands in the file's text, in characters; null: all of it.</summary>
    public int? FileStart { get; set; }
    public int? FileLength { get; set; }

    /// <summary>
    /// Where it was read, e.g. <c>url:http://…/catalog-info.yaml</c>. Of a file in a repository it is the address at
    /// the last reading: what it is the same by is the repository and <see cref="RepositoryPath"/>.
    /// </summary>
    public required string Location { get; set; }

    /// <summary>
    /// The repository that it was read from, its provider instance and, as a copy that follows the row, its
    /// <c>organisation/name</c>; and where in it the file lies, null where nobody can tell.
    /// </summary>
    public Guid? RepositoryId { get; set; }
    public string? Provider { get; set; }
    public string? Repository { get; set; }
    public string? RepositoryPath { get; set; }

    /// <summary>
    /// The run that made it, and the template version and inputs (JSON, no secrets): the base of later template
    /// updates.
    /// </summary>
    public Guid? RunId { get; set; }
    public string? Template { get; set; }
    public string? TemplateSource { get; set; }
    public string? TemplateCommit { get; set; }
    public string? TemplateTreeHash { get; set; }
    public string? TemplateInputs { get; set; }

    /// <summary>Part of the sample organisation.</summary>
    public bool IsSample { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }

    public EntityRef Ref => new(Kind, Namespace, Name);

    /// <summary>Takes over what the descriptor says.</summary>
    /// <param name="json">Of the descriptor, with the texts that it includes.</param>
    internal void Describe(Descriptor descriptor, string json, DateTimeOffset now)
    {
        (Title, Description, Type, Lifecycle) =
            (descriptor.Title, descriptor.Description, descriptor.Type, descriptor.Lifecycle);
        (Owner, System, Tags) = (descriptor.Owner?.Key, descriptor.System?.Key, descriptor.Tags);
        (Descriptor, UpdatedAt) = (json, now);
    }

    /// <summary>Whether the same is said, in whichever order.</summary>
    internal bool IsDescribedBy(string json)
    {
        using var before = JsonDocument.Parse(Descriptor);
        using var after = JsonDocument.Parse(json);
        return JsonElement.DeepEquals(before.RootElement, after.RootElement);
    }

    /// <summary>When the repository that it was read from was found to be gone; null while it is there.</summary>
    public DateTimeOffset? RepositoryGoneAt =>
        DateTimeOffset.TryParse(
            JsonNode.Parse(Descriptor)?["metadata"]?["annotations"]?[RepositoryGone]?.ToString(),
            CultureInfo.InvariantCulture, out var at) ? at : null;

    /// <summary>
    /// An annotation, so that the catalog's readers elsewhere see it too; it goes by itself when the descriptor is read
    /// again.
    /// </summary>
    public void MarkRepositoryGone(DateTimeOffset? at)
    {
        if (JsonNode.Parse(Descriptor)?["metadata"] is not JsonObject metadata
            || (at is null) == (RepositoryGoneAt is null))
        {
            return;
        }
        if (metadata["annotations"] is not JsonObject annotations) metadata["annotations"] = annotations = [];
        if (at is { } when) annotations[RepositoryGone] = when.ToString(
            "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        else annotations.Remove(RepositoryGone);
        Descriptor = metadata.Root.ToJsonString(Shared.Json.Options);
    }
}

/// <summary>A directed relation in Backstage's words, e.g. <c>ownedBy</c>; both directions are stored.</summary>
public sealed class CatalogRelation
{
    public required string Source { get; init; }
    public required string Type { get; init; }
    public required string Target { get; init; }

    /// <summary>Written by the source's author, not derived from the other side.</summary>
    public bool Stated { get; set; }
}

internal sealed class CatalogMapping
    : IEntityTypeConfiguration<CatalogEntity>, IEntityTypeConfiguration<CatalogRelation>
{
    public void Configure(EntityTypeBuilder<CatalogEntity> builder)
    {
        builder.ToTable("catalog_entities").HasKey(e => e.Id);
        builder.HasIndex(e => e.Key).IsUnique();
        builder.HasIndex(e => new { e.Kind, e.Name });
        builder.HasIndex(e => e.Owner);
        builder.HasIndex(e => e.Repository);
        builder.HasIndex(e => e.RepositoryId);
        builder.Property(e => e.RepositoryId).ValueGeneratedOnAdd();
        // A location may be longer than what a tree of keys takes.
        builder.HasIndex(e => e.Location).HasMethod("hash");
        builder.Property(e => e.Descriptor).HasColumnType("jsonb");
        builder.Property(e => e.TemplateInputs).HasColumnType("jsonb");
        builder.Ignore(e => e.Ref);
        builder.Ignore(e => e.RepositoryGoneAt);
    }

    public void Configure(EntityTypeBuilder<CatalogRelation> builder)
    {
        builder.ToTable("catalog_relations").HasKey(r => new { r.Source, r.Type, r.Target });
        builder.HasIndex(r => r.Target);
    }
}
