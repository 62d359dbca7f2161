using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using Portal.Core.Data;
using Portal.Core.Delivery;
using Portal.Core.Entities;
using Portal.Core.Environments;
using Portal.Core.Runs;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Data;

public sealed class MigrateDatabaseTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_ManyAtOnceOnAnEmptyDatabase_AppliesEachMigrationOnce()
    {
        await using var database = await postgres.CreateEmptyDatabaseAsync(Cancellation);
        var direct = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString;

        await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(() => new MigrateDatabase().RunAsync(direct, Cancellation))));

        await using var db = database.CreateDbContext();
        Assert.Equal(db.Database.GetMigrations(), await db.Database.GetAppliedMigrationsAsync(Cancellation));
        await using var quartz = database.Source.CreateCommand(
            "select count(*) from information_schema.tables where table_schema = 'quartz'");
        Assert.Equal(15L, await quartz.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task Run_NothingPending_AsksOneQuestion()
    {
        await using var database = await postgres.CreateDatabaseAsync(Cancellation);
        var watch = Stopwatch.StartNew();

        await new MigrateDatabase().RunAsync(database.ConnectionString, Cancellation);

        TestContext.Current.TestOutputHelper?.WriteLine($"{watch.Elapsed.TotalMilliseconds:0.0} ms");
        await using var query = database.Source.CreateCommand(
            "select query from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state = 'idle'");
        Assert.Contains(
            DataSetup.MigrationsTable, (string?)await query.ExecuteScalarAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DatabaseWithTheFileInEachRow_KeepsEachTextOnceAndEveryEntityItsOwn()
    {
        await using var database = await postgres.CreateEmptyDatabaseAsync(Cancellation);
        await using var db = database.CreateDbContext();
        var before = db.Database.GetMigrations()
            .TakeWhile(m => !m.EndsWith("_DescriptorFiles", StringComparison.Ordinal)).Last();
        await db.GetService<IMigrator>().MigrateAsync(before, Cancellation);
        await db.Database.ExecuteSqlRawAsync("""
            insert into catalog_entities (id, key, kind, namespace, name, tags, descriptor, source_text, location, is_sample, created_at, updated_at)
            select gen_random_uuid(), 'component:default/c' || i, 'Component', 'default', 'c' || i, '{{}}', '{{}}',
              case when i = 1 then 'other $text' when i = 2 then '' else repeat('the same text ', 1000) end, 'url:x', false, now(), now()
            from generate_series(1, 300) i
            """, Cancellation);

        await new MigrateDatabase().RunAsync(database.ConnectionString, Cancellation);

        var files = await db.Set<DescriptorFile>().OrderBy(f => f.Text.Length).ToListAsync(Cancellation);
        Assert.Equal(
            ["other $text", string.Concat(Enumerable.Repeat("the same text ", 1000))], files.Select(f => f.Text));
        Assert.Equal([null, 0], files.Select(f => f.Includes?.Count));
        Assert.Equal(files.Select(f => DescriptorFile.HashOf(f.Text)), files.Select(f => f.Hash));
        Assert.Equal((1, 1, 298), (
            await db.Set<CatalogEntity>().CountAsync(e => e.FileId == files[0].Id, Cancellation),
            await db.Set<CatalogEntity>().CountAsync(e => e.FileId == null, Cancellation),
            await db.Set<CatalogEntity>().CountAsync(e => e.FileId == files[1].Id, Cancellation)));
        await using var left =
            database.Source.CreateCommand("select count(*) from catalog_entities where source_text <> ''");
        Assert.Equal(0L, await left.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task Run_RunsThatWaitForAnApproval_GetTheirApproversAsKeys()
    {
        await using var database = await postgres.CreateEmptyDatabaseAsync(Cancellation);
        await using var db = database.CreateDbContext();
        await MigrateToBeforeAsync(db, "_OwnersAndApprovers");
        await db.Database.ExecuteSqlRawAsync("""
            insert into runs (id, title, spec, "values", secret_names, status, token, attempt, cancel_requested, last_event, wait, created_by, owner, created_at)
            select gen_random_uuid(), kind, '{{}}', '{{}}', '{{}}', 'Waiting', 1, 1, false, 0, jsonb_build_object('key', 'k', 'stepId', 's', 'kind', kind, 'title', 't',
              'approvers', jsonb_build_array('platform', ' Group:Default/Platform ', 'user:bo', 'other/team', 'user:other/kim')), 'user:default/ada', 'group:default/x', now()
            from unnest(array['approval', 'event']) kind
            """, Cancellation);

        await new MigrateDatabase().RunAsync(database.ConnectionString, Cancellation);

        var runs = await db.Set<Run>().AsNoTracking().OrderBy(r => r.Title).ToListAsync(Cancellation);
        Assert.Equal(
            ["group:default/platform", "group:other/team", "user:default/bo", "user:other/kim"],
            runs[0].Approvers!.Order(StringComparer.Ordinal));
        Assert.Equal(new RunWait(
            "k", "s", WaitKind.Approval, "t",
            ["platform", " Group:Default/Platform ", "user:bo", "other/team", "user:other/kim"], null,
            null).ApproverKeys().Order(StringComparer.Ordinal), runs[0].Approvers!.Order(StringComparer.Ordinal));
        Assert.Null(runs[1].Approvers);
    }

    [Fact]
    public async Task Run_EnvironmentsThatWereGivenBack_AreMarkedAsThat()
    {
        await using var database = await postgres.CreateEmptyDatabaseAsync(Cancellation);
        await using var db = database.CreateDbContext();
        await MigrateToBeforeAsync(db, "_ReportedFacts");
        await db.Database.ExecuteSqlRawAsync("""
            insert into environments (id, name, component, owner, type, size, provider, repository, repository_provider, follows_default_branch, status, restarts,
              created_by, run_id, price_per_hour, currency, created_at, is_reserved, adopted_from, message)
            select 'e-' || i, 'e-' || i, 'c', 'o', 'dev', 'small', 'local', 'r', 'local', true, 'Destroyed', 0, 'user:default/ada', gen_random_uuid(), 0, 'EUR', now(), false,
              case when i < 3 then 'rg-' || i end, case when i <> 2 then 'It was given back and goes on running, without the portal.' end
            from generate_series(1, 3) i
            """, Cancellation);

        await new MigrateDatabase().RunAsync(database.ConnectionString, Cancellation);

        Assert.Equal(
            [true, false, false],
            await db.Set<PortalEnvironment>().OrderBy(e => e.Id).Select(e => e.IsReleased).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Run_WhatNamesRepositories_RefersToThem_AndSoDoesWhatTheReleaseBeforeGoesOnWriting()
    {
        await using var database = await postgres.CreateEmptyDatabaseAsync(Cancellation);
        await using var db = database.CreateDbContext();
        await MigrateToBeforeAsync(db, "_KnownRepositories");
        await db.Database.ExecuteSqlRawAsync(
            "insert into repositories (provider, name, default_branch, seen_at) values ('forge', 'shop/a', 'trunk', now())",
            Cancellation);
        await AddEntityAsync(db, "a", "forge", "shop/a", "url:https://forge/shop/a/blob/main/docs/catalog-info.yaml");
        await AddEntityAsync(db, "b", "forge", "Shop/B", "url:https://forge/git/shop/b.git/catalog-info.yaml");
        await AddEntityAsync(db, "c", null, null, "portal:c");
        await AddRunAsync(db, "forge", "r1", "shop/a");
        await AddRunAsync(db, "smithy", "r2", "shop/a");

        await new MigrateDatabase().RunAsync(database.ConnectionString, Cancellation);

        await AddRunAsync(db, "forge", "r3", "shop/a");
        await AddRunAsync(db, "forge", "r4", "SHOP/b");
        await AddRunAsync(db, "forge", "r5", "shop/new");
        var rows = await db.Set<RepositoryRow>().ToDictionaryAsync(r => $"{r.Provider}/{r.Name}", Cancellation);
        Assert.Equal(["forge/Shop/B", "forge/shop/a", "forge/shop/new", "smithy/shop/a"],
            rows.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("trunk", rows["forge/shop/a"].DefaultBranch);
        var runs = await db.Set<PipelineRun>()
            .ToDictionaryAsync(r => r.Id, r => (r.RepositoryId, r.Repository), Cancellation);
        Assert.Equal((rows["forge/shop/a"].Id, "shop/a"), runs["r1"]);
        Assert.Equal((rows["smithy/shop/a"].Id, "shop/a"), runs["r2"]);
        Assert.Equal((rows["forge/shop/a"].Id, "shop/a"), runs["r3"]);
        Assert.Equal((rows["forge/Shop/B"].Id, "Shop/B"), runs["r4"]);
        Assert.Equal((rows["forge/shop/new"].Id, "shop/new"), runs["r5"]);
        var entities = await db.Set<CatalogEntity>().OrderBy(e => e.Name)
            .Select(e => new { e.RepositoryId, e.RepositoryPath }).ToListAsync(Cancellation);
        Assert.Equal(
            [(rows["forge/shop/a"].Id, "docs/catalog-info.yaml"), (rows["forge/Shop/B"].Id, "catalog-info.yaml"),
                (null, null)],
            entities.Select(e => (e.RepositoryId, e.RepositoryPath)));
        // What the release before does about a rename leaves its own table alone, and does not part a copy from its
        // row.
        await db.Database.ExecuteSqlRawAsync("update pipeline_runs set repository = 'shop/z' where id = 'r1'",
            Cancellation);
        await db.Database.ExecuteSqlRawAsync("delete from repositories", Cancellation);
        Assert.Equal("shop/a",
            await db.Set<PipelineRun>().Where(r => r.Id == "r1").Select(r => r.Repository).SingleAsync(Cancellation));
    }

    private static Task AddEntityAsync(
        PortalDbContext db, string name, string? provider, string? repository, string location) =>
            db.Database.ExecuteSqlAsync(
        $$"""
        insert into catalog_entities (
          id, key, kind, namespace, name, tags, descriptor, location, provider, repository, is_sample, created_at, updated_at)
        values (
          gen_random_uuid(), {{name}}, 'Component', 'default', {{name}}, '{}', '{}', {{location}}, {{provider}}, {{repository}},
          false, now(), now())
        """, Cancellation);

    private static Task AddRunAsync(PortalDbContext db, string provider, string id, string repository) =>
        db.Database.ExecuteSqlAsync(
        $$"""
        insert into pipeline_runs (provider, id, repository, number, branch, "commit", status, created_at, data)
        values ({{provider}}, {{id}}, {{repository}}, 1, 'main', 'c', 'Passed', now(), '{}')
        """, Cancellation);

    private static Task MigrateToBeforeAsync(PortalDbContext db, string name) =>
        db.GetService<IMigrator>().MigrateAsync(
            db.Database.GetMigrations().TakeWhile(m => !m.EndsWith(name, StringComparison.Ordinal)).Last(),
            Cancellation);

    [Fact]
    public void Migrations_AgreeWithTheModel()
    {
        var options = new DbContextOptionsBuilder<PortalDbContext>();
        options.UsePortalDatabase("Host=127.0.0.1");
        using var db = new PortalDbContext(options.Options);

        Assert.False(db.Database.HasPendingModelChanges(), "the model has changed: run ./portal migration add NAME");
    }

    [Fact]
    public void CreateScript_IsWhatTheMigrationsSay()
    {
        var options = new DbContextOptionsBuilder<PortalDbContext>();
        options.UsePortalDatabase("Host=127.0.0.1");
        using var db = new PortalDbContext(options.Options);

        var script = db.GetService<IMigrator>().GenerateScript(
            options: MigrationsSqlGenerationOptions.NoTransactions);

        Assert.True(
            script.ReplaceLineEndings().TrimEnd() == MigrateDatabase.CreateScript().ReplaceLineEndings().TrimEnd(),
            "create.sql is not what the migrations say: run ./portal migration refresh");
    }

    [Fact]
    public async Task Run_NewDatabase_BecomesWhatTheMigrationsMakeOneByOne()
    {
        await using var created = await postgres.CreateEmptyDatabaseAsync(Cancellation);
        await using var migrated = await postgres.CreateEmptyDatabaseAsync(Cancellation);
        await using (var db = migrated.CreateDbContext())
        {
            await db.Database.ExecuteSqlRawAsync(QuartzSchema.Script(), Cancellation);
            await db.GetService<IMigrator>().MigrateAsync(null, Cancellation);
        }

        await new MigrateDatabase().RunAsync(created.ConnectionString, Cancellation);

        var schema = await SchemaAsync(created);
        Assert.Contains(schema, line => line.StartsWith("column public.runs id", StringComparison.Ordinal));
        Assert.Equal(await SchemaAsync(migrated), schema);
    }

    [Fact]
    public async Task Run_NewDatabaseThatCannotBeMadeWhole_IsLeftWithoutTables()
    {
        await using var database = await postgres.CreateEmptyDatabaseAsync(Cancellation);
        await using var obstacle = database.Source.CreateCommand("create table role_grants (mine int)");
        await obstacle.ExecuteNonQueryAsync(Cancellation);

        var failure = await Assert.ThrowsAsync<PostgresException>(
            () => new MigrateDatabase().RunAsync(database.ConnectionString, Cancellation));

        Assert.Equal(PostgresErrorCodes.DuplicateTable, failure.SqlState);
        await using var tables = database.Source.CreateCommand(
            "select string_agg(table_name, ',') from information_schema.tables where table_schema = 'public'");
        Assert.Equal("role_grants", await tables.ExecuteScalarAsync(Cancellation));
    }

    /// <summary>Everything that there is in a database of ours, one line each, and which migrations made it.</summary>
    private static async Task<List<string>> SchemaAsync(TestDatabase database)
    {
        await using var command = database.Source.CreateCommand("""
            select format('column %s.%s %s %s %s %s %s %s %s', table_schema, table_name, column_name, ordinal_position,
              data_type, character_maximum_length, is_nullable, column_default, identity_generation) as line
            from information_schema.columns where table_schema in ('public', 'quartz')
            union all
            select format('index %s', indexdef) from pg_indexes where schemaname in ('public', 'quartz')
            union all
            select format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
            from pg_constraint where connamespace in ('public'::regnamespace, 'quartz'::regnamespace)
            union all
            select format('function %s', pg_get_functiondef(oid))
            from pg_proc where pronamespace in ('public'::regnamespace, 'quartz'::regnamespace) and prokind in ('f', 'p')
            union all
            select format('trigger %s', pg_get_triggerdef(oid)) from pg_trigger where not tgisinternal
            union all
            select format('migration %s %s', "MigrationId", "ProductVersion") from __migrations
            order by line
            """);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var lines = new List<string>();
        while (await reader.ReadAsync(Cancellation)) lines.Add(reader.GetString(0));
        return lines;
    }

    [Fact]
    public async Task CreateDatabase_OfATemplate_IsQuickAndMigrated()
    {
        await (await postgres.CreateDatabaseAsync(Cancellation)).DisposeAsync();
        var times = new List<double>();
        for (var round = 0; round < 5; round++)
        {
            var watch = Stopwatch.StartNew();
            await using var database = await postgres.CreateDatabaseAsync(Cancellation);
            times.Add(watch.Elapsed.TotalMilliseconds);
            await using var db = database.CreateDbContext();
            Assert.Empty(await db.Database.GetPendingMigrationsAsync(Cancellation));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"clones: {string.Join(", ", times.Select(time => $"{time:0}"))} ms");
    }
}
