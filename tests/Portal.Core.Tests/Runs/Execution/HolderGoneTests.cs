using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Replicas;
using Portal.Core.Runs;
using Portal.Core.Runs.Execution;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Runs.Execution;

/// <summary>A replica died without a word; its row stays for a day.</summary>
public sealed class HolderGoneTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Sweep_HolderWhoseLastWordIsOld_SchedulesItsRunAndLeavesThatOfALivingOne()
    {
        await using var bench = await RunBench.CreateAsync(postgres);
        var (orphan, held) = (await bench.StartAsync("one"), await bench.StartAsync("two"));
        var gone = Guid.CreateVersion7();
        await using (var db = bench.Database.CreateDbContext())
        {
            db.Add(new Replica
            {
                Incarnation = gone, Name = "gone", Host = "elsewhere", ProcessId = 1, Version = "1",
                StartedAt = DateTimeOffset.UtcNow, SeenAt = DateTimeOffset.UtcNow.AddMinutes(-1)
            });
            (await db.Set<Run>().SingleAsync(r => r.Id == orphan)).Take(gone, DateTimeOffset.UtcNow);
            (await db.Set<Run>().SingleAsync(r => r.Id == held)).Take(
                bench.Get<ReplicaLease>().Incarnation, DateTimeOffset.UtcNow);
            await db.SaveChangesAsync();
            // The jobs of both died with their replica.
            await db.Database.ExecuteSqlAsync(
                $"delete from quartz.qrtz_simple_triggers; delete from quartz.qrtz_triggers; delete from quartz.qrtz_job_details");
        }

        await ActivatorUtilities.CreateInstance<RunSweepJob>(bench.Get<IServiceProvider>())
            .SweepAsync(CancellationToken.None);

        Assert.True(await bench.Get<RunScheduler>().IsScheduledAsync(orphan, CancellationToken.None));
        Assert.False(await bench.Get<RunScheduler>().IsScheduledAsync(held, CancellationToken.None));
        // Asked to cancel meanwhile, it ends so wherever it is taken up.
        Assert.True((await bench.Get<CancelRun>().ExecuteAsync(orphan, RunBench.Ada, CancellationToken.None)).IsOk);
        await bench.ExecuteAsync(orphan);
        Assert.Equal(RunStatus.Cancelled, (await bench.ReadAsync(orphan)).Run.Status);
    }
}
