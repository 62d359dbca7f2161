namespace Portal.Web.Webhooks;

/// <summary>
/// Reads bodies of callers that nobody knows yet. What all of them together hold in memory has a limit, and so has the
/// time that one may take, so that a flood of them costs little.
/// </summary>
internal sealed class WebhookBodies(TimeProvider time)
{
    /// <summary>Bytes of one body; GitHub sends none above.</summary>
    public const int Largest = 25 * 1024 * 1024;

    /// <summary>Bytes of all bodies at once.</summary>
    public const long Together = 4L * Largest;

    /// <summary>For one body; GitHub itself gives up after ten seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int FirstSize = 16 * 1024;
    private long held;

    /// <exception cref="WebhookBodyException">It cannot be taken; the status says why.</exception>
    public async Task<WebhookBody> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > Largest) throw new WebhookBodyException(StatusCodes.Status413PayloadTooLarge);
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        var body = new WebhookBody(Return);
        try
        {
            Grow(body, FirstSize);
            while (await request.Body.ReadAsync(body.Free, either.Token) is > 0 and var read)
            {
                body.Length += read;
                if (body.Length > Largest) throw new WebhookBodyException(StatusCodes.Status413PayloadTooLarge);
                if (body.Free.IsEmpty) Grow(body, Math.Min(body.Capacity * 2, Largest + 1));
            }
            return body;
        }
        catch (Exception e)
        {
            body.Dispose();
            if (e is OperationCanceledException && patience.IsCancellationRequested
                && !cancellation.IsCancellationRequested)
            {
                throw new WebhookBodyException(StatusCodes.Status408RequestTimeout);
            }
            throw;
        }
    }

    /// <summary>By bytes that have come, not by those that a caller says will come.</summary>
    private void Grow(WebhookBody body, int size)
    {
        var more = size - body.Capacity;
        if (Interlocked.Add(ref held, more) > Together)
        {
            Interlocked.Add(ref held, -more);
            throw new WebhookBodyException(StatusCodes.Status503ServiceUnavailable);
        }
        body.Grow(size);
    }

    private void Return(int size) => Interlocked.Add(ref held, -size);
}

/// <summary>A body in memory; its bytes count until it is disposed.</summary>
internal sealed class WebhookBody(Action<int> giveBack) : IDisposable
{
    private byte[] bytes = [];

    public int Length { get; set; }

    public int Capacity => bytes.Length;

    public Memory<byte> Free => bytes.AsMemory(Length);

    public ReadOnlyMemory<byte> Bytes => bytes.AsMemory(0, Length);

    public void Grow(int size) => Array.Resize(ref bytes, size);

    public void Dispose()
    {
        giveBack(bytes.Length);
        (bytes, Length) = ([], 0);
    }
}

internal sealed class WebhookBodyException(int status) : Exception
{
    public int Status { get; } = status;
}
