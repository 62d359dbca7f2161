using System.Buffers;
using System.Globalization;
using System.Text;
using Portal.Core.Providers;

namespace Portal.Providers.Local.Repositories;

/// <summary>
/// Writes a tree as the stream that <c>git fast-import</c> reads: one commit, no work tree, any bytes.
/// </summary>
internal static class FastImport
{
    public static readonly IReadOnlyList<string> Arguments = ["fast-import", "--quiet", "--done", "--date-format=raw"];

    private const int FlushAt = 256 * 1024;

    public static async Task WriteAsync(Stream output, CreateRepository request, CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>(FlushAt);
        var message = Encoding.UTF8.GetBytes(request.CommitMessage);
        var who = Person(request.Author);
        Text(buffer, $"commit refs/heads/{request.DefaultBranch}\nauthor {who}\ncommitter {who}\n");
        Data(buffer, message);
        foreach (var file in request.Tree.Files)
        {
            var mode = file.IsLink ? "120000" : file.Executable ? "100755" : "100644";
            Text(buffer, $"M {mode} inline {Quote(file.Path)}\n");
            if (file.Content.Length < FlushAt)
            {
                Data(buffer, file.Content.Span);
            }
            else
            {
                Text(buffer, $"data {file.Content.Length}\n");
                await FlushAsync(output, buffer, cancellation);
                await output.WriteAsync(file.Content, cancellation);
                Text(buffer, "\n");
            }
            if (buffer.WrittenCount >= FlushAt) await FlushAsync(output, buffer, cancellation);
        }
        Text(buffer, "done\n");
        await FlushAsync(output, buffer, cancellation);
    }

    private static async Task FlushAsync(Stream output, ArrayBufferWriter<byte> buffer, CancellationToken cancellation)
    {
        await output.WriteAsync(buffer.WrittenMemory, cancellation);
        buffer.ResetWrittenCount();
    }

    private static void Data(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> bytes)
    {
        Text(buffer, $"data {bytes.Length}\n");
        buffer.Write(bytes);
        Text(buffer, "\n");
    }

    private static void Text(ArrayBufferWriter<byte> buffer, string text) => Encoding.UTF8.GetBytes(text, buffer);

    /// <summary>Git takes neither angle brackets nor line ends in a name; the offset is kept.</summary>
    private static string Person(CommitAuthor author)
    {
        var sign = author.At.Offset < TimeSpan.Zero ? '-' : '+';
        var offset = author.At.Offset.Duration();
        return string.Create(CultureInfo.InvariantCulture,
            $"{Clean(author.Name)} <{Clean(author.Email)}> {author.At.ToUnixTimeSeconds()} "
                + $"{sign}{offset.Hours:00}{offset.Minutes:00}");
    }

    private static string Clean(string text) =>
        string.Concat(text.Where(c => !char.IsControl(c) && c is not ('<' or '>'))).Trim();

    private static string Quote(string path) => $"\"{path.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
}
