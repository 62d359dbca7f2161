using Microsoft.AspNetCore.Http;
using Portal.TestKit;
using Portal.Web.Webhooks;

namespace Portal.Web.Tests.Webhooks;

public sealed class WebhookBodiesTests
{
    private readonly FakeTimeProvider time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16 * 1024)]
    [InlineData(100_000)]
    [InlineData(WebhookBodies.Largest)]
    public async Task Read_BodyOfAnyAllowedSize_IsAllOfIt(int size)
    {
        var bytes = new byte[size];
        Random.Shared.NextBytes(bytes);

        using var body = await new WebhookBodies(time).ReadAsync(Request(new MemoryStream(bytes)), Cancellation);

        Assert.True(body.Bytes.Span.SequenceEqual(bytes));
    }

    [Theory]
    [InlineData(null)]
    [InlineData((long)WebhookBodies.Largest + 1)]
    public async Task Read_BodyThatIsTooLarge_Is413WhetherItSaysSoOrNot(long? said)
    {
        var request = Request(new MemoryStream(new byte[WebhookBodies.Largest + 1]));
        request.ContentLength = said;

        Assert.Equal(413, (await Assert.ThrowsAsync<WebhookBodyException>(
            () => new WebhookBodies(time).ReadAsync(request, Cancellation))).Status);
    }

    [Fact]
    public async Task Read_MoreThanMayBeHeldAtOnce_Is503UntilSomeAreGivenBack()
    {
        var bodies = new WebhookBodies(time);
        var held = new List<WebhookBody>();
        for (var i = 0; i < 3; i++) held.Add(
            await bodies.ReadAsync(Request(new MemoryStream(new byte[WebhookBodies.Largest])), Cancellation));
        var first = Request(new MemoryStream(new byte[WebhookBodies.Largest]));
        held.Add(await bodies.ReadAsync(first, Cancellation).ContinueWith(
            t => t.IsFaulted ? held[0] : t.Result, Cancellation, TaskContinuationOptions.None, TaskScheduler.Default));

        Assert.Equal(503, (await Assert.ThrowsAsync<WebhookBodyException>(
            () => bodies.ReadAsync(Request(new MemoryStream(new byte[WebhookBodies.Largest])), Cancellation))).Status);

        held.ForEach(b => b.Dispose());
        using var after =
            await bodies.ReadAsync(Request(new MemoryStream(new byte[WebhookBodies.Largest])), Cancellation);
        Assert.Equal(WebhookBodies.Largest, after.Length);
    }

    [Fact]
    public async Task Read_ManyCallersThatSayMuchAndSendLittle_HoldLittle()
    {
        var bodies = new WebhookBodies(time);
        using var stop = new CancellationTokenSource();
        var slow = Enumerable.Range(0, 200).Select(_ =>
        {
            var request = Request(new SilentStream());
            request.ContentLength = WebhookBodies.Largest;
            return bodies.ReadAsync(request, stop.Token);
        }).ToList();

        using (var one = await bodies.ReadAsync(
            Request(new MemoryStream(new byte[1_000_000])), Cancellation)) Assert.Equal(1_000_000, one.Length);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(slow));
    }

    [Fact]
    public async Task Read_CallerThatIsSilent_Is408()
    {
        var reading = new WebhookBodies(time).ReadAsync(Request(new SilentStream()), Cancellation);

        time.Advance(WebhookBodies.Patience);

        Assert.Equal(408, (await Assert.ThrowsAsync<WebhookBodyException>(() => reading)).Status);
    }

    private static HttpRequest Request(Stream body) => new DefaultHttpContext { Request = { Body = body } }.Request;

    /// <summary>Never sends anything.</summary>
    private sealed class SilentStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
