using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;

namespace Portal.Core.Data;

/// <summary>
/// The one context. Each feature's mapping stands beside its entity; sets are reached by <c>Set&lt;T&gt;()</c>.
/// </summary>
public sealed partial class PortalDbContext : DbContext
{
    /// <summary>
    /// A save that fails ends its transaction, always: no code of ours goes on in it, so none pays for a savepoint.
    /// </summary>
    public PortalDbContext(DbContextOptions<PortalDbContext> options)
        : base(options) => Database.AutoSavepointsEnabled = false;

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(PortalDbContext).Assembly);
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties()) property.SetColumnName(SnakeCase(property.Name));
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<decimal>().HavePrecision(20, 8);

    private static string SnakeCase(string name) => WordStart().Replace(name, "_$0").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z0-9])[A-Z]")]
    private static partial Regex WordStart();
}
