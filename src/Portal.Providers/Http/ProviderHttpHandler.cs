using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Polly.Timeout;
using Portal.Core.Providers;

namespace Portal.Providers.Http;

/// <summary>
/// The pipeline around each call: wait for the rate limit, send with a time-out, repeat where that is safe. It gives
/// back the last answer whatever its status, whole, and throws <see cref="ProviderException"/> when there is none.
/// </summary>
internal sealed class ProviderHttpHandler : DelegatingHandler
{
    private readonly string instance;
    private readonly RateGates gates;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly ProviderHttpOptions options;
    private readonly ResiliencePipeline timeout;
    private readonly ResiliencePipeline<Attempt> retries;

    public ProviderHttpHandler(
        string instance, ProviderHttpOptions options, RateGates gates, TimeProvider time, ILogger logger)
    {
        (this.instance, this.options, this.gates, this.time, this.logger) = (instance, options, gates, time, logger);
        timeout = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(TimeSpan.FromSeconds(
            options.AttemptTimeoutSeconds)).Build();
        retries = Retries();
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellation)
    {
        var (call, redaction) = (ProviderCall.Of(request), new Redaction(request));
        using var activity = ProviderTelemetry.Start(instance, request);
        await PrepareAsync(request, call, cancellation);
        Attempt last;
        try
        {
            last = await retries.ExecuteAsync(
                async token => await AttemptAsync(request, call, redaction, token), cancellation);
        }
        catch (OperationCanceledException)
        {
            ProviderTelemetry.Called(instance, "cancelled");
            throw;
        }
        ProviderTelemetry.Called(instance, last.Outcome.ToString().ToLowerInvariant());
        ProviderTelemetry.End(activity, last);
        return last.Answer ?? throw Failures.WithoutAnswer(instance, request, last, call);
    }

    /// <summary>
    /// A body can be sent again. Each call that changes something has one, if empty: the framework sends a request
    /// without a body again by itself when a kept connection ends, and whether the provider had done it by then, nobody
    /// knows.
    /// </summary>
    private static async Task PrepareAsync(
        HttpRequestMessage request, ProviderCall call, CancellationToken cancellation)
    {
        if (!call.IsRead) request.Content ??= new ByteArrayContent([]);
        if (request.Content is not null) await request.Content.LoadIntoBufferAsync(cancellation);
    }

    private ResiliencePipeline<Attempt> Retries()
    {
        var builder = new ResiliencePipelineBuilder<Attempt> { TimeProvider = time };
        if (options.MaxRetries == 0) return builder.Build();
        return builder.AddRetry(new RetryStrategyOptions<Attempt>
        {
            MaxRetryAttempts = options.MaxRetries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(options.RetryDelayMilliseconds),
            MaxDelay = TimeSpan.FromSeconds(options.MaxRetryDelaySeconds),
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is { MayRepeat: true }),
            // Where the provider said how long, the gate is closed for that long, for this call as for all others.
            DelayGenerator = arguments =>
                ValueTask.FromResult<TimeSpan?>(arguments.Outcome.Result?.Pause is null ? null : TimeSpan.Zero),
            OnRetry = arguments =>
            {
                var attempt = arguments.Outcome.Result!;
                ProviderTelemetry.Retried(instance, attempt.Outcome.ToString().ToLowerInvariant());
                logger.LogInformation(
                    "{Instance}: {Request} is sent again ({Outcome} {Status})", instance, attempt.Request,
                    attempt.Outcome,
                        (int?)attempt.Answer?.StatusCode);
                attempt.Answer?.Dispose();
                return default;
            },
        }).Build();
    }

    private bool MayRepeat(Attempt attempt, ProviderCall call) =>
        attempt.IsTransient && (call.IsSafeToRepeat || !attempt.MayHaveHappened)
        && !(attempt.Pause > TimeSpan.FromSeconds(options.MaxRateLimitWaitSeconds));

    private async Task<Attempt> AttemptAsync(
        HttpRequestMessage request, ProviderCall call, Redaction redaction, CancellationToken cancellation)
    {
        var came = time.GetTimestamp();
        var gate = gates.For(RateBucket.Of(request));
        using var pass = await gate.EnterAsync(cancellation);
        ProviderTelemetry.Waited(instance, time.GetElapsedTime(came));
        if (pass is null) return new Attempt(AttemptOutcome.Limited, null, Pause: gate.OpensAt - time.GetUtcNow());
        var attempt = await SendOnceAsync(request, pass, redaction, cancellation);
        if (attempt.MayHaveHappened) call.OutcomeUnknown();
        return attempt with
        {
            MayRepeat = MayRepeat(attempt, call), Request = $"{request.Method} {Redaction.Address(request)}",
        };
    }

    private async Task<Attempt> SendOnceAsync(
        HttpRequestMessage request, RateGate.Pass pass, Redaction redaction, CancellationToken cancellation)
    {
        try
        {
            var answer = await timeout.ExecuteAsync(
                async token => await WholeAnswerAsync(request, token), cancellation);
            var signals = RateSignals.Read(answer, time);
            gates.Report(RateBucket.Of(request), pass, signals);
            return new Attempt(Attempt.OutcomeOf(answer, signals), answer, Pause: signals.Pause);
        }
        catch (TimeoutRejectedException)
        {
            return new Attempt(AttemptOutcome.TimedOut, null);
        }
        catch (HttpRequestException error)
        {
            return new Attempt(OutcomeOf(error), null, redaction.Clean(error.Message));
        }
        catch (IOException error)
        {
            return new Attempt(AttemptOutcome.Cut, null, redaction.Clean(error.Message));
        }
    }

    /// <summary>With its body: a connection may end in the middle of it, and that belongs to the attempt.</summary>
    private async Task<HttpResponseMessage> WholeAnswerAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var answer = await base.SendAsync(request, cancellation);
        try
        {
            await answer.Content.LoadIntoBufferAsync(options.MaxAnswerMiB * 1024L * 1024, cancellation);
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    private static AttemptOutcome OutcomeOf(HttpRequestException error) => error.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
            => AttemptOutcome.Unreachable,
        HttpRequestError.ConfigurationLimitExceeded => AttemptOutcome.TooLarge,
        _ => AttemptOutcome.Cut,
    };
}
