using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Catalog.Discovery;
using Portal.Core.Data;
using Portal.Core.Entities;
using Portal.Core.Inbound;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Activities;

/// <summary>What others do at a provider and the portal only tells.</summary>
internal sealed class ReportedEvents(
    IDbContextFactory<PortalDbContext> database, TimeProvider time) : ProviderEventHandler
{
    public override async Task PullRequestChangedAsync(
        string instance, PullRequestChange change, CancellationToken cancellation)
    {
        if (change.PullRequest.State == "closed") await WithdrawAsync(instance, change, cancellation);
        var number = $"#{change.PullRequest.Number} of {change.Repository}";
        var title =
            change.Title.Length == 0 ? "" : $": {(change.Title.Length <= 200 ? change.Title : change.Title[..200])}";
        var what = $"{Capital(change.Action)} pull request {number}{title}";
        var fact = new ReportedFact(
            $"pull-request:{instance}:{change.Repository}#{change.PullRequest.Number}", change.Action);
        await RecordAsync(
            instance, change.Repository, Reported.Who(change.By), $"pullrequest.{change.Action}", what, fact,
            cancellation);
    }

    /// <summary>How a deployment ended; what it goes through before is no news.</summary>
    public override Task DeploymentChangedAsync(
        string instance, HostDeployment deployment, CancellationToken cancellation)
    {
        var what =
            $"{Reported.Short(deployment.Commit)} of {deployment.Repository} to {deployment.Environment} at {instance}";
        var topic = $"deployment:{instance}:{deployment.Repository}:{deployment.Commit}:{deployment.Environment}";
        return deployment.State switch
        {
            "success" => RecordAsync(
                instance, deployment.Repository, Actor.System, "deployment.reported", $"Saw {what} deployed",
                new ReportedFact(topic, "deployed"), cancellation),
            "failure" or "error" => RecordAsync(
                instance, deployment.Repository, Actor.System, "deployment.reported",
                $"Saw the deployment of {what} fail", new ReportedFact(topic, "failed"), cancellation),
            _ => Task.CompletedTask,
        };
    }

    public override async Task MembershipChangedAsync(
        string instance, MembershipChange change, CancellationToken cancellation)
    {
        var group = change.Team is null
            ? $"Organisation {change.Organisation} at {instance}"
            : $"Team {change.Team} of {change.Organisation} at {instance}";
        var what = $"{group}: {change.Login} {(change.IsMember ? "joined" : "left")}";
        await using var db = await database.CreateDbContextAsync(cancellation);
        var fact = new ReportedFact(
            $"membership:{instance}:{change.Organisation}/{change.Team}:{change.Login}",
            change.IsMember ? "member" : "left");
        await db.RecordOnceAsync(
            time, new AuditEntry(Actor.System, "membership.changed", $"provider:{instance}", what), fact, cancellation);
    }

    /// <summary>A proposed descriptor that was turned down may be proposed again.</summary>
    private async Task WithdrawAsync(string instance, PullRequestChange change, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var repository = await db.RepositoryAsync(instance, change.Repository.ToString(), cancellation);
        await db.Set<FoundRepository>()
            .Where(r => r.RepositoryId == repository && r.PullRequestUrl == change.PullRequest.Url)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.PullRequestUrl, (string?)null), cancellation);
    }

    private async Task RecordAsync(
        string instance, RepositoryName repository, Actor actor, string action, string what, ReportedFact fact,
        CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var about = await db.AboutAsync(instance, repository.ToString(), cancellation);
        await db.RecordOnceAsync(time, new AuditEntry(actor, action, about.Subject, what, about.Owner), fact,
            cancellation);
    }

    private static string Capital(string word) => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..];
}
