using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Environments.Usage;
using Portal.Core.Inbound;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Core.Environments;

/// <summary>The row of an environment follows its host, and its meter follows the row.</summary>
internal sealed class EnvironmentEvents(IDbContextFactory<PortalDbContext> database, Meter meter, TimeProvider time) : ProviderEventHandler
{
    public override async Task EnvironmentChangedAsync(string instance, EnvironmentInfo environment, CancellationToken cancellation)
    {
        await using var db = await database.CreateDbContextAsync(cancellation);
        var row = await db.Set<PortalEnvironment>().SingleOrDefaultAsync(e => e.Id == environment.Id && e.Provider == instance, cancellation);
        if (row is null || !row.Follow(environment)) return;
        await meter.FollowAsync(db, row, time.Now(), cancellation);
        await db.SaveChangesAsync(cancellation);
    }
}
