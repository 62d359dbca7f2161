using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Portal.Core.Runs.Masking;

namespace Portal.Core.Tests.Runs;

/// <summary>
/// A secret in every way in which libraries, hosts and templates write texts: alone, and one after the other.
/// </summary>
public sealed class SecretDisguiseTests
{
    private const string Key = "-----BEGIN KEY-----\nMIIEvQ+BADAN/Bgkqh\nkiG9w0BAQEF\"AAS&C\n-----END KEY-----\n";

    private static readonly JsonSerializerOptions Relaxed =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly (string Name, Func<string, string> Write)[] Disguises =
    [
        ("json", t => JsonSerializer.Serialize(t)),
        ("json relaxed", t => JsonSerializer.Serialize(t, Relaxed)),
        ("json in an object", t => new JsonObject { ["a"] = new JsonObject { ["b"] = t } }.ToJsonString()),
        ("unicode escapes", t => string.Concat(t.Select(c => $"\\u{(int)c:x4}"))),
        ("slashes escaped", t => JsonSerializer.Serialize(t, Relaxed).Replace("/", "\\/", StringComparison.Ordinal)),
        ("html", WebUtility.HtmlEncode),
        ("html numbers", t => string.Concat(t.EnumerateRunes().Select(r => $"&#x{r.Value:X};"))),
        ("url", Uri.EscapeDataString),
        ("form", WebUtility.UrlEncode),
        ("yaml block", t => "key: |\n" + string.Join('\n', t.Split('\n').Select(l => "      " + l))),
        ("yaml quoted", t => $"key: '{t.Replace("'", "''", StringComparison.Ordinal)}'"),
        ("shell quoted", t => $"'{t.Replace("'", "'\\''", StringComparison.Ordinal)}'"),
        ("windows lines", t => t.Replace("\n", "\r\n", StringComparison.Ordinal)),
        ("one line", t => t.Replace("\n", " ", StringComparison.Ordinal)),
    ];

    public static TheoryData<string, string> Pairs()
    {
        var data = new TheoryData<string, string>();
        foreach (var (first, _) in Disguises)
        {
            foreach (var (second, _) in Disguises) data.Add(first, second);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Redact_TwoDisguisesOverEachOther_LeaveNoPartOfTheSecret(string first, string second)
    {
        foreach (var secret in new[] { "hunter2/ä&\"x\" <b>100%", Key, "C:\\new\\table\\u0041", "a'b\"c`d\\e" })
        {
            var shown = Of(secret).Redact($"before {Write(second, Write(first, secret))} after");

            Assert.Contains(SecretRedactor.Mask, shown, StringComparison.Ordinal);
            Assert.StartsWith("before ", shown, StringComparison.Ordinal);
            Assert.EndsWith(" after", shown, StringComparison.Ordinal);
            foreach (var part in secret.Split('\n').Where(l => l.Length > 5))
            {
                Assert.DoesNotContain(Bare(part), Bare(Undone(shown)), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Redact_AnySecretInAnyTwoDisguises_IsGone() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(
            ArbMap.Default.ArbFor<NonEmptyString>(), Gen.Choose(0, Disguises.Length - 1).Two().ToArbitrary(),
            (given, which) =>
            {
                var secret = Encoding.UTF8.GetString(
                    Encoding.UTF8.GetBytes($"k9{given.Get}q7z".Replace("\0", "", StringComparison.Ordinal)));
                var written = Disguises[which.Item2].Write(Disguises[which.Item1].Write(secret));
                var shown = Of(secret).Redact($"«{written}»");
                Assert.Contains(SecretRedactor.Mask, shown, StringComparison.Ordinal);
                Assert.DoesNotContain("k9", Undone(shown), StringComparison.Ordinal);
            }));

    [Theory]
    [InlineData("json")]
    [InlineData("url")]
    [InlineData("html")]
    public void Redact_Base64OfADisguise_IsGone(string disguise)
    {
        const string secret = "hunter2/<ä>&x 100%";
        foreach (var prefix in new[] { "", "u", "us", "user:" })
        {
            var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(prefix + Write(disguise, secret)));
            Assert.Contains(
                SecretRedactor.Mask, Of(secret).Redact($"Authorization: Basic {encoded}"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Redact_Base64InLines_IsGone()
    {
        var encoded = Convert.ToBase64String(
            Encoding.UTF8.GetBytes(Key + Key + Key), Base64FormattingOptions.InsertLineBreaks);
        var shown =
            Of(Key + Key + Key).Redact($"data:\n  {encoded.Replace("\r\n", "\n  ", StringComparison.Ordinal)}\n");
        Assert.Equal(
            $"data:\n  {SecretRedactor.Mask}", shown.TrimEnd('=', '\n')[..(9 + SecretRedactor.Mask.Length - 1)]);
        Assert.DoesNotContain(encoded[80..100], shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"type\":\"account\",\"private\":\"s3cr3t-part\"}", "private: s3cr3t-part")]
    [InlineData("a-long-secret-text", "A-LONG-SECRET-TEXT")]
    [InlineData("a-long-secret-text", "The host answered: a-long-secret…")]
    [InlineData("a-long-secret-text", "612d6c6f6e672d7365637265742d74657874")]
    [InlineData("abcdef", "abcdefghi")]
    public void Redact_PartsAndOtherWritings_AreGone(string secret, string text) =>
        Assert.Contains(
            SecretRedactor.Mask, new SecretRedactor(new JsonObject { ["a"] = secret, ["b"] = "defghi" }).Redact(text),
            StringComparison.Ordinal);

    [Fact]
    public void Redact_SecretsThatOverlap_LeaveNoEnd() =>
        Assert.Equal(
            "***", new SecretRedactor(new JsonObject { ["a"] = "abcdef", ["b"] = "defghi" }).Redact("abcdefghi"));

    [Fact]
    public void Redact_TextTooLongToBeLookedThrough_IsLeftOut()
    {
        var shown = Of("a-long-secret-text").Redact(new string('x', SecretRedactor.LongestText + 1));
        Assert.StartsWith("*** (4,194,305 characters", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Redact_TextEscapedTooOften_IsLeftOut() =>
        Assert.StartsWith(
            "*** (escaped", Of("a-long-secret-text").Redact(new string('\\', 300) + "n"), StringComparison.Ordinal);

    [Fact]
    public void Redact_MoreSecretsThanCanBeLookedFor_ShowNothing()
    {
        var redactor = Of("a-long-secret-text");
        var few = redactor.Learn(Enumerable.Range(0, 200).Select(i => new string((char)('a' + (i % 26)), 10_000) + i));
        Assert.False(few);
        Assert.Equal("***", redactor.Redact("harmless"));
        Assert.Equal("{\"***\":\"***\"}", redactor.RedactJson("{\"a\":\"harmless\"}"));
    }

    /// <summary>The largest secrets and the largest text that are taken: no square of either.</summary>
    [Theory]
    [InlineData(16_000, 4)]
    [InlineData(1, 64_000)]
    public void Redact_LargestSecretInLargestText_StaysBounded(int lines, int length)
    {
        var secret = string.Join(
            '\n', Enumerable.Range(0, lines).Select(i => new string('a', length - 1) + (char)('!' + (i % 90))));
        var text = new string('a', SecretRedactor.LongestText);
        var began = TimeProvider.System.GetTimestamp();

        Of(secret).Redact(text);

        Assert.True(
            TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20), "It took longer than 20 seconds.");
    }

    private static SecretRedactor Of(string secret) => new(new JsonObject { ["password"] = secret });

    private static string Write(string disguise, string text) => Disguises.Single(d => d.Name == disguise).Write(text);

    /// <summary>As somebody would read it who undoes escapes.</summary>
    private static string Undone(string text)
    {
        for (var i = 0; i < 3; i++)
        {
            text = WebUtility.HtmlDecode(Uri.UnescapeDataString(text));
            text = System.Text.RegularExpressions.Regex.Replace(
                text, @"\\u(?<hex>[0-9a-fA-F]{4})", m => ((char)Convert.ToInt32(m.Groups["hex"].Value, 16)).ToString(),
                System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5));
        }
        return text;
    }

    private static string Bare(string text) => new([.. text.Where(char.IsLetterOrDigit)]);
}
