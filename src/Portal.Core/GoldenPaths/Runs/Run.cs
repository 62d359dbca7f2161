using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.GoldenPaths.Runs;

public enum RunStatus { Queued, Running, Completed, Failed, Cancelled }

/// <summary>One execution of a template or of an environment operation.</summary>
public sealed class Run
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>What it is for, e.g. the template's title and the name in it: "orders from .NET web API".</summary>
    public required string Title { get; init; }

    /// <summary>Key of the template; null for an environment operation.</summary>
    public string? Template { get; init; }
    public string? TemplateSource { get; init; }
    public string? TemplateCommit { get; init; }

    /// <summary>The pinned tree; null when the spec needs no files.</summary>
    public string? TemplateTreeHash { get; init; }

    /// <summary>The pinned steps and output: <see cref="RunSpec"/> as JSON.</summary>
    public required string Spec { get; init; }

    /// <summary>The form's values, JSON, no secrets.</summary>
    public required string Values { get; set; }

    /// <summary>Encrypted JSON object; null when there are none or the run is over.</summary>
    public byte[]? Secrets { get; set; }

    /// <summary>Hash of the plan that was shown before Create; null when nobody asked for one.</summary>
    public string? PlanHash { get; init; }

    public RunStatus Status { get; private set; } = RunStatus.Queued;

    /// <summary>Fencing token: one more each time somebody takes the run. Who holds an older one can write nothing any more.</summary>
    public long Token { get; private set; }

    /// <summary>How often it was taken after it had been started: above 1 after a crash or a retry.</summary>
    public int Attempt { get; private set; }

    public bool CancelRequested { get; private set; }
    public long LastEvent { get; private set; }

    public required string CreatedBy { get; init; }

    /// <summary>Key of the owner that the form named, else of who created it: decides who may cancel, retry, undo.</summary>
    public required string Owner { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; private set; }
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>One sentence; null unless it failed.</summary>
    public string? Failure { get; private set; }

    /// <summary><see cref="RunOutput"/> as JSON, when completed.</summary>
    public string? Output { get; private set; }

    public bool IsOver => Status is RunStatus.Completed or RunStatus.Failed or RunStatus.Cancelled;

    /// <summary>The caller takes over execution; the token that it gets is the only one that may write from now on.</summary>
    public long Take(DateTimeOffset now)
    {
        if (IsOver) throw new InvalidOperationException($"Run {Id} is {Status}.");
        Status = RunStatus.Running;
        StartedAt ??= now;
        Attempt++;
        return ++Token;
    }

    public void Complete(string output, DateTimeOffset now) => End(RunStatus.Completed, now, output: output);

    public void Fail(string failure, DateTimeOffset now) => End(RunStatus.Failed, now, failure);

    public void Cancel(DateTimeOffset now) => End(RunStatus.Cancelled, now);

    public void RequestCancel()
    {
        if (IsOver) throw new InvalidOperationException($"Run {Id} is {Status}.");
        CancelRequested = true;
    }

    /// <summary>Goes on from the step that failed; what the journal says is done stays done.</summary>
    public void Retry()
    {
        if (Status is not (RunStatus.Failed or RunStatus.Cancelled)) throw new InvalidOperationException($"Run {Id} is {Status}.");
        (Status, Failure, FinishedAt, CancelRequested) = (RunStatus.Queued, null, null, false);
    }

    /// <summary>The number for the next event, counted under the row's lock.</summary>
    public long NextEvent() => ++LastEvent;

    private void End(RunStatus status, DateTimeOffset now, string? failure = null, string? output = null)
    {
        if (IsOver) throw new InvalidOperationException($"Run {Id} is {Status} and cannot become {status}.");
        (Status, FinishedAt, Failure, Output, Secrets) = (status, now, failure, output, status == RunStatus.Failed ? Secrets : null);
    }
}

internal sealed class RunMapping : IEntityTypeConfiguration<Run>
{
    public void Configure(EntityTypeBuilder<Run> builder)
    {
        builder.ToTable("runs").HasKey(r => r.Id);
        builder.Property(r => r.Status).HasConversion<string>();
        builder.Property(r => r.Spec).HasColumnType("jsonb");
        builder.Property(r => r.Values).HasColumnType("jsonb");
        builder.Property(r => r.Output).HasColumnType("jsonb");
        builder.HasIndex(r => r.CreatedAt);
        builder.HasIndex(r => r.Template);
        builder.HasIndex(r => r.Status).HasFilter("status in ('Queued', 'Running')");
    }
}
