using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Portal.Core.Shared;

namespace Portal.Web.Shared;

/// <summary>
/// Addresses are UTF-8 without NUL, or are refused before anything reads them: no database keeps such text.
/// </summary>
internal static class RequestText
{
    private static readonly Error Nul = Error.Invalid(
        "request-invalid", "The address holds the character NUL (%00). Leave it out.");
    private static readonly Error NotUtf8 = Error.Invalid(
        "request-invalid",
        "The address holds bytes that are no UTF-8. Escape its text as UTF-8, for example %C3%A9 for é.");

    private static readonly Error UnknownLetters = Error.Invalid(
        "request-invalid",
        "The body's charset is not known. Send UTF-8, with the header 'Content-Type: application/json'.");

    /// <summary>What is wrong with the request's address or the letters of its body; null when nothing is.</summary>
    public static Error? Problem(HttpContext context)
    {
        if (!IsReadable(context.Request.ContentType)) return UnknownLetters;
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        // Nearly all have nothing escaped, and the server itself refuses what is neither escaped nor ASCII.
        return target.Contains('%') ? Problem(target) : null;
    }

    internal static Error? Problem(string target)
    {
        var bytes = new byte[target.Length];
        var length = 0;
        for (var i = 0; i < target.Length; i++)
        {
            if (target[i] == '%' && i + 2 < target.Length && char.IsAsciiHexDigit(target[i + 1])
                && char.IsAsciiHexDigit(target[i + 2]))
            {
                bytes[length++] = Convert.FromHexString(target.AsSpan(i + 1, 2))[0];
                i += 2;
            }
            else
            {
                bytes[length++] = (byte)target[i];
            }
        }
        var decoded = bytes.AsSpan(0, length);
        return decoded.Contains((byte)0) ? Nul : Utf8.IsValid(decoded) ? null : NotUtf8;
    }

    private static bool IsReadable(string? contentType)
    {
        if (contentType is null || !MediaTypeHeaderValue.TryParse(contentType, out var type) || !type.Charset.HasValue)
        {
            return true;
        }
        return type.Encoding is not null;
    }
}
