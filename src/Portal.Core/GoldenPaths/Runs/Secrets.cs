using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Portal.Core.Shared;

namespace Portal.Core.GoldenPaths.Runs;

/// <summary>Keeps what a run is given in secret: encrypted with keys that are not in the database.</summary>
public sealed class SecretBox(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("Portal.Runs.Secrets");

    public byte[]? Seal(JsonObject? secrets) =>
        secrets is { Count: > 0 } ? protector.Protect(JsonSerializer.SerializeToUtf8Bytes(secrets)) : null;

    public JsonObject Open(byte[]? box) => box is null ? [] : JsonNode.Parse(protector.Unprotect(box))!.AsObject();
}

/// <summary>
/// Takes secrets out of any text before it is kept or shown, also where something outside echoed them encoded (base64, URL, JSON).
/// </summary>
public sealed class SecretRedactor
{
    private const string Mask = "***";

    /// <summary>Shorter ones would tear holes into ordinary words.</summary>
    private const int ShortestSecret = 4;

    private readonly string[] forms;

    public SecretRedactor(JsonObject secrets)
    {
        forms = secrets.SelectMany(s => Texts(s.Value)).Where(s => s.Length >= ShortestSecret).SelectMany(Forms)
            .Distinct(StringComparer.Ordinal).OrderByDescending(f => f.Length).ToArray();
    }

    public string Redact(string text)
    {
        foreach (var form in forms)
        {
            if (text.Contains(form, StringComparison.Ordinal)) text = text.Replace(form, Mask, StringComparison.Ordinal);
        }
        return text;
    }

    /// <summary>Texts and names inside a JSON text, so that it stays JSON whatever the secret looks like.</summary>
    public string? RedactJson(string? json) =>
        json is null || forms.Length == 0 || Redact(json) == json ? json : Clean(JsonNode.Parse(json))?.ToJsonString(Json.Options);

    private JsonNode? Clean(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject o:
                return new JsonObject(o.Select(p => KeyValuePair.Create(Redact(p.Key), Clean(p.Value))).DistinctBy(p => p.Key));
            case JsonArray a:
                return new JsonArray([.. a.Select(Clean)]);
            case JsonValue v when v.GetValueKind() is JsonValueKind.String or JsonValueKind.Number && Redact(v.ToString()) is var text && text != v.ToString():
                return JsonValue.Create(text);
            default:
                return node?.DeepClone();
        }
    }

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(p => Texts(p.Value)),
        JsonArray a => a.SelectMany(Texts),
        JsonValue v => [v.ToString()],
        _ => [],
    };

    /// <summary><c>%2F</c> as <c>%2f</c>, which means the same.</summary>
    private static string LowerPercents(string url)
    {
        var text = url.ToCharArray();
        for (var i = 0; i + 2 < text.Length; i++)
        {
            if (text[i] == '%') (text[i + 1], text[i + 2]) = (char.ToLowerInvariant(text[i + 1]), char.ToLowerInvariant(text[i + 2]));
        }
        return new string(text);
    }

    private static IEnumerable<string> Forms(string secret)
    {
        yield return secret;
        foreach (var url in new[] { Uri.EscapeDataString(secret), WebUtility.UrlEncode(secret) })
        {
            yield return url;
            yield return LowerPercents(url);
        }
        yield return JsonEncodedText.Encode(secret).ToString();
        yield return JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        // Base64 of the secret inside a longer text depends on where it starts: the part that does not is searched for.
        var bytes = System.Text.Encoding.UTF8.GetBytes(secret);
        for (var shift = 0; shift < 3; shift++)
        {
            var whole = Convert.ToBase64String([.. new byte[shift], .. bytes]);
            var from = shift == 0 ? 0 : shift + 1;
            var inner = whole.TrimEnd('=')[from..];
            if ((bytes.Length + shift) % 3 != 0) inner = inner[..^1];
            if (inner.Length < ShortestSecret) continue;
            yield return inner;
            yield return inner.Replace('+', '-').Replace('/', '_');
        }
    }
}
