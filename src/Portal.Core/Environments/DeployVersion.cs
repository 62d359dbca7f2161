using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Environments.Usage;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

/// <summary>Puts the artifact of a pipeline run into an environment. What does not become healthy leaves the old version serving.</summary>
public sealed class DeployVersion(IDbContextFactory<PortalDbContext> database, ProviderRegistry providers, EnvironmentVersions versions, Meter meter, TimeProvider time)
{
    public async Task<Result<Done>> ExecuteAsync(string environment, string pipelineRun, string commit, Actor actor, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var row = await db.Set<PortalEnvironment>().SingleOrDefaultAsync(e => e.Id == environment, cancellation);
        if (row is null || row.Status == EnvironmentStatus.Destroyed) return EnvironmentErrors.NotFound(environment);
        if (row.IsReserved) return EnvironmentErrors.BeingMade(row);
        if (row.Status == EnvironmentStatus.Stopped) return EnvironmentErrors.WrongState(row, "deployed to; start it first");
        // The same pipeline run again is another try of the same deployment.
        var deployment = await db.Set<Deployment>().SingleOrDefaultAsync(d => d.EnvironmentId == environment && d.PipelineRunId == pipelineRun, cancellation);
        if (deployment is { Status: DeploymentStatus.Succeeded }) return Done.Instance;
        if (deployment is null)
        {
            deployment = new Deployment { EnvironmentId = environment, PipelineRunId = pipelineRun, Commit = commit, By = actor.Ref.ToString(), StartedAt = time.Now() };
            db.Add(deployment);
            await db.SaveChangesAsync(cancellation);
        }
        return await AtHostAsync(db, row, deployment, actor, cancellation);
    }

    private async Task<Result<Done>> AtHostAsync(
        PortalDbContext db, PortalEnvironment row, Deployment deployment, Actor actor, CancellationToken cancellation)
    {
        EntityRef.TryParse(row.Owner, "group", out var owner);
        var what = $"{deployment.Commit[..Math.Min(7, deployment.Commit.Length)]} to environment {row.Name} of {EntityRef.Parse(row.Component).Name}";
        try
        {
            var version = await versions.OfAsync(row.RepositoryProvider, RepositoryName.Parse(row.Repository), deployment.PipelineRunId, cancellation);
            var info = await providers.Get<IEnvironmentHost>(row.Provider).DeployAsync(row.Id, version, cancellation);
            await db.Entry(row).ReloadAsync(CancellationToken.None);
            row.Follow(info);
            await meter.FollowAsync(db, row, time.Now(), CancellationToken.None);
            deployment.Succeed(time.Now());
            await db.SaveAuditedAsync(
                time, CancellationToken.None, new AuditEntry(actor, "deployment.succeeded", $"environment:{row.Id}", $"Deployed {what}", owner));
            return Done.Instance;
        }
        catch (ProviderException e)
        {
            deployment.Fail(e.Message, time.Now());
            await db.SaveAuditedAsync(
                time, CancellationToken.None,
                new AuditEntry(actor, "deployment.failed", $"environment:{row.Id}", $"Could not deploy {what}; the version before goes on serving", owner));
            return e.Error;
        }
    }
}
