using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Core.Data;

namespace Portal.TestKit.Postgres;

/// <summary>One test's own database; dropped when disposed, whatever is still connected.</summary>
public sealed class TestDatabase : IDbContextFactory<PortalDbContext>, IAsyncDisposable
{
    private readonly Func<Task> drop;
    private readonly DbContextOptions<PortalDbContext> options;

    internal TestDatabase(string connectionString, Func<Task> drop)
    {
        this.drop = drop;
        ConnectionString = connectionString;
        Source = NpgsqlDataSource.Create(connectionString);
        var builder = new DbContextOptionsBuilder<PortalDbContext>();
        builder.UsePortalDatabase(connectionString);
        options = builder.Options;
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    public PortalDbContext CreateDbContext() => new(options);

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await drop();
    }
}
