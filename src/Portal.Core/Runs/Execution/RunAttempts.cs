using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Data.Clocks;
using Portal.Core.Replicas;
using Portal.Core.Runs.Masking;

namespace Portal.Core.Runs.Execution;

/// <summary>Opens an attempt at a run that was taken, with all that writes for it and all that may end it.</summary>
internal sealed class RunAttempts(
    IDbContextFactory<PortalDbContext> database, SecretBox secrets, RunRedactors redactors, ReplicaLease lease,
    Drain drain, TimeProvider time,
    IClocks clocks)
{
    /// <param name="taken">What it starts from.</param>
    /// <param name="stopping">The process is asked to stop.</param>
    public RunAttempt Open(TakenRun taken, CancellationToken stopping)
    {
        var run = taken.Run;
        return new RunAttempt(
            taken, secrets.Open(run.Secrets), Writer(run, redactors.Of(run)), lease.Hold(run.Id, run.Token), time,
            clocks, stopping, drain.Over);
    }

    /// <summary>A writer for the run beside that of the attempt, which masks the same.</summary>
    public RunWriter Writer(Run run, SecretRedactor redactor) =>
        new(database, time, run.Id, run.Token, redactor, redactors.Seal);
}
