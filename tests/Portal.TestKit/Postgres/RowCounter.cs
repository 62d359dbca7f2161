using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Data;

namespace Portal.TestKit.Postgres;

/// <summary>Counts what the portal asks of its database, and the rows that come over the line.</summary>
public sealed class RowCounter : DbCommandInterceptor
{
    private int commands, rows;

    public int Commands => commands;

    public int Rows => rows;

    /// <summary>Counts for every context that the services make.</summary>
    public void CountFor(IServiceCollection services) =>
        services.ConfigureDbContext<PortalDbContext>(options => options.AddInterceptors(this));

    public void Reset() => (commands, rows) = (0, 0);

    public override ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result,
        CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref commands);
        return base.ReaderExecutedAsync(command, eventData, result, cancellationToken);
    }

    public override InterceptionResult DataReaderDisposing(
        DbCommand command, DataReaderDisposingEventData eventData, InterceptionResult result)
    {
        Interlocked.Add(ref rows, eventData.ReadCount);
        return base.DataReaderDisposing(command, eventData, result);
    }
}
