using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Portal.Providers.Local.Repositories;

/// <summary>
/// The head of a CGI answer: lines of <c>Name: value</c> up to an empty one; <c>Status</c> is the HTTP status, 200
/// without it.
/// </summary>
internal sealed class CgiHead
{
    private const int MaxSize = 16 * 1024;

    private static readonly HashSet<string> Passed = new(StringComparer.OrdinalIgnoreCase)
    {
        "Content-Type", "Cache-Control", "Expires", "Pragma",
    };

    private readonly List<(string Name, string Value)> headers = [];
    private int status = StatusCodes.Status200OK;

    /// <summary>What was read of the body already.</summary>
    public ReadOnlyMemory<byte> Rest { get; private init; }

    public static async Task<CgiHead> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var buffer = new byte[MaxSize];
        var length = 0;
        while (length < MaxSize)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellation);
            if (read == 0) throw new InvalidDataException("git http-backend ended before its answer began.");
            length += read;
            if (End(buffer.AsSpan(0, length)) is not { } end) continue;
            var head = new CgiHead { Rest = buffer.AsMemory(end.Body, length - end.Body) };
            head.Parse(Encoding.Latin1.GetString(buffer, 0, end.Head));
            return head;
        }
        throw new InvalidDataException("git http-backend answered with a head above 16 KB.");
    }

    public void Apply(HttpResponse response)
    {
        response.StatusCode = status;
        foreach (var (name, value) in headers) response.Headers[name] = value;
    }

    private static (int Head, int Body)? End(ReadOnlySpan<byte> bytes)
    {
        var windows = bytes.IndexOf("\r\n\r\n"u8);
        var unix = bytes.IndexOf("\n\n"u8);
        if (windows >= 0 && (unix < 0 || windows < unix)) return (windows, windows + 4);
        return unix < 0 ? null : (unix, unix + 2);
    }

    private void Parse(string head)
    {
        foreach (var line in head.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.Split(':', 2, StringSplitOptions.TrimEntries) is not [var name, var value]) continue;
            if (name.Equals("Status", StringComparison.OrdinalIgnoreCase))
            {
                status = int.TryParse(value.Split(' ')[0], CultureInfo.InvariantCulture, out var number)
                    ? number : StatusCodes.Status502BadGateway;
            }
            else if (Passed.Contains(name))
            {
                headers.Add((name, value));
            }
        }
    }
}
