using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Providers;

namespace Portal.Core.Environments.Usage;

/// <summary>
/// Counts the hours in which environments run: an open interval while one runs, closed when it does not.
/// </summary>
public sealed class Meter
{
    /// <summary>Brings the meter in line with the environment's state; part of the caller's transaction.</summary>
    public async Task FollowAsync(
        PortalDbContext db, PortalEnvironment environment, DateTimeOffset now, CancellationToken cancellation)
    {
        // An unhealthy environment holds its machine all the same. What is adopted has no price of the portal's: its
        // provider bills it.
        var runs = environment is { AdoptedFrom: null, Runs: true };
        var open = await db.Set<UsageInterval>()
            .SingleOrDefaultAsync(u => u.EnvironmentId == environment.Id && u.To == null, cancellation);
        if (open is not null && !runs) open.To = now > open.From ? now : open.From;
        if (open is null && runs)
        {
            db.Add(new UsageInterval
            {
                EnvironmentId = environment.Id, Component = environment.Component, Owner = environment.Owner,
                Size = environment.Size, PricePerHour = environment.PricePerHour, Currency = environment.Currency,
                From = now,
            });
        }
    }
}
