using System.Text;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit.Fakes;

namespace Portal.TestKit.Conformance;

/// <summary>
/// What every <see cref="IWebhookReceiver"/> keeps. An adapter inherits it, signs as its host does, and passes.
/// </summary>
public abstract class WebhookReceiverConformance
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What the receiver tells.</summary>
    protected HeardEvents Heard { get; } = new();

    protected abstract IWebhookReceiver Receiver { get; }

    /// <summary>The same, as it would be without a secret; null where an adapter does not exist without one.</summary>
    protected abstract IWebhookReceiver? WithoutSecret { get; }

    protected abstract string Secret { get; }

    /// <summary>As the host sends it.</summary>
    /// <param name="secret">That it is signed with; null = the right one.</param>
    protected abstract WebhookRequest Signed(string id, string kind, ReadOnlyMemory<byte> body, string? secret = null);

    /// <summary>The header that holds the signature, in lower case.</summary>
    protected abstract string SignatureHeader { get; }

    /// <summary>Somebody pushed one file of that path to <c>main</c> of shop/orders.</summary>
    protected abstract (string Kind, string Payload) Push(string path);

    /// <summary>The repository shop/orders changed its name to each of these, one after the other.</summary>
    protected abstract IReadOnlyList<(string Kind, string Payload)> Renames(params string[] names);

    /// <summary>Payloads of a kind that is followed, each in a shape that the host never sends.</summary>
    protected abstract IEnumerable<(string Kind, string Payload)> Misshapen { get; }

    [Fact]
    public void Accept_Signed_IsTheDeliveryAndTellsNothing()
    {
        var (kind, payload) = Push("a.txt");
        var delivery = Receiver.Accept(Signed("id-1", kind, Bytes(payload)));
        Assert.Equal(new WebhookDelivery("id-1", kind, payload), delivery);
        Assert.Empty(Heard.All);
    }

    /// <summary>A delivery that comes twice is the same one: whoever keeps them tells it by its id.</summary>
    [Fact]
    public void Accept_Replayed_IsTheSameDelivery()
    {
        var (kind, payload) = Push("a.txt");
        var request = Signed("id-1", kind, Bytes(payload));
        Assert.Equal(Receiver.Accept(request), Receiver.Accept(request));
        Assert.NotEqual(Receiver.Accept(request).Id, Receiver.Accept(Signed("id-2", kind, Bytes(payload))).Id);
    }

    [Fact]
    public void Accept_BigBody_IsTakenWhole()
    {
        var (kind, payload) = Push(string.Concat(Enumerable.Repeat("ümlaut/日本/🚀", 400_000)));
        Assert.Equal(payload, Receiver.Accept(Signed("id-1", kind, Bytes(payload))).Payload);
    }

    [Theory]
    [InlineData("another secret")]
    [InlineData("")]
    [InlineData(" ")]
    public void Accept_SignedWithAnotherSecret_IsForbidden(string secret)
    {
        var (kind, payload) = Push("a.txt");
        IsForbidden(Signed("id-1", kind, Bytes(payload), secret));
    }

    [Fact]
    public void Accept_ChangedAfterSigning_IsForbidden()
    {
        var (kind, payload) = Push("a.txt");
        var good = Signed("id-1", kind, Bytes(payload));
        var body = good.Body.ToArray();
        IsForbidden(good with { Body = (byte[])[.. body, (byte)' '] });
        IsForbidden(good with { Body = body.AsMemory(..^1) });
        IsForbidden(good with { Body = Array.Empty<byte>() });
        body[^1] ^= 1;
        IsForbidden(good with { Body = body });
    }

    [Fact]
    public void Accept_SignatureThatIsNone_IsForbidden()
    {
        var (kind, payload) = Push("a.txt");
        var good = Signed("id-1", kind, Bytes(payload));
        var signature = good.Headers[SignatureHeader];
        foreach (var wrong in (string[])["", " ", signature[..^1], signature + "0", signature + " ", " "
            + signature, signature[..^2] + "zz", "ä" + signature, new string('0', 100_000), $"{signature},{signature}"])
        {
            IsForbidden(good with { Headers = With(good, SignatureHeader, wrong) });
        }
        IsForbidden(good with { Headers = With(good, SignatureHeader, null) });
        IsForbidden(new WebhookRequest(new Dictionary<string, string>(), good.Body));
        // Whether it could be read is nobody's business who did not sign it.
        IsForbidden(good with { Body = Bytes("{") });
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{} {}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("\0")]
    public void Accept_SignedButNoObject_IsUnreadable(string body) =>
        IsUnreadable(Signed("id-1", Push("a").Kind, Bytes(body)));

    [Fact]
    public void Accept_SignedButNoTextOrTooDeep_IsUnreadable()
    {
        var kind = Push("a").Kind;
        IsUnreadable(Signed("id-1", kind, (byte[])[.. "{\"a\":\""u8, 0xFF, .. "\"}"u8]));
        IsUnreadable(Signed(
            "id-1", kind, Bytes(string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData("ä")]
    [InlineData("../x")]
    [InlineData("' OR 1=1")]
    public void Accept_IdThatIsNone_IsUnreadable(string id) => IsUnreadable(Signed(id, Push("a").Kind, Bytes("{}")));

    [Fact]
    public void Accept_LongIdOrKind_IsUnreadable()
    {
        IsUnreadable(Signed(new string('a', 101), Push("a").Kind, Bytes("{}")));
        IsUnreadable(Signed("id-1", new string('a', 10_000), Bytes("{}")));
    }

    [Fact]
    public void Accept_InstanceWithoutSecret_TakesNone()
    {
        var receiver = WithoutSecret;
        Assert.SkipWhen(receiver is null, "There is none without a secret.");
        foreach (var secret in (string[])["", Secret])
        {
            var error = Assert.Throws<ProviderException>(
                () => receiver!.Accept(Signed("id-1", Push("a").Kind, Bytes("{}"), secret))).Error;
            Assert.Equal((ErrorKind.NotFound, "webhooks-off"), (error.Kind, error.Code));
        }
    }

    [Theory]
    [InlineData("a.txt")]
    [InlineData("with space.txt")]
    [InlineData("Ümlaut/日本/🚀.txt")]
    [InlineData("quote\"s\\.txt")]
    public async Task Handle_Push_TellsItOnceWithItsPath(string path)
    {
        await HandleAsync(Push(path));
        var push = Assert.IsType<RepositoryPush>(Assert.Single(Heard.All));
        Assert.Equal(("shop/orders", "main"), (push.Repository.ToString(), push.Branch));
        if (push.Paths is { } paths) Assert.Equal([path], paths);
    }

    [Fact]
    public async Task Handle_Again_TellsTheSameAgain()
    {
        var (kind, payload) = Push("a.txt");
        var delivery = Receiver.Accept(Signed("id-1", kind, Bytes(payload)));
        await Receiver.HandleAsync(delivery, Cancellation);
        await Receiver.HandleAsync(delivery, Cancellation);
        Assert.Equal(2, Heard.All.Count);
        Assert.Equivalent(Heard.All[0], Heard.All[1], strict: true);
    }

    [Fact]
    public async Task Handle_KindThatNobodyKnows_TellsNothing()
    {
        await HandleAsync(("something_new", "{\"repository\":{\"full_name\":\"shop/orders\"}}"));
        Assert.Empty(Heard.All);
    }

    [Fact]
    public async Task Handle_ShapeThatTheHostNeverSends_TellsNothingAndFailsNothing()
    {
        foreach (var delivery in Misshapen)
        {
            await HandleAsync(delivery);
            Assert.Empty(Heard.All);
        }
    }

    [Fact]
    public async Task Handle_Cancelled_Ends()
    {
        var (kind, payload) = Push("a.txt");
        var delivery = Receiver.Accept(Signed("id-1", kind, Bytes(payload)));
        Heard.Listens = true;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Receiver.HandleAsync(delivery, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void OrderedBy_ChangesOfOneThing_IsTheSameForAllOfThem()
    {
        var deliveries = Renames("one", "two", "three")
            .Select((r, i) => Receiver.Accept(Signed($"id-{i}", r.Kind, Bytes(r.Payload)))).ToList();
        var key = Assert.Single(deliveries.Select(Receiver.OrderedBy).Distinct());
        Assert.NotNull(key);
        Assert.InRange(key.Length, 1, 200);
        foreach (var (kind, payload) in Misshapen)
        {
            _ = Receiver.OrderedBy(Receiver.Accept(Signed("id-9", kind, Bytes(payload))));
        }
    }

    private Task HandleAsync((string Kind, string Payload) told) =>
        Receiver.HandleAsync(Receiver.Accept(Signed("id-1", told.Kind, Bytes(told.Payload))), Cancellation);

    private void IsForbidden(WebhookRequest request) => IsRefused(request, ErrorKind.Forbidden, "webhook-signature");

    private void IsUnreadable(WebhookRequest request) => IsRefused(request, ErrorKind.Invalid, "webhook-unreadable");

    private void IsRefused(WebhookRequest request, ErrorKind kind, string code)
    {
        var error = Assert.Throws<ProviderException>(() => Receiver.Accept(request)).Error;
        Assert.Equal((kind, code), (error.Kind, error.Code));
        Assert.DoesNotContain(Secret, error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 1, 300);
    }

    private static Dictionary<string, string> With(WebhookRequest request, string header, string? value)
    {
        var headers = new Dictionary<string, string>(request.Headers);
        if (value is null) headers.Remove(header);
        else headers[header] = value;
        return headers;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
