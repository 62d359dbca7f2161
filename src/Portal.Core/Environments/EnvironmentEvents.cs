using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Environments.Usage;
using Portal.Core.Inbound;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

/// <summary>The row of an environment follows its host, and its meter follows the row.</summary>
internal sealed class EnvironmentEvents(
    IDbContextFactory<PortalDbContext> database, Meter meter, TimeProvider time) : ProviderEventHandler
{
    public override async Task EnvironmentChangedAsync(
        string instance, EnvironmentInfo environment, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var row = await db.LockedEnvironmentAsync(environment.Id, cancellation);
        if (row is null || row.Provider != instance || !row.Follow(environment)) return;
        await meter.FollowAsync(db, row, time.Now(), cancellation);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
