using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Core.Data;
using Portal.Core.Environments;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Data;

public sealed class DatabaseTroubleTests(PostgresFixture postgres)
{
    /// <summary>
    /// A server that is killed tears connections out of Npgsql's hands, which then stumbles in its own ways.
    /// </summary>
    [Fact]
    public void Is_WhatNpgsqlStumblesOver_IsTrouble()
    {
        Assert.True(DatabaseTrouble.Is(new ObjectDisposedException("NpgsqlConnector") { Source = nameof(Npgsql) }));
        Assert.True(DatabaseTrouble.Is(new InvalidOperationException(
            "This NpgsqlTransaction has completed; it is no longer usable.") { Source = nameof(Npgsql) }));
        Assert.True(DatabaseTrouble.Is(new InvalidOperationException("transient", new NpgsqlException("gone"))));
    }

    [Fact]
    public async Task Query_OnAConnectionWhosePreparedStatementsAreBroken_IsTroubleOnceAndWorksAgain()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["ConnectionStrings:Portal"] = $"{database.ConnectionString};Maximum Pool Size=1"
            }).Build();
        await using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddPortalData(configuration).BuildServiceProvider();
        var contexts = services.GetRequiredService<IDbContextFactory<PortalDbContext>>();
        // What the client would call the statements that it prepares next is there already.
        await using (var db = contexts.CreateDbContext())
        {
            for (var i = 0; i < 10; i++) await db.Database.ExecuteSqlRawAsync(
                string.Concat("prepare _auto", i.ToString(CultureInfo.InvariantCulture), " as select 1"));
        }

        var troubles = new List<Exception>();
        for (var i = 0; i < 10; i++)
        {
            await using var db = contexts.CreateDbContext();
            try
            {
                await db.Set<PortalEnvironment>().CountAsync();
            }
            catch (Exception e)
            {
                troubles.Add(e);
            }
        }

        Assert.True(DatabaseTrouble.Is(Assert.Single(troubles)), troubles[0].ToString());
    }

    [Fact]
    public void Is_FaultOfThePortal_IsNone()
    {
        Assert.False(DatabaseTrouble.Is(new ObjectDisposedException("NpgsqlConnector") { Source = "Portal.Core" }));
        Assert.False(DatabaseTrouble.Is(new InvalidOperationException { Source = "Portal.Core" }));
        Assert.False(DatabaseTrouble.Is(new InvalidCastException { Source = nameof(Npgsql) }));
    }
}
