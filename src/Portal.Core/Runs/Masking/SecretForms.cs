using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Core.Runs.Masking;

/// <summary>The texts that give a secret away, as <see cref="DecodedText.Squeeze"/> leaves them.</summary>
internal static class SecretForms
{
    /// <summary>Shorter ones would tear holes into ordinary words.</summary>
    public const int Shortest = 4;

    /// <summary>
    /// Layers of escapes that are looked through, in texts and in secrets that look escaped themselves.
    /// </summary>
    public const int Layers = 6;

    /// <summary>Lines of a secret that are looked for in base64, each alone.</summary>
    private const int LinesInBase64 = 64;

    private static readonly char[] LineBreaks = ['\r', '\n'];

    public static IEnumerable<string> Of(string secret)
    {
        var lines = secret.Split(LineBreaks, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length < 2) lines = [];
        var forms = new[] { secret }.Concat(lines).Concat(Members(secret)).SelectMany(Plain);
        forms = forms.Concat(Binary(secret)).Concat(lines.Take(LinesInBase64).SelectMany(Base64));
        return forms.Select(Squeezed).SelectMany(Pieces).Where(f => f.Length >= Shortest)
            .Distinct(StringComparer.Ordinal);
    }

    public static string Squeezed(string text) => DecodedText.Of(text).Squeeze().Text;

    /// <summary>A long form is found piece by piece, side by side where it is whole: no comparison is long.</summary>
    private static IEnumerable<string> Pieces(string form)
    {
        const int length = 256;
        for (var at = 0; at < form.Length;)
        {
            var rest = form.Length - at;
            var taken = rest < 2 * length ? rest : length;
            yield return form.Substring(at, taken);
            at += taken;
        }
    }

    /// <summary>A secret may itself look escaped: what is read through a layer of escapes is looked for too.</summary>
    private static IEnumerable<string> Plain(string text)
    {
        yield return text;
        var layer = DecodedText.Of(text);
        for (var i = 0; i < Layers && layer.Decode() is { } inner; i++) yield return (layer = inner).Text;
    }

    /// <summary>Values inside a secret that is JSON, such as a service account's key.</summary>
    private static IEnumerable<string> Members(string secret)
    {
        if (!secret.AsSpan().TrimStart().StartsWith("{") && !secret.AsSpan().TrimStart().StartsWith("[")) return [];
        try
        {
            return Texts(JsonNode.Parse(secret)).Where(t => t.Length >= Shortest).ToList();
        }
        catch (JsonException)
        {
            return [];
        }
    }

    public static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(p => Texts(p.Value)),
        JsonArray a => a.SelectMany(Texts),
        JsonValue v => [v.ToString()],
        _ => [],
    };

    private static IEnumerable<string> Binary(string secret)
    {
        string[] written =
        [
            secret, secret.Trim(), Uri.EscapeDataString(secret), WebUtility.UrlEncode(secret),
            WebUtility.HtmlEncode(secret), JsonEncodedText.Encode(secret).ToString(),
            JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
        ];
        foreach (var text in written.Distinct(StringComparer.Ordinal))
        {
            foreach (var form in Base64(text)) yield return form;
        }
        var bytes = Encoding.UTF8.GetBytes(secret);
        foreach (var form in Base64(Convert.ToBase64String(bytes))) yield return form;
        foreach (var form in Base64(Encoding.Unicode.GetBytes(secret))) yield return form;
        yield return Convert.ToHexStringLower(bytes);
    }

    private static IEnumerable<string> Base64(string text) => Base64(Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// Base64 of the secret inside a longer text depends on where it starts: the part that does not is searched for.
    /// </summary>
    private static IEnumerable<string> Base64(byte[] bytes)
    {
        for (var shift = 0; shift < 3; shift++)
        {
            var whole = Convert.ToBase64String([.. new byte[shift], .. bytes]);
            var from = shift == 0 ? 0 : shift + 1;
            var inner = whole.TrimEnd('=');
            if (inner.Length <= from) continue;
            inner = inner[from..];
            if ((bytes.Length + shift) % 3 != 0) inner = inner[..^1];
            yield return inner;
            yield return inner.Replace('+', '-').Replace('/', '_');
        }
    }
}
