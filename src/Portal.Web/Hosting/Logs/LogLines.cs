using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Portal.Web.Hosting.Logs;

/// <summary>
/// One line per event: time in UTC, level, category, message; as text, or as JSON for who collects logs.
/// </summary>
internal sealed class LogLines(string name, bool json, LogThrottle throttle, TimeProvider time) : ConsoleFormatter(name)
{
    public const string Text = "portal";
    public const string Json = "portal-json";

    public override void Write<TState>(
        in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception) ?? "";
        if (logEntry.LogLevel >= LogLevel.Warning && logEntry.EventId.Name != LogSetup.Held.Name
            && !throttle.Lets(logEntry.Category, Kind(logEntry.State, message, logEntry.Exception))) return;
        textWriter.WriteLine(json ? AsJson(logEntry, message) : AsText(logEntry, message));
    }

    private string AsText<TState>(in LogEntry<TState> entry, string message)
    {
        var line = new StringBuilder().Append(Now).Append(' ').Append(Word(entry.LogLevel)).Append(' ')
            .Append(entry.Category).Append(": ");
        AppendOneLine(line, message);
        if (entry.Exception is { } e) AppendOneLine(line.Append(" | "), e.ToString());
        return line.ToString();
    }

    private string AsJson<TState>(in LogEntry<TState> entry, string message) => JsonSerializer.Serialize(
        new
        {
            time = Now, level = Word(entry.LogLevel).Trim(), category = entry.Category, message,
            exception = entry.Exception?.ToString()
        }, JsonSerializerOptions.Web);

    private string Now =>
        time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Line ends, and whatever else would let a text look like a line of its own, become spaces.</summary>
    private static void AppendOneLine(StringBuilder line, string text)
    {
        foreach (var c in text) line.Append(char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c);
    }

    /// <summary>The message before its values were filled in.</summary>
    private static string Kind<TState>(TState state, string message, Exception? e)
    {
        var template = state is IReadOnlyList<KeyValuePair<string, object?>> values
            ? values.FirstOrDefault(v => v.Key == "{OriginalFormat}").Value as string
            : null;
        return e is null ? template ?? message : $"{template ?? message} ({e.GetType().Name})";
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        LogLevel.Error => "error",
        _ => "fatal",
    };
}
