using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Inbound;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Tests.Runs.Execution;
using Portal.TestKit;
using Portal.TestKit.Fakes;
using Portal.TestKit.Postgres;

namespace Portal.Core.Tests.Inbound;

/// <summary>A delivery is kept before it is answered, and worked off once, whatever dies.</summary>
public sealed class DeliveryTests(PostgresFixture postgres)
{
    private static readonly Actor Pia = new(EntityRef.User("pia"), "Pia", [EntityRef.Group("platform")]);

    private readonly FakeReceiver receiver = new();
    private readonly FakeTimeProvider time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Receive_SignedDelivery_IsKeptThenHandledAndItsPayloadForgotten()
    {
        await using var bench = await BenchAsync();

        Assert.Equal(Receipt.Stored, (await ReceiveAsync(bench, "one", "secret text")).Value);
        Assert.Empty(receiver.Handled);
        Assert.Equal(1, await WorkOffAsync(bench));

        var row = await SingleAsync(bench);
        Assert.Equal((DeliveryStatus.Handled, "", 1), (row.Status, row.Payload, row.Attempts));
        Assert.DoesNotContain("secret text", await bench.DumpAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_TheSameAgain_IsAlreadyThereAndNotHandledAgain()
    {
        await using var bench = await BenchAsync();
        await ReceiveAsync(bench, "one");
        Assert.Equal(Receipt.AlreadyThere, (await ReceiveAsync(bench, "one")).Value);
        await WorkOffAsync(bench);

        Assert.Equal(Receipt.AlreadyThere, (await ReceiveAsync(bench, "one")).Value);
        await WorkOffAsync(bench);

        Assert.Equal(["one"], receiver.Handled);
    }

    [Theory]
    [InlineData("forge", "wrong", "one", ErrorKind.Forbidden)]
    [InlineData("forge", "right", "", ErrorKind.Invalid)]
    [InlineData("elsewhere", "right", "one", ErrorKind.NotFound)]
    public async Task Receive_WhatCannotBeTaken_IsRefusedAndNotKept(
        string instance, string signature, string id, ErrorKind kind)
    {
        await using var bench = await BenchAsync();

        var refused = await bench.Get<ReceiveDelivery>().ExecuteAsync(
            instance, FakeReceiver.Request(id, "x", signature), Cancellation);

        Assert.Equal(kind, refused.Error!.Kind);
        await using var db = bench.Database.CreateDbContext();
        Assert.False(await db.Set<StoredDelivery>().AnyAsync(Cancellation));
    }

    [Fact]
    public async Task WorkOff_ReceiverDiedAfterStoring_AnotherReplicaHandlesIt()
    {
        await using var bench = await BenchAsync();
        await ReceiveAsync(bench, "one");
        await bench.DieAsync();
        await using var other = await bench.AnotherReplicaAsync();

        await other.GetRequiredService<WorkOffDeliveries>().ExecuteAsync(Cancellation);

        Assert.Equal(["one"], receiver.Handled);
    }

    [Fact]
    public async Task WorkOff_DiedWhileHandling_IsHandledAgain()
    {
        await using var bench = await BenchAsync();
        await ReceiveAsync(bench, "one");
        receiver.Work = _ => throw new OperationCanceledException("as if the process had been stopped");
        await Assert.ThrowsAsync<OperationCanceledException>(() => WorkOffAsync(bench));

        receiver.Work = _ => { };
        await WorkOffAsync(bench);

        Assert.Equal(
            (DeliveryStatus.Handled, 1), ((await SingleAsync(bench)).Status, (await SingleAsync(bench)).Attempts));
    }

    [Fact]
    public async Task WorkOff_FailsEachTime_TriesEightTimesWithGrowingPausesThenIsShownToOperators()
    {
        await using var bench = await BenchAsync();
        receiver.Work = _ => throw ProviderException.Unavailable("down", "forge does not answer.");
        await ReceiveAsync(bench, "one");
        var attempts = new List<int>();
        foreach (var pause in WorkOffDeliveries.Pauses)
        {
            await WorkOffAsync(bench);
            time.Advance(pause - TimeSpan.FromSeconds(1));
            await WorkOffAsync(bench);
            attempts.Add((await SingleAsync(bench)).Attempts);
            time.Advance(TimeSpan.FromSeconds(1));
        }
        await WorkOffAsync(bench);

        Assert.Equal([1, 2, 3, 4, 5, 6, 7], attempts);
        var failed = Assert.Single((await bench.Get<ReadDeliveries>().FailedAsync(RunBench.Ada, Cancellation)).Value);
        Assert.Equal(("one", 8, "forge does not answer."), (failed.DeliveryId, failed.Attempts, failed.Problem));
        Assert.Equal(
            1,
            Assert.Single((await bench.Get<ReadDeliveries>().SummariseAsync(RunBench.Ada, Cancellation)).Value).Failed);
    }

    [Fact]
    public async Task WorkOff_Bug_SaysNothingOfWhatWasDelivered()
    {
        await using var bench = await BenchAsync();
        receiver.Work = d => throw new InvalidOperationException($"cannot do {d.Payload}");
        await ReceiveAsync(bench, "one", "secret text");

        await WorkOffAsync(bench);

        Assert.DoesNotContain("secret text", (await SingleAsync(bench)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WorkOff_EarlierOneOfTheSameThingWaits_LaterOnesWaitBehindItAndOthersDoNot()
    {
        await using var bench = await BenchAsync();
        receiver.Work = d => { if (d.Id == "first") throw ProviderException.Unavailable("down", "Not now."); };
        foreach (var (id, payload) in new[]
        {
            ("first", "orders: renamed"), ("second", "orders: deleted"), ("other", "web: renamed"), ("any", "no order")
        })
        {
            await ReceiveAsync(bench, id, payload);
            time.Advance(TimeSpan.FromMilliseconds(1));
        }
        await WorkOffAsync(bench);
        await WorkOffAsync(bench);
        Assert.Equal(["other", "any"], receiver.Handled);

        receiver.Work = _ => { };
        time.Advance(WorkOffDeliveries.Pauses[0]);
        await WorkOffAsync(bench);

        Assert.Equal(["other", "any", "first", "second"], receiver.Handled);
    }

    [Fact]
    public async Task WorkOff_Many_HandlesAllInTheOrderOfArrival()
    {
        await using var bench = await BenchAsync();
        for (var i = 0; i < 450; i++)
        {
            await ReceiveAsync(bench, $"{i}");
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(450, await WorkOffAsync(bench));

        Assert.Equal(Enumerable.Range(0, 450).Select(i => $"{i}"), receiver.Handled);
    }

    [Fact]
    public async Task TryAgain_ByThePlatformTeamAlone_HandlesAFailedOneAgain()
    {
        await using var bench = await BenchAsync();
        var id = await FailAsync(bench, "one");
        Assert.Equal(
            ErrorKind.Forbidden,
            (await bench.Get<ReadDeliveries>().TryAgainAsync(id, RunBench.Ada, Cancellation)).Error!.Kind);

        Assert.True((await bench.Get<ReadDeliveries>().TryAgainAsync(id, Pia, Cancellation)).IsOk);
        receiver.Work = _ => { };
        await WorkOffAsync(bench);

        Assert.Equal(DeliveryStatus.Handled, (await SingleAsync(bench)).Status);
        Assert.Equal(
            ErrorKind.Conflict, (await bench.Get<ReadDeliveries>().TryAgainAsync(id, Pia, Cancellation)).Error!.Kind);
    }

    [Fact]
    public async Task Receive_FailedOneSentAgainByHand_IsWorkedOffAgain()
    {
        await using var bench = await BenchAsync();
        await FailAsync(bench, "one");

        Assert.Equal(Receipt.Stored, (await ReceiveAsync(bench, "one")).Value);
        receiver.Work = _ => { };
        await WorkOffAsync(bench);

        Assert.Equal(
            (DeliveryStatus.Handled, 1), ((await SingleAsync(bench)).Status, (await SingleAsync(bench)).Attempts));
    }

    [Fact]
    public async Task Forget_AfterThirtyDays_TheRowIsGone()
    {
        await using var bench = await BenchAsync();
        await ReceiveAsync(bench, "one");
        var forget = ActivatorUtilities.CreateInstance<ForgetDeliveriesJob>(bench.Get<IServiceProvider>());
        time.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(1));
        Assert.Equal(0, await forget.ForgetAsync(Cancellation));

        time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(1, await forget.ForgetAsync(Cancellation));
    }

    private async Task<Guid> FailAsync(RunBench bench, string id)
    {
        receiver.Work = _ => throw ProviderException.Unavailable("down", "Not now.");
        await ReceiveAsync(bench, id);
        foreach (var pause in WorkOffDeliveries.Pauses.Append(TimeSpan.Zero))
        {
            await WorkOffAsync(bench);
            time.Advance(pause);
        }
        return (await SingleAsync(bench)).Id;
    }

    private Task<RunBench> BenchAsync() => RunBench.CreateAsync(
        postgres, new BenchSetup { Time = time, More = s => s.AddInbound().AddSingleton<IProvider>(receiver) });

    private static Task<Result<Receipt>> ReceiveAsync(RunBench bench, string id, string payload = "payload") =>
        bench.Get<ReceiveDelivery>().ExecuteAsync("forge", FakeReceiver.Request(id, payload), Cancellation);

    private static Task<int> WorkOffAsync(RunBench bench) => bench.Get<WorkOffDeliveries>().ExecuteAsync(Cancellation);

    private static async Task<StoredDelivery> SingleAsync(RunBench bench)
    {
        await using var db = bench.Database.CreateDbContext();
        return await db.Set<StoredDelivery>().AsNoTracking().SingleAsync(Cancellation);
    }
}
