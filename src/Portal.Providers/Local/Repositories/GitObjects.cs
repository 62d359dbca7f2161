using System.Globalization;
using System.Text;

namespace Portal.Providers.Local.Repositories;

/// <summary>Objects of a repository by their names.</summary>
internal static class GitObjects
{
    /// <summary>One object. The name goes in by standard input, so it cannot be an option.</summary>
    /// <param name="mode"><c>--batch</c> with its content, <c>--batch-check</c> without.</param>
    /// <param name="name">Holds no line break.</param>
    public static async Task<(string? Type, long Size, byte[]? Content)> FindAsync(
        string folder, string mode, string name, CancellationToken cancellation)
    {
        var output = await GitCommand.RunAsync(folder, ["cat-file", mode],
            (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes(name + "\n"), token).AsTask(), cancellation);
        var end = Array.IndexOf(output, (byte)'\n');
        if (end < 0 || Encoding.UTF8.GetString(output, 0, end).Split(' ') is not [_, var type, var length]
            || !long.TryParse(length, CultureInfo.InvariantCulture, out var size)) return (null, 0, null);
        return (type, size, mode == "--batch" ? output.AsSpan(end + 1, (int)size).ToArray() : null);
    }
}
