using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Portal.Benchmarks;

/// <summary>
/// Clients that each ask, wait for the answer and ask again. They speak HTTP over plain sockets: what asks shares the
/// processors with what is measured, so it should cost little.
/// </summary>
internal sealed class LoadRun(Uri address, string token, IReadOnlyList<string> paths)
{
    private readonly byte[][] requests = [.. paths.Select(path => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {token}\r\nAccept: application/json\r\n\r\n"))];

    /// <summary>Answers per second, and the middle and the 99th percentile of their times in milliseconds.</summary>
    public async Task<(double PerSecond, double P50, double P99)> RunAsync(
        int clients, TimeSpan duration, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, clients)
            .Select(i => Task.Run(() => AskAsync(i, clients, started, duration, cancellation), cancellation)));
        var taken = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var sorted = times.SelectMany(t => t).Order().ToList();
        return (sorted.Count / taken, sorted[sorted.Count / 2], sorted[(int)(sorted.Count * 0.99)]);
    }

    private async Task<List<double>> AskAsync(
        int first, int step, long started, TimeSpan duration, CancellationToken cancellation)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port, cancellation);
        var buffer = new byte[1024 * 1024];
        var times = new List<double>();
        for (var i = first % requests.Length; Stopwatch.GetElapsedTime(started) < duration; i =
            (i + step) % requests.Length)
        {
            var asked = Stopwatch.GetTimestamp();
            await socket.SendAsync(requests[i], cancellation);
            await ReadAnswerAsync(socket, buffer, cancellation);
            times.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }
        return times;
    }

    private static async Task ReadAnswerAsync(Socket socket, byte[] buffer, CancellationToken cancellation)
    {
        var (read, whole) = (0, int.MaxValue);
        while (read < whole)
        {
            var more = await socket.ReceiveAsync(buffer.AsMemory(read), cancellation);
            if (more == 0) throw new BenchmarkException("the portal closed the connection under load");
            read += more;
            if (whole == int.MaxValue) whole = LengthOf(buffer.AsSpan(0, read)) ?? int.MaxValue;
        }
    }

    /// <summary>Of head and body; null while the head is not whole.</summary>
    private static int? LengthOf(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return null;
        var head = answer[..end];
        if (!head.StartsWith("HTTP/1.1 200"u8))
        {
            throw new BenchmarkException($"the portal answered {Encoding.ASCII.GetString(head)}");
        }
        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0) throw new BenchmarkException("the answer has no Content-Length");
        var value = head[(at + "Content-Length: "u8.Length)..];
        var line = value.IndexOf((byte)'\r');
        return end + 4 + int.Parse(line < 0 ? value : value[..line], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
