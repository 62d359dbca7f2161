using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.TestKit;
using Portal.Web.Hosting.Logs;

namespace Portal.Web.Tests.Hosting.Logs;

public sealed class LogLinesTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 2, 9, 30, 0, 123, TimeSpan.FromHours(2)));

    [Fact]
    public void Write_Text_IsOneLineWithTimeInUtcAndLevel() =>
        Assert.Equal(
            "2026-03-02T07:30:00.123Z warn  Portal.Runs: it failed\n", Write(Lines(), LogLevel.Warning, "it failed"));

    /// <summary>What people write must not look like a line of its own.</summary>
    [Theory]
    [InlineData("first\nsecond")]
    [InlineData("first\r\nsecond")]
    [InlineData("first\u2028second")]
    [InlineData("first\u001b[2Jsecond")]
    public void Write_TextWithLineEndsAndControls_StaysOneLine(string text)
    {
        var line = Write(Lines(), LogLevel.Information, text);

        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        Assert.DoesNotContain(line[..^1], char.IsControl);
    }

    [Fact]
    public void Write_Exception_IsOnTheSameLine()
    {
        Exception thrown;
        try
        {
            throw new InvalidOperationException("broken");
        }
        catch (InvalidOperationException e)
        {
            thrown = e;
        }

        var line = Write(Lines(), LogLevel.Error, "it failed", thrown);

        Assert.Single(line.TrimEnd('\n').Split('\n'));
        Assert.Contains("it failed | System.InvalidOperationException: broken", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Json_IsOneObjectPerLine()
    {
        var line = Write(Lines(json: true), LogLevel.Error, "first\nsecond", new InvalidOperationException("broken"));

        var json = JsonNode.Parse(line)!;
        Assert.Equal(
            ("2026-03-02T07:30:00.123Z", "error", "Portal.Runs", "first\nsecond"),
            ((string)json["time"]!, (string)json["level"]!, (string)json["category"]!, (string)json["message"]!));
        Assert.Single(line.TrimEnd('\n').Split('\n'));
    }

    /// <summary>A database that is away: everything that wants it says so, again and again.</summary>
    [Fact]
    public void Write_ThousandsOfTheSame_WritesAFewAndOneLineOfHowManyMore()
    {
        var throttle = new LogThrottle(time);
        var lines = Lines(throttle: throttle);

        var written = Enumerable.Range(0, 5_000)
            .Count(i => Write(lines, LogLevel.Warning, "Run {Run} waits for the database", null, i).Length > 0);

        Assert.Equal(LogThrottle.OfAKind, written);
        Assert.Empty(throttle.TakeHeld());
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(
            ("Portal.Runs", "Run {Run} waits for the database", 5_000 - LogThrottle.OfAKind),
            Assert.Single(throttle.TakeHeld()));
        Assert.NotEmpty(Write(lines, LogLevel.Warning, "Run {Run} waits for the database", null, 1));
    }

    [Fact]
    public void Write_ManyKindsOfOneCategory_IsBoundedToo()
    {
        var lines = Lines();

        Assert.Equal(
            LogThrottle.OfACategory,
            Enumerable.Range(0, 500).Count(i => Write(lines, LogLevel.Error, $"kind {i}").Length > 0));
    }

    [Fact]
    public void Write_WhatWasHeldBack_IsSaid()
    {
        using var writer = new StringWriter();
        var lines = Lines();
        for (var i = 0; i < 100; i++)
        {
            lines.Write(new LogEntry<string>(
                LogLevel.Warning, "Portal.Runs", LogSetup.Held, "7 more of: it", null, (s, _) => s), null, writer);
        }

        Assert.Equal(100, writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void Write_Information_IsNeverHeldBack()
    {
        var lines = Lines();

        Assert.Equal(500, Enumerable.Range(0, 500).Count(_ => Write(lines, LogLevel.Information, "same").Length > 0));
    }

    private LogLines Lines(bool json = false, LogThrottle? throttle = null) =>
        new(LogLines.Text, json, throttle ?? new LogThrottle(time), time);

    private static string Write(
        LogLines lines, LogLevel level, string template, Exception? error = null, params object?[] values)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        IReadOnlyList<KeyValuePair<string, object?>> state = [.. values.Select(
            v => KeyValuePair.Create("value", v)), KeyValuePair.Create("{OriginalFormat}", (object?)template)];
        lines.Write(new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(
            level, "Portal.Runs", 1, state, error, (s, _) => (string)s[^1].Value!), null, writer);
        return writer.ToString();
    }
}
