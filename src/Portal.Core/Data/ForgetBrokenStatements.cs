using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Portal.Core.Data;

/// <summary>
/// A connection whose preparing was torn apart (the server died or stood still in the middle) believes something else
/// of its prepared statements than the server does, and fails from then on. Its pool is given up, so that the next
/// command has a new one.
/// </summary>
internal sealed class ForgetBrokenStatements(NpgsqlDataSource source) : DbCommandInterceptor
{
    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => Look(eventData.Exception);

    public override Task CommandFailedAsync(
        DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Look(eventData.Exception);
        return Task.CompletedTask;
    }

    private void Look(Exception exception)
    {
        if (DatabaseTrouble.IsBrokenStatement(exception)) source.Clear();
    }
}
