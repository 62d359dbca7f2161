using System.Text.Json;
using Portal.Core.Shared;

namespace Portal.Providers.Local;

/// <summary>
/// Small state files: whoever reads sees the old content or the new, never a half, also after a power cut.
/// </summary>
internal static class AtomicFile
{
    public static void WriteJson<T>(string path, T value) =>
        Write(path, JsonSerializer.SerializeToUtf8Bytes(value, Json.Options));

    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(
                temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Null when there is no such file, or none that can be read as what is asked for.</summary>
    public static T? ReadJson<T>(string path) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Json.Options);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }
}
