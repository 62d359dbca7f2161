using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;
using Portal.Core.Data.Clocks;

namespace Portal.Core.Data;

/// <summary>How to reach the database.</summary>
/// <param name="Pooled">For everything that a pooler may stand before.</param>
/// <param name="Direct">For LISTEN, advisory locks and migrations: straight to the server.</param>
public sealed record DatabaseConnections(string Pooled, string Direct)
{
    /// <summary>
    /// <c>ConnectionStrings:Portal</c>, and <c>ConnectionStrings:PortalDirect</c> where a pooler stands between.
    /// </summary>
    public static DatabaseConnections From(IConfiguration configuration)
    {
        var pooled = configuration.GetConnectionString("Portal") is { Length: > 0 } text
            ? text
            : throw new InvalidOperationException(
                "ConnectionStrings:Portal is empty, and no private PostgreSQL was started in its place.");
        return configuration.GetConnectionString("PortalDirect") is { Length: > 0 } direct
            ? new DatabaseConnections(pooled, direct)
            : Tuned(pooled);
    }

    /// <summary>
    /// As <see cref="Pooled"/>, for the scheduler: what it commits need not wait for the disk, because what must run is
    /// told by rows of ours.
    /// </summary>
    public string Scheduler { get; init; } = Pooled;

    /// <summary>
    /// Without a pooler between, statements that come again and again are planned once per connection, and a connection
    /// is not reset before its next use: nothing that uses <see cref="Pooled"/> changes its session. What the text sets
    /// itself stays.
    /// </summary>
    private static DatabaseConnections Tuned(string text)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = text };
        var pooled = new NpgsqlConnectionStringBuilder(text);
        if (!Sets("Max Auto Prepare")) pooled.MaxAutoPrepare = 200;
        if (!Sets("Auto Prepare Min Usages")) pooled.AutoPrepareMinUsages = 2;
        if (!Sets("No Reset On Close")) pooled.NoResetOnClose = true;
        // Whatever state a connection gets into, it does not last.
        if (!Sets("Connection Lifetime")) pooled.ConnectionLifetime = 300;
        var scheduler = new NpgsqlConnectionStringBuilder(
            pooled.ConnectionString) { MaxPoolSize = Math.Min(pooled.MaxPoolSize, 20) };
        if (!Sets("Connection Lifetime")) scheduler.ConnectionLifetime = 60;
        if (!Sets("Options")) scheduler.Options = "-c synchronous_commit=off";
        return new DatabaseConnections(pooled.ConnectionString, text) { Scheduler = scheduler.ConnectionString };

        bool Sets(string key) => given.ContainsKey(key) || given.ContainsKey(key.Replace(" ", ""));
    }
}

public static class DataSetup
{
    /// <summary>Where the migrations are; a name, because the arrows of the house run the other way.</summary>
    public const string MigrationsAssembly = "Portal.Migrations";

    /// <summary>Which migrations are applied.</summary>
    public const string MigrationsTable = "__migrations";

    /// <summary>The context, by factory only: one context per operation.</summary>
    public static IServiceCollection AddPortalData(this IServiceCollection services, IConfiguration configuration)
    {
        // Read when it is first needed: a private PostgreSQL may still be starting.
        services.AddSingleton(_ => DatabaseConnections.From(configuration));
        // One pool for the context and for the few queries that hand out JSON as PostgreSQL made it.
        services.AddSingleton(s => NpgsqlDataSource.Create(s.GetRequiredService<DatabaseConnections>().Pooled));
        services.AddSingleton<ForgetBrokenStatements>();
        services.AddPooledDbContextFactory<PortalDbContext>((s, o) => o.UseNpgsql(
            s.GetRequiredService<NpgsqlDataSource>(), Configure)
            .UseWrittenModel()
            .AddInterceptors(s.GetRequiredService<ForgetBrokenStatements>()));
        return services.AddClocks(configuration);
    }

    public static DbContextOptionsBuilder UsePortalDatabase(
        this DbContextOptionsBuilder options, string connectionString) =>
        options.UseNpgsql(connectionString, Configure).UseWrittenModel();

    /// <summary>On a connection of the caller's.</summary>
    public static DbContextOptionsBuilder UsePortalDatabase(
        this DbContextOptionsBuilder options, NpgsqlConnection connection) =>
        options.UseNpgsql(connection, Configure).UseWrittenModel();

    private static void Configure(NpgsqlDbContextOptionsBuilder options) =>
        options.MigrationsAssembly(MigrationsAssembly).MigrationsHistoryTable(MigrationsTable);
}
