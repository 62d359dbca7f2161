using System.Diagnostics;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Local;

namespace Portal.Providers.Tests.Local.Sharing;

/// <summary>What crosses the socket between two processes on one folder.</summary>
public sealed class SharedCallTests : IDisposable
{
    private readonly string data = SharedHost.NewData();
    private readonly Probe near = new("near");
    private readonly Probe far = new("far");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task Call_FromAnotherProcess_IsPerformedByTheKeeper()
    {
        await using var keeper = await SharedHost.StartAsync(data, Probe.Register(far));
        await using var forwarder = await SharedHost.StartAsync(data, Probe.Register(near));
        var name = new RepositoryName("shop", "orders");
        Assert.Equal(
            [name, new RepositoryName("far", "text")],
            await forwarder.Get<IProbe>().EchoAsync(name, "text", Cancellation));
        Assert.Equal(
            [name, new RepositoryName("far", "nothing")],
            await forwarder.Get<IProbe>().EchoAsync(name, null, Cancellation));
        Assert.Equal(
            [name, new RepositoryName("far", "text")],
            await keeper.Get<IProbe>().EchoAsync(name, "text", Cancellation));
        // What is no call is not asked for.
        Assert.Equal("near", forwarder.Get<IProbe>().Where);
    }

    [Fact]
    public async Task Call_ManyAtOnce_EachHasItsOwnAnswer()
    {
        await using var keeper = await SharedHost.StartAsync(data, Probe.Register(far));
        await using var forwarder = await SharedHost.StartAsync(data, Probe.Register(near));
        var probe = forwarder.Get<IProbe>();
        var name = new RepositoryName("shop", "orders");
        var answers =
            await Task.WhenAll(Enumerable.Range(0, 300).Select(i => probe.EchoAsync(name, $"call-{i}", Cancellation)));
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"call-{i}"), answers.Select(a => a[1].Name));
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 200; i++) await probe.EchoAsync(name, "x", Cancellation);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"one after the other: {Stopwatch.GetElapsedTime(started).TotalMilliseconds / 200:0.00} ms a call");
    }

    [Fact]
    public async Task Call_ThatFails_ThrowsTheSameTypedError()
    {
        await using var keeper = await SharedHost.StartAsync(data, Probe.Register(far));
        await using var forwarder = await SharedHost.StartAsync(data, Probe.Register(near));
        var failure = await Assert.ThrowsAsync<ProviderException>(
            () => forwarder.Get<IProbe>().FailAsync(expected: true, Cancellation));
        Assert.Equal(
            (ErrorKind.Conflict, "taken", "It is taken."), (failure.Error.Kind, failure.Error.Code, failure.Message));
        Assert.Equal([new FieldError("/name", "is taken")], failure.Error.Fields);
        Assert.Equal((true, true), (failure.IsTransient, failure.MayHaveHappened));
        var bug = await Assert.ThrowsAsync<InvalidOperationException>(
            () => forwarder.Get<IProbe>().FailAsync(expected: false, Cancellation));
        Assert.Contains("FormatException: nobody expected this", bug.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_CancelledByItsCaller_IsCancelledAtTheKeeper()
    {
        await using var keeper = await SharedHost.StartAsync(data, Probe.Register(far));
        await using var forwarder = await SharedHost.StartAsync(data, Probe.Register(near));
        using var source = new CancellationTokenSource();
        var call = forwarder.Get<IProbe>().WaitAsync(source.Token);
        await far.Begun.WaitAsync(Cancellation);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await far.Cancelled.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
    }

    [Fact]
    public async Task Call_UnderWayWhenTheKeeperStops_IsLostAndTheNextOneIsPerformedHere()
    {
        var keeper = await SharedHost.StartAsync(data, Probe.Register(far));
        await using var forwarder = await SharedHost.StartAsync(data, Probe.Register(near));
        var call = forwarder.Get<IProbe>().WaitAsync(Cancellation);
        await far.Begun.WaitAsync(Cancellation);
        await keeper.DisposeAsync();
        var lost = await Assert.ThrowsAsync<ProviderException>(() => call);
        Assert.Equal(
            (ErrorKind.Unavailable, "local-keeper-lost", true, true),
            (lost.Error.Kind, lost.Error.Code, lost.IsTransient, lost.MayHaveHappened));
        // There may be no keeper yet: it waits.
        var name = new RepositoryName("shop", "orders");
        Assert.Equal(
            new RepositoryName("near", "text"),
            (await forwarder.Get<IProbe>().EchoAsync(name, "text", Cancellation))[1]);
        Assert.True(forwarder.IsKeeping);
    }

    [Fact]
    public async Task Socket_OfTheKeeper_IsForItsUserAloneAndGoesWithIt()
    {
        var socket = Path.Combine(data, "local", "keeper.sock");
        await using (await SharedHost.StartAsync(data, Probe.Register(far)))
        await using (var forwarder = await SharedHost.StartAsync(data, Probe.Register(near)))
        {
            await forwarder.Get<IProbe>().EchoAsync(new RepositoryName("shop", "orders"), null, Cancellation);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(socket));
        }

        Assert.False(File.Exists(socket));
    }

    [Fact]
    public async Task Call_InAFolderWithALongPath_IsForwarded()
    {
        var deep = Path.Combine(data, new string('d', 100), new string('e', 100));
        await using var keeper = await SharedHost.StartAsync(deep, Probe.Register(far));
        await using var forwarder = await SharedHost.StartAsync(deep, Probe.Register(near));
        Assert.Equal("far", (await forwarder.Get<IProbe>().EchoAsync(
            new RepositoryName("shop", "orders"), null, Cancellation))[1].Organisation);
    }

    [Fact]
    public async Task Create_SameRepositoryByTwoProcessesAtOnce_OneWins()
    {
        await using var keeper = await SharedHost.StartAsync(data);
        await using var forwarder = await SharedHost.StartAsync(data);
        for (var round = 0; round < 5; round++)
        {
            var request = SharedHost.Repository(
                new RepositoryName("shop", "orders-" + round), ("README.md", "# Orders"));
            var calls = new[] { keeper, forwarder, keeper, forwarder }.Select(
                (h, i) => Task.Run(
                    () => h.Repositories.CreateAsync(request with { Mark = $"run-{i}" }, Cancellation),
                    Cancellation)).ToList();
            await Task.WhenAll(calls).ContinueWith(
                _ => { }, Cancellation, TaskContinuationOptions.None, TaskScheduler.Default);
            _ = Assert.Single(calls, c => c.IsCompletedSuccessfully);
            Assert.All(calls.Where(c => c.IsFaulted), c => Assert.Equal(
                "repository-exists", Assert.IsType<ProviderException>(c.Exception!.InnerException).Error.Code));
        }
    }

    [Fact]
    public async Task Start_WhileAnotherProcessMakesARepository_LeavesItsHalfAlone()
    {
        var folders = new LocalFolders(Path.Combine(data, "local"));
        var ours = Directory.CreateDirectory(Portal.Providers.Local.Repositories.AsideFolder.New(folders));
        var left = Directory.CreateDirectory(Path.Combine(folders.Aside, "1-1-left"));
        await using var keeper = await SharedHost.StartAsync(data);
        while (Directory.Exists(left.FullName)) await Task.Delay(10, Cancellation);
        Assert.True(Directory.Exists(ours.FullName));
    }
}
