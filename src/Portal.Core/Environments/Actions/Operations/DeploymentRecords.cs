using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Delivery;
using Portal.Core.Providers;
using Portal.Core.Runs;
using Portal.Core.Shared;

namespace Portal.Core.Environments.Actions.Operations;

/// <summary>Deployments as rows: one for each version of an environment, begun again with each attempt.</summary>
public sealed class DeploymentRecords(
    IDbContextFactory<PortalDbContext> database, OperationRecords records, TimeProvider time)
{
    /// <summary>
    /// An error where it is known that another repository built it, one that has the same name by now.
    /// </summary>
    public async Task<Error?> WhyNotAsync(
        PortalEnvironment environment, string pipelineRun, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var builder = await db.Set<PipelineRun>()
            .Where(r => r.Provider == environment.RepositoryProvider && r.Id == pipelineRun)
            .Select(r => r.RepositoryId).SingleOrDefaultAsync(cancellation);
        return builder is null || environment.RepositoryId is null || builder == environment.RepositoryId
            ? null
            : EnvironmentErrors.PipelineOfAnother(pipelineRun, environment.Repository);
    }

    /// <summary>
    /// A step of a template and the portal's own delivery may want the same version at once: they take turns at the
    /// environment's row.
    /// </summary>
    public async Task BeginAsync(Actor by, OperationArgs args, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await db.LockedEnvironmentAsync(args.Environment, cancellation);
        if (await OfAsync(db, args, cancellation) is { } deployment)
        {
            deployment.Begin(by.Ref.ToString(), time.Now());
        }
        else
        {
            var commit = await db.Set<PipelineRun>()
                .Where(r => r.Provider == args.RepositoryProvider && r.Id == args.PipelineRun)
                .Select(r => r.Commit).SingleOrDefaultAsync(cancellation);
            db.Add(new Deployment
            {
                EnvironmentId = args.Environment, PipelineRunId = args.PipelineRun!, Commit = commit ?? "",
                By = by.Ref.ToString(), StartedAt = time.Now(),
            });
        }
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    public Task<PortalEnvironment> SucceedAsync(
        EffectContext context, OperationArgs args, EnvironmentInfo info, CancellationToken cancellation) => EndAsync(
        context, args,
        (row, deployment) =>
        {
            row.Follow(info);
            deployment.Commit = info.Commit ?? deployment.Commit;
            deployment.Succeed(time.Now());
            return new AuditWords("deployment.succeeded", $"Deployed {What(deployment, args)}");
        },
        cancellation);

    /// <summary>Written whatever is being cancelled: nobody may take it for one that goes on.</summary>
    public Task FailAsync(EffectContext context, OperationArgs args, string message, bool tryAgain) => EndAsync(
        context, args,
        (_, deployment) =>
        {
            // Whoever took the run over may have done it meanwhile.
            if (deployment.Status == DeploymentStatus.Running) deployment.Fail(message, time.Now(), tryAgain);
            return new AuditWords(
                "deployment.failed", $"Could not deploy {What(deployment, args)}; the version before goes on serving");
        },
        CancellationToken.None);

    /// <summary>The version from before runs again: this one is not tried again by itself.</summary>
    public Task TakeBackAsync(
        EffectContext context, OperationArgs args, EnvironmentInfo info, CancellationToken cancellation) => EndAsync(
        context, args,
        (row, deployment) =>
        {
            row.Follow(info);
            deployment.Fail($"{context.Actor.DisplayName} undid it: the version from before runs again.", time.Now());
            return new AuditWords(
                "deployment.undone", $"Took back {What(deployment, args)}; the version from before runs again");
        },
        cancellation);

    private Task<PortalEnvironment> EndAsync(
        EffectContext context, OperationArgs args, Func<PortalEnvironment, Deployment, AuditWords> end,
        CancellationToken cancellation) => records.ChangeAsync(
        context, args.Environment,
        async (db, row) =>
        {
            var deployment = await OfAsync(db, args, cancellation);
            return end(row, deployment ?? throw new InvalidOperationException($"{args.Title} was not deployed to."));
        },
        cancellation);

    private static Task<Deployment?> OfAsync(PortalDbContext db, OperationArgs args, CancellationToken cancellation) =>
        db.Set<Deployment>().SingleOrDefaultAsync(
            d => d.EnvironmentId == args.Environment && d.PipelineRunId == args.PipelineRun, cancellation);

    private static string What(Deployment deployment, OperationArgs args) =>
        $"{deployment.Commit[..Math.Min(7, deployment.Commit.Length)]} to environment {args.Title}";
}
