using System.Reflection;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Portal.Core.Data;

namespace Portal.Core.Tests.Data;

/// <summary>
/// The release before this one goes on working on a database that is migrated already: a migration adds what that one
/// does not mind. One that takes something away says in which release its use ended, by the name <c>Contract…</c>.
/// </summary>
public sealed class ExpandOnlyTests
{
    public static TheoryData<string> Later()
    {
        var names = new TheoryData<string>();
        // The first one makes an empty database.
        foreach (var type in Migrations().Skip(1)) names.Add(type.Name);
        return names;
    }

    [Theory]
    [MemberData(nameof(Later))]
    public void Up_LaterMigration_TakesNothingAwayThatTheReleaseBeforeUses(string name)
    {
        if (name.StartsWith("Contract", StringComparison.Ordinal)) return;
        var migration = (Migration)Activator.CreateInstance(Migrations().Single(t => t.Name == name))!;
        migration.ActiveProvider = "Npgsql.EntityFrameworkCore.PostgreSQL";

        Assert.All(
            migration.UpOperations,
            operation => Assert.True(IsHarmless(operation), $"{name}: {operation.GetType().Name} is not"));
    }

    private static bool IsHarmless(MigrationOperation operation) => operation switch
    {
        AddColumnOperation column => column.IsNullable || column.DefaultValue is not null
            || column.DefaultValueSql is not null || column.ComputedColumnSql is not null,
        CreateTableOperation or CreateIndexOperation or DropIndexOperation or AddForeignKeyOperation
            or InsertDataOperation or SqlOperation => true,
        _ => false,
    };

    private static IEnumerable<Type> Migrations() => Assembly.Load(DataSetup.MigrationsAssembly).GetTypes()
        .Where(t => t.GetCustomAttribute<MigrationAttribute>() is not null).OrderBy(
            t => t.GetCustomAttribute<MigrationAttribute>()!.Id, StringComparer.Ordinal);
}
