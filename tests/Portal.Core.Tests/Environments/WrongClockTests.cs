using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access.Clocks;
using Portal.Core.Data.Clocks;
using Portal.Core.Environments;
using Portal.Core.Providers;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Environments;

/// <summary>A wrong clock destroys nothing.</summary>
public sealed class WrongClockTests(PostgresFixture postgres)
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task DestroyExpired_PortalsClockFiveHoursAhead_DestroysNothingAndNotBefore()
    {
        var clocks = new FakeClocks(time);
        await using var shop = await Shop.OpenAsync(postgres, time, clocks: clocks);
        var id = await EndsInAsync(shop, TimeSpan.FromHours(3));

        clocks.HostAhead = TimeSpan.FromHours(5);
        Assert.Equal(0, await DestroyAsync(shop));
        // Also what is due: which of both is wrong nobody knows.
        time.Advance(TimeSpan.FromHours(4));
        Assert.Equal(0, await DestroyAsync(shop));

        clocks.HostAhead = TimeSpan.Zero;
        Assert.Equal(1, await DestroyAsync(shop));
        Assert.Equal(EnvironmentStatus.Destroyed, (await shop.EnvironmentAsync(id)).Status);
    }

    [Fact]
    public async Task DestroyExpired_PortalsClockALittleAhead_GoesByTheDatabases()
    {
        var clocks = new FakeClocks(time);
        await using var shop = await Shop.OpenAsync(postgres, time, clocks: clocks);
        await EndsInAsync(shop, TimeSpan.FromMinutes(2));

        clocks.HostAhead = TimeSpan.FromMinutes(4);

        Assert.Equal(0, await DestroyAsync(shop));
    }

    [Fact]
    public async Task DestroyExpired_BothClocksJump_WaitsForAnAdministratorOrTheRightTime()
    {
        var clocks = new FakeClocks(time);
        await using var shop = await Shop.OpenAsync(postgres, time, clocks: clocks);
        await EndsInAsync(shop, TimeSpan.FromHours(3));
        Assert.Equal(0, await DestroyAsync(shop));

        (clocks.HostAhead, clocks.DatabaseAhead) = (TimeSpan.FromHours(5), TimeSpan.FromHours(5));
        Assert.Equal(0, await DestroyAsync(shop));
        Assert.False((await shop.Get<ConfirmClock>().ConfirmAsync(RunBench.Ada, CancellationToken.None)).IsOk);
        Assert.Equal(0, await DestroyAsync(shop));

        Assert.True((await shop.Get<ConfirmClock>().ConfirmAsync(Shop.Pat, CancellationToken.None)).IsOk);
        Assert.Equal(1, await DestroyAsync(shop));
    }

    /// <summary>The portal was down when the clock was set: what it saw before is in the database.</summary>
    [Fact]
    public async Task DestroyExpired_AfterARestartOverAJump_DestroysNothing()
    {
        var clocks = new FakeClocks(time);
        await using var shop = await Shop.OpenAsync(postgres, time, clocks: clocks);
        await EndsInAsync(shop, TimeSpan.FromHours(3));
        await DestroyAsync(shop);
        (clocks.HostAhead, clocks.DatabaseAhead) = (TimeSpan.FromHours(5), TimeSpan.FromHours(5));

        await using var again = await shop.Bench.AnotherReplicaAsync();

        Assert.Equal(
            0, await again.GetRequiredService<ControlEnvironment>().DestroyExpiredAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Confirm_ClocksThatDiffer_SaysWhatToMend()
    {
        var clocks = new FakeClocks(time) { HostAhead = TimeSpan.FromHours(1) };
        await using var shop = await Shop.OpenAsync(postgres, time, clocks: clocks);
        await shop.Get<DestructionGuard>().LookAsync(CancellationToken.None);

        Assert.Equal(
            "clocks-differ",
            (await shop.Get<ConfirmClock>().ConfirmAsync(Shop.Pat, CancellationToken.None)).Error?.Code);
    }

    /// <summary>How many were due, and are destroyed.</summary>
    private static async Task<int> DestroyAsync(Shop shop)
    {
        var begun = await shop.Get<ControlEnvironment>().DestroyExpiredAsync(CancellationToken.None);
        Assert.Equal(begun, await shop.WorkOffAsync());
        return begun;
    }

    private async Task<string> EndsInAsync(Shop shop, TimeSpan span)
    {
        var id = await shop.HasEnvironmentAsync();
        var end = time.GetUtcNow() + span;
        await using var db = shop.Bench.Database.CreateDbContext();
        await db.Set<PortalEnvironment>().Where(e => e.Id == id)
            .ExecuteUpdateAsync(s => s.SetProperty(e => e.ExpiresAt, end));
        return id;
    }
}
