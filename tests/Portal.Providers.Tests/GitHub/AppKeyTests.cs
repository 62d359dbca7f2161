using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Providers.GitHub;
using Portal.Providers.GitHub.Access;

namespace Portal.Providers.Tests.GitHub;

public sealed class AppKeyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Token_OfAKey_IsSignedWithItAndLivesLessThanTenMinutes()
    {
        using var rsa = RSA.Create(2048);
        using var key = AppKey.Of(new GitHubOptions { AppId = "4711", PrivateKey = rsa.ExportRSAPrivateKeyPem() });
        var parts = key.Token(Now).Split('.');
        var (header, payload) = (Json(parts[0]), Json(parts[1]));
        Assert.True(rsa.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]),
            HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal(("RS256", "4711"), ((string)header["alg"]!, (string)payload["iss"]!));
        var (issued, ends) = (DateTimeOffset.FromUnixTimeSeconds(
            (long)payload["iat"]!), DateTimeOffset.FromUnixTimeSeconds((long)payload["exp"]!));
        Assert.Equal(Now.AddSeconds(-60), issued);
        Assert.InRange(ends - Now, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(9));
        Assert.True(ends - issued <= TimeSpan.FromMinutes(10));
    }

    [Fact]
    public void Failure_EveryKindOfRsaKey_IsTaken()
    {
        using var rsa = RSA.Create(2048);
        foreach (var pem in (string[])
        [
            rsa.ExportRSAPrivateKeyPem(), rsa.ExportPkcs8PrivateKeyPem(),
            rsa.ExportPkcs8PrivateKeyPem().Replace("\n", "\\n", StringComparison.Ordinal)
        ])
        {
            Assert.Null(AppKey.Failure(new GitHubOptions { AppId = "1", PrivateKey = pem }));
        }
    }

    [Fact]
    public void Failure_WhatSignsNothing_IsRefusedWithoutRepeatingIt()
    {
        using var rsa = RSA.Create(2048);
        using var curve = ECDsa.Create();
        foreach (var text in (string[])
        [
            "a-secret-that-is-no-key", rsa.ExportRSAPublicKeyPem(), curve.ExportPkcs8PrivateKeyPem(),
            "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----"
        ])
        {
            var failure = AppKey.Failure(new GitHubOptions { AppId = "1", PrivateKey = text });
            Assert.StartsWith("PrivateKey is no RSA key in PEM", failure, StringComparison.Ordinal);
            Assert.DoesNotContain(text, failure, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Failure_FileThatIsNotThere_NamesIt() =>
        Assert.Contains(
            "/no/such.pem", AppKey.Failure(new GitHubOptions { AppId = "1", PrivateKeyFile = "/no/such.pem" }),
            StringComparison.Ordinal);

    private static JsonNode Json(string part) => JsonNode.Parse(Base64Url.DecodeFromChars(part))!;
}
