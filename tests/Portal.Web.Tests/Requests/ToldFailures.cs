using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Portal.Web.Tests.Requests;

/// <summary>What a portal logs of requests that failed: for the words of a test that finds one.</summary>
internal sealed class ToldFailures : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<Exception> told = new();

    /// <summary>The last one, in a line.</summary>
    public string Last => told.LastOrDefault() is { } last
        ? $"{last.GetType().Name}: {last.Message.ReplaceLineEndings(" ")} {string.Join(" < ", (last.StackTrace ?? "").Split('\n').Where(l => l.Contains("Portal.", StringComparison.Ordinal)).Take(2).Select(l => l.Trim()))}"
        : "";

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (exception is not null) told.Enqueue(exception);
    }

    public void Dispose()
    {
    }
}
