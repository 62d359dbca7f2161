using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Portal.Core.Data;

namespace Portal.Migrations.Design;

/// <summary>Gives <c>dotnet ef</c> the model; writing a migration connects to nothing.</summary>
internal sealed class PortalDbContextFactory : IDesignTimeDbContextFactory<PortalDbContext>
{
    public PortalDbContext CreateDbContext(string[] args)
    {
        var connectionString = args is [var given, ..] ? given : "Host=127.0.0.1;Database=portal";
        var options = new DbContextOptionsBuilder<PortalDbContext>();
        options.UsePortalDatabase(connectionString);
        return new PortalDbContext(options.Options);
    }
}
