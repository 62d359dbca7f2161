using Portal.Core.Data;
using Portal.Core.Entities;

namespace Portal.Core.Catalog;

/// <summary>
/// What lies behind the sample organisation's services, so that a first look finds a company at work.
/// </summary>
public interface ISampleHistory
{
    /// <summary>Part of the caller's transaction.</summary>
    /// <param name="services">The sample's components.</param>
    Task AddAsync(PortalDbContext db, IReadOnlyList<CatalogEntity> services, CancellationToken cancellation);

    Task RemoveAsync(PortalDbContext db, CancellationToken cancellation);
}
