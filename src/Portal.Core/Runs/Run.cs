using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Shared;

namespace Portal.Core.Runs;

public enum RunStatus
{
    Queued,
    Running,

    /// <summary>For an approval, a date or something outside; holds no worker.</summary>
    Waiting,
    Completed,
    Failed,
    Cancelled,

    /// <summary>What it made is being taken away.</summary>
    Undoing,
    Undone,

    /// <summary>Undoing stopped at something that could not be taken away; it can be asked for again.</summary>
    UndoFailed,
}

/// <summary>One execution of a template or of an environment operation.</summary>
public sealed class Run : IOwned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>What it is for, e.g. the template's title and the name in it: "orders from .NET web API".</summary>
    public required string Title { get; init; }

    /// <summary>
    /// The one thing that exists and that it changes, as audit events name it: <c>environment:…</c>. Null for all else.
    /// The database lets one run of a subject be under way.
    /// </summary>
    public string? Subject { get; init; }

    /// <summary>
    /// What it makes that has a name, as <see cref="NameLook.New"/> writes it: while it is under way, no other run is
    /// begun that would make the same.
    /// </summary>
    public string[] Names { get; init; } = [];

    /// <summary>
    /// What its own audit events begin with: what an operation does to its subject is told by the subject, too.
    /// </summary>
    public string AuditKind => Subject is null ? "run" : "operation";

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

    /// <summary>
    /// Encrypted JSON object; null when there are none, and once they are erased: when it completed, is undone, or
    /// could be retried for too long.
    /// </summary>
    public byte[]? Secrets { get; set; }

    /// <summary>
    /// What the run's expressions made of secrets, encrypted as they are, so that it is masked as well; erased with
    /// them.
    /// </summary>
    public byte[]? MadeOfSecrets { get; set; }

    /// <summary>Names of the secrets that it was given: a retry after they are erased must bring them again.</summary>
    public string[] SecretNames { get; init; } = [];

    /// <summary>Hash of the plan that was shown before Create; null when nobody asked for one.</summary>
    public string? PlanHash { get; init; }

    public RunStatus Status { get; private set; } = RunStatus.Queued;

    /// <summary>
    /// Fencing token: one more each time somebody takes the run. Who holds an older one can write nothing any more.
    /// </summary>
    public long Token { get; private set; }

    /// <summary>Incarnation of the replica that executes it; null when none does, then any may take it.</summary>
    public Guid? HeldBy { get; private set; }

    /// <summary>How often it was taken: above 1 after a crash, a hand-over, a wait or a retry.</summary>
    public int Attempt { get; private set; }

    public bool CancelRequested { get; private set; }
    public long LastEvent { get; private set; }

    /// <summary><see cref="RunWait"/> as JSON while it waits; else null.</summary>
    public string? Wait { get; private set; }

    /// <summary>When it goes on at the latest, whatever it waits for; null = no limit.</summary>
    public DateTimeOffset? WakeAt { get; private set; }

    /// <summary>
    /// Keys of those who may answer while it waits for an approval, to be asked for; empty when it does not. Null: a
    /// release before this one wrote it.
    /// </summary>
    public string[]? Approvers { get; private set; } = [];

    public required string CreatedBy { get; init; }

    /// <summary>
    /// Entity reference of who asked for the last retry: with their rights it goes on. Null = who created it.
    /// </summary>
    public string? RetriedBy { get; private set; }

    /// <summary>For whom it acts.</summary>
    public string ActsFor => RetriedBy ?? CreatedBy;

    /// <summary>
    /// Key of the owner that the form named, else of who created it: decides who may cancel, retry, undo.
    /// </summary>
    public required string Owner { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; private set; }
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>One sentence; null unless it, or its undoing, failed.</summary>
    public string? Failure { get; private set; }

    /// <summary>Why it failed, as far as it decides what helps; null when nobody can tell, or it did not.</summary>
    public FailureCause? Cause { get; private set; }

    /// <summary><see cref="RunOutput"/> as JSON, when completed.</summary>
    public string? Output { get; private set; }

    /// <summary>Entity reference of who asked for the undoing; null unless somebody did.</summary>
    public string? UndoBy { get; private set; }

    public bool IsOver => Status is RunStatus.Completed or RunStatus.Failed or RunStatus.Cancelled or RunStatus.Undone
        or RunStatus.UndoFailed;

    /// <summary>Somebody should be executing it.</summary>
    public bool IsDue => Status is RunStatus.Queued or RunStatus.Running or RunStatus.Undoing;

    public bool CanRetry => Status is RunStatus.Failed or RunStatus.Cancelled;

    public bool CanUndo =>
        Status is RunStatus.Completed or RunStatus.Failed or RunStatus.Cancelled or RunStatus.UndoFailed;

    /// <summary>
    /// The caller takes over execution; the token that it gets is the only one that may write from now on.
    /// </summary>
    public long Take(Guid holder, DateTimeOffset now)
    {
        if (!IsDue) throw Illegal("taken");
        if (Status == RunStatus.Queued) Status = RunStatus.Running;
        StartedAt ??= now;
        HeldBy = holder;
        Attempt++;
        return ++Token;
    }

    /// <summary>Its holder stops: any other may take it at once.</summary>
    public void HandOver()
    {
        if (!IsDue) throw Illegal("handed over");
        HeldBy = null;
    }

    public void Complete(string output, DateTimeOffset now) => End(RunStatus.Completed, now, output: output);

    public void Fail(string failure, DateTimeOffset now, FailureCause? cause = null)
    {
        End(RunStatus.Failed, now, failure);
        Cause = cause;
    }

    public void Cancel(DateTimeOffset now)
    {
        if (Status is not (RunStatus.Queued or RunStatus.Running or RunStatus.Waiting)) throw Illegal("cancelled");
        Status = RunStatus.Cancelled;
        Ended(now);
    }

    /// <summary>A run that nobody executes is cancelled at once; another when its holder hears of it.</summary>
    public void RequestCancel(DateTimeOffset now)
    {
        if (Status is RunStatus.Queued or RunStatus.Waiting) Cancel(now);
        else if (Status == RunStatus.Running) CancelRequested = true;
        else throw Illegal("cancelled");
    }

    /// <summary>Holds no worker until it is woken.</summary>
    public void WaitFor(RunWait wait)
    {
        if (Status != RunStatus.Running) throw Illegal("made to wait");
        (Status, HeldBy, Wait, WakeAt) =
            (RunStatus.Waiting, null, JsonSerializer.Serialize(wait, Json.Options), wait.Until);
        Approvers = wait.Kind == WaitKind.Approval ? wait.ApproverKeys() : [];
    }

    public void Wake()
    {
        if (Status != RunStatus.Waiting) throw Illegal("woken");
        (Status, Wait, WakeAt, Approvers) = (RunStatus.Queued, null, null, []);
    }

    /// <summary>Goes on from the step that failed; what the journal says is done stays done.</summary>
    public void Retry(string by)
    {
        if (!CanRetry) throw Illegal("retried");
        (Status, Failure, Cause, FinishedAt, CancelRequested) = (RunStatus.Queued, null, null, null, false);
        RetriedBy = by == CreatedBy ? null : by;
    }

    public void StartUndo(string by)
    {
        if (!CanUndo) throw Illegal("undone");
        (Status, Failure, FinishedAt, UndoBy) = (RunStatus.Undoing, null, null, by);
    }

    public void EndUndo(DateTimeOffset now)
    {
        if (Status != RunStatus.Undoing) throw Illegal("undone");
        (Status, Secrets, MadeOfSecrets) = (RunStatus.Undone, null, null);
        Ended(now);
    }

    public void FailUndo(string failure, DateTimeOffset now)
    {
        if (Status != RunStatus.Undoing) throw Illegal("undone");
        (Status, Failure) = (RunStatus.UndoFailed, failure);
        Ended(now);
    }

    /// <summary>The number for the next event, counted under the row's lock.</summary>
    public long NextEvent() => ++LastEvent;

    private void End(RunStatus status, DateTimeOffset now, string? failure = null, string? output = null)
    {
        if (Status != RunStatus.Running) throw Illegal(status.ToString().ToLowerInvariant());
        (Status, Failure, Output) = (status, failure, output);
        if (status == RunStatus.Completed) (Secrets, MadeOfSecrets) = (null, null);
        Ended(now);
    }

    private void Ended(DateTimeOffset now) =>
        (FinishedAt, HeldBy, Wait, WakeAt, Approvers) = (now, null, null, null, []);

    private InvalidOperationException Illegal(string what) => new($"Run {Id} is {Status} and cannot be {what}.");
}

internal sealed class RunMapping : IEntityTypeConfiguration<Run>
{
    internal const string OneOfASubject = "ix_runs_subject_under_way";

    public void Configure(EntityTypeBuilder<Run> builder)
    {
        builder.ToTable("runs").HasKey(r => r.Id);
        builder.Ignore(r => r.ActsFor);
        builder.Ignore(r => r.AuditKind);
        builder.Property(r => r.Status).HasConversion<string>();
        builder.Property(r => r.Cause).HasConversion<string>();
        builder.Property(r => r.Names).HasDefaultValueSql("'{}'::text[]");
        builder.Property(r => r.Spec).HasColumnType("jsonb");
        builder.Property(r => r.Values).HasColumnType("jsonb");
        builder.Property(r => r.Output).HasColumnType("jsonb");
        builder.Property(r => r.Wait).HasColumnType("jsonb");
        builder.HasIndex(r => r.CreatedAt);
        builder.HasIndex(r => r.Template);
        builder.HasIndex(r => new { r.Subject, r.CreatedAt }).HasFilter("subject is not null");
        builder.HasIndex(r => r.Subject).IsUnique().HasDatabaseName(OneOfASubject)
            .HasFilter("subject is not null and status in ('Queued', 'Running', 'Waiting', 'Undoing')");
        builder.HasIndex(r => r.Approvers).HasMethod("gin").HasFilter("status = 'Waiting'");
        builder.HasIndex(r => r.Names).HasMethod("gin")
            .HasFilter("status in ('Queued', 'Running', 'Waiting', 'Undoing')");
        builder.HasIndex(r => r.Status).HasFilter("status in ('Queued', 'Running', 'Waiting', 'Undoing')");
    }
}
