using System.Text;

namespace Portal.Web.Shared;

/// <summary>What of a file can be shown as text.</summary>
internal static class TextFiles
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Null for what is no text.</summary>
    public static string? TextOf(ReadOnlySpan<byte> content)
    {
        if (content.Contains((byte)0)) return null;
        try
        {
            return StrictUtf8.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
