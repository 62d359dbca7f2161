using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Providers.Http;
using Portal.TestKit;

namespace Portal.Providers.Tests.Http;

/// <summary>The pipeline of one instance against a real server, on a clock that the test moves.</summary>
internal sealed class ProviderHttpFixture : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private ProviderHttpFixture(ServiceProvider services, ScriptedServer server, FakeTimeProvider time, LogLines log) =>
        (this.services, Server, Time, Log) = (services, server, time, log);

    public string Instance { get; private init; } = "";

    public ScriptedServer Server { get; }

    public FakeTimeProvider Time { get; }

    public LogLines Log { get; }

    public ProviderHttp Http => services.GetRequiredKeyedService<ProviderHttp>(Instance);

    public RateGate Gate =>
        services.GetRequiredKeyedService<RateGates>(Instance).For(new RateBucket("", RateBucket.Core));

    public static async Task<ProviderHttpFixture> StartAsync(
        Action<ProviderHttpOptions>? configure = null, Uri? address = null)
    {
        var (server, time, log, instance) =
            (await ScriptedServer.StartAsync(), new FakeTimeProvider(), new LogLines(), $"p{Guid.NewGuid():N}"[..9]);
        var services = new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationManager())
            .AddSingleton<TimeProvider>(time)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        // Back-off passes in hours of the test's clock before a time-out does.
        services.AddProviderHttp(instance, address ?? server.Address, options =>
        {
            options.AttemptTimeoutSeconds = 600;
            options.MaxRetryDelaySeconds = 5;
            configure?.Invoke(options);
        });
        return new ProviderHttpFixture(services.BuildServiceProvider(), server, time, log) { Instance = instance };
    }

    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path = "/things", string? body = null, bool idempotencyKey = false) =>
        Http.SendAsync(Request(method, path, body, idempotencyKey), TestContext.Current.CancellationToken);

    public static HttpRequestMessage Request(
        HttpMethod method, string path = "/things", string? body = null, bool idempotencyKey = false)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body) };
        return idempotencyKey ? request.WithIdempotencyKey() : request;
    }

    /// <summary>Lets the clock go on until the call is over.</summary>
    public async Task<T> PassTimeAsync<T>(Task<T> call)
    {
        await Eventually.TrueAsync(() =>
        {
            if (!call.IsCompleted) Time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(call.IsCompleted);
        }, "the call to end");
        return await call;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await Server.DisposeAsync();
    }
}

/// <summary>Every line that anybody logs.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly Lock access = new();
    private readonly List<string> lines = [];

    public string Text
    {
        get
        {
            lock (access) return string.Join('\n', lines);
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull
    {
        lock (access) lines.Add(state.ToString() ?? "");
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        lock (access) lines.Add($"{formatter(state, exception)} {exception}");
    }

    public void Dispose()
    {
    }
}
