using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Catalog;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Delivery;

/// <summary>
/// What the portal knows of a pipeline run at its host. The host's word is the truth; this row follows it.
/// </summary>
public sealed class PipelineRun : IOfRepository
{
    /// <summary>Provider instance and the host's id.</summary>
    public required string Provider { get; init; }
    public required string Id { get; init; }

    public Guid? RepositoryId { get; init; }

    /// <summary><c>organisation/name</c>: a copy of the row's, which follows it.</summary>
    public required string Repository { get; init; }
    public required int Number { get; init; }
    public required string Branch { get; init; }
    public required string Commit { get; init; }
    public PipelineStatus Status { get; private set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>Made up, like all of the sample organisation.</summary>
    public bool IsSample => Provider == SampleOrganisation.Provider;

    /// <summary>Names of what it left; also in <see cref="Data"/>, here to be asked for.</summary>
    public string[] Artifacts { get; private set; } = [];

    /// <summary>The whole <see cref="PipelineRunInfo"/> as JSON, as the host told it last.</summary>
    public string Data { get; private set; } = "{}";

    /// <summary>
    /// What the host told, under the id that the portal gave out and with the name that its repository has now.
    /// </summary>
    public PipelineRunInfo Info => Told with { Id = Id, Repository = RepositoryName.Parse(Repository) };

    private PipelineRunInfo Told => JsonSerializer.Deserialize<PipelineRunInfo>(Data, Shared.Json.Options)!;

    /// <summary>
    /// Whether it is the run that a host tells of under another id, because its repository had another name before.
    /// </summary>
    internal bool IsThat(PipelineRunInfo run)
    {
        var told = Told;
        return (told.Id == run.Id || told.Repository != run.Repository)
            && (told.Workflow, told.Number, told.Commit, told.CreatedAt) == (run.Workflow, run.Number, run.Commit,
            run.CreatedAt);
    }

    /// <summary>
    /// Takes over what the host says; false when it says nothing new. News may come late: a finished run stays
    /// finished, unless it is run again.
    /// </summary>
    public bool Follow(PipelineRunInfo info)
    {
        if (FinishedAt is not null && !info.IsFinished && info.Attempt <= Info.Attempt) return false;
        var data = JsonSerializer.Serialize(info, Shared.Json.Options);
        string[] artifacts = [.. info.Artifacts.Select(a => a.Name)];
        if (data == Data && Artifacts.SequenceEqual(artifacts)) return false;
        (Status, FinishedAt, Data, Artifacts) =
            (info.Status, info.IsFinished ? info.FinishedAt : null, data, artifacts);
        return true;
    }
}

internal sealed class PipelineRunMapping : IEntityTypeConfiguration<PipelineRun>
{
    public void Configure(EntityTypeBuilder<PipelineRun> builder)
    {
        builder.ToTable("pipeline_runs").HasKey(r => new { r.Provider, r.Id });
        builder.HasIndex(r => new { r.Repository, r.CreatedAt });
        builder.HasIndex(r => new { r.RepositoryId, r.CreatedAt });
        builder.Property(r => r.RepositoryId).ValueGeneratedOnAdd();
        builder.Property(r => r.Status).HasConversion<string>();
        // Text, not jsonb: rows are compared with what the host says, byte for byte.
        builder.Property(r => r.Data).HasColumnType("text");
        builder.Ignore(r => r.Info).Ignore(r => r.IsSample);
    }
}
