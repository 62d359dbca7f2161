using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Portal.Core.Runs.Masking;

namespace Portal.Core.Tests.Runs;

public sealed class SecretRedactorTests
{
    private const string Awkward = "p@ss \"wörd\"/+<&> 100%\\n";

    private static readonly JsonSerializerOptions Relaxed =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("1234")]
    [InlineData("\"quoted\"")]
    [InlineData("\"},{\"")]
    [InlineData("\":{\"")]
    [InlineData("name")]
    public void RedactJson_SecretThatLooksLikeJson_LeavesJsonWithoutIt(string secret)
    {
        var redactor = Of(secret);
        var json = new JsonObject
        {
            ["name"] = secret, [secret] = 1234, ["flag"] = true, ["nothing"] = null,
            ["list"] = new JsonArray(secret, 51234.5, new JsonObject { ["deep"] = $"a {secret} b" }),
        }.ToJsonString();

        var clean = JsonNode.Parse(redactor.RedactJson(json)!)!.AsObject();

        Assert.DoesNotContain(Texts(clean), t => t.Contains(secret, StringComparison.Ordinal));
        Assert.Equal(3, clean["list"]!.AsArray().Count);
        Assert.Equal("a *** b", (string?)clean["list"]![2]!["deep"]);
    }

    [Theory]
    [InlineData("correct horse battery")]
    [InlineData(Awkward)]
    [InlineData("sk-ÄÖÜ-€-0123456789")]
    public void Redact_EchoInAnyEncoding_LeavesNothingThatGivesItBack(string secret)
    {
        var redactor = Of(secret);
        foreach (var echo in Echoes(secret))
        {
            var clean = redactor.Redact($"before {echo} after");
            Assert.Contains("***", clean, StringComparison.Ordinal);
            Assert.DoesNotContain(echo, clean, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Redact_AnySecretInAnyJson_IsGoneAndJsonStays() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyString>(), ArbMap.Default.ArbFor<NonNull<string>>(), (given, text) =>
        {
            // Text that is no Unicode cannot be stored at all.
            var secret = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(given.Get + "·key"));
            var around = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get));
            var clean = JsonNode.Parse(Of(secret).RedactJson(new JsonObject
            {
                ["a"] = around + secret, [secret] = new JsonArray(secret + around)
            }.ToJsonString())!)!;
            Assert.DoesNotContain(Texts(clean), t => t.Contains(secret, StringComparison.Ordinal));
        }));

    [Fact]
    public void Redact_ShortSecret_TearsNoHoles() => Assert.Equal("a cat", Of("a").Redact("a cat"));

    private static SecretRedactor Of(string secret) => new(new JsonObject { ["password"] = secret });

    /// <summary>As hosts, proxies and libraries give back what they were sent.</summary>
    internal static IEnumerable<string> Echoes(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        yield return secret;
        yield return Convert.ToBase64String(bytes);
        yield return Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        yield return Uri.EscapeDataString(secret);
        yield return System.Net.WebUtility.UrlEncode(secret);
        yield return System.Text.RegularExpressions.Regex.Replace(
            Uri.EscapeDataString(secret), "%[0-9A-F]{2}", m => m.Value.ToLowerInvariant(),
            System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
        yield return JsonSerializer.Serialize(secret).Trim('"');
        yield return JsonSerializer.Serialize(secret, Relaxed)[1..^1];
    }

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(p => Texts(p.Value).Prepend(p.Key)),
        JsonArray a => a.SelectMany(Texts),
        JsonValue v when v.GetValueKind() is JsonValueKind.String or JsonValueKind.Number => [v.ToString()],
        _ => [],
    };
}
