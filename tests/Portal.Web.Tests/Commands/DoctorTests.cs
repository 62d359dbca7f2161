using System.Text.Json.Nodes;
using Portal.Core.Data;
using Portal.Core.Data.Clocks;
using Portal.Core.Environments.Comparing;
using Portal.Core.Replicas;
using Portal.Core.Runs;
using Portal.TestKit;
using Portal.TestKit.Postgres;
using Portal.Web.Commands;
using Portal.Web.Commands.Doctor;

namespace Portal.Web.Tests.Commands;

public sealed class DoctorTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly string data = Directory.CreateTempSubdirectory("portal-doctor-").FullName;
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await postgres.CreateDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task Examine_LivingReplicaAndNothingAmiss_FailsNothing()
    {
        await AddAsync(NewReplica("one"));

        var findings = await ExamineAsync();

        Assert.DoesNotContain(findings, f => f.Verdict == Verdict.Fail);
        foreach (var check in new[]
        {
            "settings", "database", "clock", "connections", "migrations", "scheduler", "notifications", "keys",
            "replicas", "queue", "held runs", "triggers"
        })
        {
            Assert.Equal(Verdict.Ok, Of(findings, check).Verdict);
        }
    }

    [Fact]
    public async Task Examine_DatabaseThatIsNotThere_Fails()
    {
        var findings = await ExamineAsync("--ConnectionStrings:Portal=Host=127.0.0.1;Port=1;Database=portal");

        Assert.Equal(Verdict.Fail, Of(findings, "database").Verdict);
        Assert.Contains("ConnectionStrings:Portal", Of(findings, "database").Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Examine_EmptyDatabase_SaysThatTheStartMakesTheTables()
    {
        await using var empty = await postgres.CreateEmptyDatabaseAsync();

        var findings = await ExamineAsync($"--ConnectionStrings:Portal={empty.ConnectionString}");

        Assert.Equal(Verdict.Warn, Of(findings, "migrations").Verdict);
        Assert.DoesNotContain(findings, f => f.Check == "replicas");
    }

    [Theory]
    [InlineData(
        "delete from __migrations where \"MigrationId\" = (select max(\"MigrationId\") from __migrations)", "Warn",
        "not applied")]
    [InlineData("insert into __migrations values ('29991231000000_Later', '99')", "Ok", "newer build")]
    public async Task Examine_Migrations_SaysWhatDiffers(string sql, string verdict, string said)
    {
        await ExecuteAsync(sql);

        var finding = Of(await ExamineAsync(), "migrations");

        Assert.Equal(verdict, finding.Verdict.ToString());
        Assert.Contains(said, finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Portal:Port=99999", "Portal:Port")]
    [InlineData("--Portal:Runs:AtOnce=0", "Portal:Runs:AtOnce")]
    [InlineData("--Portal:Port=many", "Portal:Port")]
    public async Task Examine_BadSetting_FailsAndNamesIt(string setting, string key)
    {
        var failed = Assert.Single(await ExamineAsync(setting), f => f is { Check: "settings", Verdict: Verdict.Fail });

        Assert.Contains(key, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Examine_ProductionWithoutCertificate_Fails()
    {
        var failed = Assert.Single(
            await ExamineAsync("--environment=Production"), f => f is { Check: "settings", Verdict: Verdict.Fail });

        Assert.Contains("Portal:Keys:Certificate", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Examine_ProviderThatDoesNotAnswer_FailsByItsName()
    {
        var findings = await ExamineAsync(
            "--Portal:Providers:forge:Type=GitHub", "--Portal:Providers:forge:Address=http://127.0.0.1:1",
            "--Portal:Providers:forge:Token=ghp_none");

        Assert.Equal(Verdict.Fail, Of(findings, "provider forge").Verdict);
        Assert.DoesNotContain("ghp_none", Of(findings, "provider forge").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Examine_ProviderOutsideInProduction_FailsForWantOfASignIn() => Assert.Contains(
        await ExamineAsync(
            "--environment=Production", "--Portal:Providers:forge:Type=GitHub",
            "--Portal:Providers:forge:Token=ghp_none"),
        f => f is { Check: "settings", Verdict: Verdict.Fail }
            && f.Message.Contains("Portal:Providers:forge:Type", StringComparison.Ordinal));

    [Fact]
    public async Task Examine_KeyInClearInTheDatabase_Fails()
    {
        await AddAsync(new DataProtectionKey
        {
            FriendlyName = "key-1", Xml = "<key><masterKey><value>AA==</value></masterKey></key>",
            CreatedAt = DateTimeOffset.UtcNow
        });

        Assert.Equal(Verdict.Fail, Of(await ExamineAsync(), "keys").Verdict);
    }

    [Fact]
    public async Task Examine_RunOfADeadReplica_FailsWhileAnotherIsAlive()
    {
        var dead = NewReplica("dead", seen: TimeSpan.FromMinutes(2));
        await AddAsync(dead);
        await AddAsync(NewRun(taken: dead.Incarnation));
        Assert.Equal(Verdict.Warn, Of(await ExamineAsync(), "held runs").Verdict);

        await AddAsync(NewReplica("alive"));

        Assert.Equal(Verdict.Fail, Of(await ExamineAsync(), "held runs").Verdict);
    }

    [Fact]
    public async Task Examine_RunThatWaits_FailsWhileAReplicaIsIdle()
    {
        var one = NewReplica("one");
        await AddAsync(NewRun());
        Assert.Equal(Verdict.Warn, Of(await ExamineAsync(), "queue").Verdict);

        await AddAsync(one);
        var finding = Of(await ExamineAsync(), "queue");
        Assert.Equal(Verdict.Fail, finding.Verdict);
        Assert.Contains("one is idle", finding.Message, StringComparison.Ordinal);

        await AddAsync(NewRun(taken: one.Incarnation));
        Assert.Equal(Verdict.Warn, Of(await ExamineAsync(), "queue").Verdict);
    }

    [Fact]
    public async Task Examine_TwoReplicasOfOneName_Fails()
    {
        await AddAsync(NewReplica("same"));
        await AddAsync(NewReplica("same"));

        Assert.Equal(Verdict.Fail, Of(await ExamineAsync(), "replicas").Verdict);
    }

    [Fact]
    public async Task Examine_NoPrivateDatabaseYet_Warns() =>
        Assert.Equal(Verdict.Warn, Of(await ExamineAsync(Private), "database").Verdict);

    [Fact]
    public async Task Examine_PrivateDatabaseThatIsDown_Fails()
    {
        var installed = Directory.GetDirectories("/usr/lib/postgresql").Select(Path.GetFileName)
            .Where(v => int.TryParse(v, out _)).Max();
        HasCluster(installed!);

        var finding = Of(await ExamineAsync(Private), "database");

        Assert.Equal(Verdict.Fail, finding.Verdict);
        Assert.Contains("does not run", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Examine_PrivateDatabaseOfAnotherVersion_Fails()
    {
        HasCluster("9");

        var finding = Of(await ExamineAsync(Private), "database");

        Assert.Equal(Verdict.Fail, finding.Verdict);
        Assert.Contains("made by PostgreSQL 9", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Examine_PrivateDatabaseHalfThere_Fails()
    {
        Directory.CreateDirectory(Path.Combine(data, "postgres", "data", "base"));

        Assert.Equal(Verdict.Fail, Of(await ExamineAsync(Private), "database").Verdict);
    }

    [Fact]
    public async Task Examine_DataFolderIsAFile_Fails()
    {
        var file = Path.Combine(data, "file");
        await File.WriteAllTextAsync(file, "");

        Assert.Equal(Verdict.Fail, Of(await ExamineAsync($"--Portal:Data={file}"), "data folder").Verdict);
    }

    [Theory]
    [InlineData("--Portal:Disk:FullMiB=1048576", "Fail")]
    [InlineData("--Portal:Disk:LowMiB=1048576", "Warn")]
    public async Task Examine_DiskBelowALimit_SaysSo(string setting, string verdict) =>
        Assert.Equal(verdict, Of(await ExamineAsync(setting), "disk").Verdict.ToString());

    [Fact]
    public async Task Examine_ClockThatJumped_Fails()
    {
        var boot = (await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id")).Trim();
        var uptime = double.Parse(
            (await File.ReadAllTextAsync("/proc/uptime")).Split(' ')[0],
            System.Globalization.CultureInfo.InvariantCulture);
        await AddAsync(
            new ClockAnchor { Boot = boot, DatabaseAt = DateTimeOffset.UtcNow.AddHours(-5), UptimeSeconds = uptime });

        var finding = Of(await ExamineAsync(), "clock");

        Assert.Equal(Verdict.Fail, finding.Verdict);
        Assert.Contains("went forward by 5.0 hours", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Examine_KeysThatSealedSecretsAreGone_Fails()
    {
        var run = NewRun();
        run.Secrets = [1];
        await AddAsync(run);

        Assert.Equal(Verdict.Fail, Of(await ExamineAsync(), "keys").Verdict);
    }

    [Fact]
    public async Task Examine_SomethingThatTheHostAloneHas_Warns()
    {
        var now = DateTimeOffset.UtcNow;
        await AddAsync(new HostDifference
        {
            Provider = "local", Kind = "environment", Name = "old", Message = "It is there.",
            FoundAt = now.AddMinutes(-5), SeenAt = now
        });

        Assert.Equal(Verdict.Warn, Of(await ExamineAsync(), "hosts").Verdict);
    }

    [Fact]
    public async Task Examine_TriggerInError_Fails()
    {
        await ExecuteAsync("""
            insert into quartz.qrtz_job_details (sched_name, job_name, job_group, job_class_name, is_durable, is_nonconcurrent, is_update_data, requests_recovery) values ('portal', 'sweep', 'g', 'X', true, true, false, false);
            insert into quartz.qrtz_triggers (sched_name, trigger_name, trigger_group, job_name, job_group, trigger_state, trigger_type, start_time) values ('portal', 'sweep', 'g', 'sweep', 'g', 'ERROR', 'SIMPLE', 0)
            """);

        var finding = Of(await ExamineAsync(), "triggers");

        Assert.Equal(Verdict.Fail, finding.Verdict);
        Assert.Contains("g.sweep", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "Ok")]
    [InlineData(100, "Warn")]
    public async Task Examine_LastBackup_OldOnesWarn(int hours, string verdict)
    {
        await File.WriteAllTextAsync(
            Path.Combine(data, BackupCheck.Marker),
            $"{DateTimeOffset.UtcNow.AddHours(-hours):yyyy-MM-ddTHH:mm:ssZ} /backups/portal.tar\n");

        Assert.Equal(verdict, Of(await ExamineAsync(), "backup").Verdict.ToString());
    }

    [Fact]
    public async Task Write_Json_HoldsTheWorstAsStatus()
    {
        using var text = new StringWriter();
        await DoctorCommand.WriteAsync(
            [Finding.Ok("a", "fine"), Finding.Fail("b", "broken", "mend it")], json: true, text);

        var json = JsonNode.Parse(text.ToString())!;

        Assert.Equal("fail", json["status"]!.GetValue<string>());
        Assert.Equal("mend it", json["checks"]![1]!["mend"]!.GetValue<string>());
    }

    [Fact]
    public async Task Write_Text_IsOneLineEach()
    {
        using var text = new StringWriter();
        await DoctorCommand.WriteAsync(
            [Finding.Ok("a", "fine"), Finding.Fail("bb", "broken", "mend it")], json: false, text);

        Assert.Equal("ok    a   fine\nFAIL  bb  broken → mend it\n", text.ToString());
    }

    private Task<IReadOnlyList<Finding>> ExamineAsync(params string[] settings) => Examination.RunAsync(
        [
            $"--Portal:Data={data}", "--Portal:Port=0", $"--ConnectionStrings:Portal={database.ConnectionString}",
            "--environment=Development", "--applicationName=Portal.Web",
            "--Logging:LogLevel:Default=None", "--Logging:LogLevel:Microsoft=None",
            "--Portal:Providers:local:Enabled=false", $"--contentRoot={RepositoryRoot.Path}", .. settings,
        ],
        CancellationToken.None);

    private const string Private = "--ConnectionStrings:Portal=";

    private void HasCluster(string version)
    {
        Directory.CreateDirectory(Path.Combine(data, "postgres", "data"));
        File.WriteAllText(Path.Combine(data, "postgres", "data", "PG_VERSION"), version + "\n");
    }

    private static Finding Of(IReadOnlyList<Finding> findings, string check) =>
        Assert.Single(findings, f => f.Check == check);

    private static Replica NewReplica(string name, TimeSpan seen = default) => new()
    {
        Incarnation = Guid.CreateVersion7(), Name = name, Host = "test", ProcessId = 1, Version = "1",
        StartedAt = DateTimeOffset.UtcNow, SeenAt = DateTimeOffset.UtcNow - seen,
    };

    private static Run NewRun(Guid? taken = null)
    {
        var run = new Run
        {
            Title = "t", Spec = "{}", Values = "{}", CreatedBy = "user:default/ada", Owner = "user:default/ada",
            CreatedAt = DateTimeOffset.UtcNow.AddMinutes(-5)
        };
        if (taken is { } holder) run.Take(holder, DateTimeOffset.UtcNow);
        return run;
    }

    private async Task AddAsync(object row)
    {
        await using var db = database.CreateDbContext();
        db.Add(row);
        await db.SaveChangesAsync();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = database.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
