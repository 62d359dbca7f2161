using System.Text;
using Portal.Providers.GitHub.Webhooks;

namespace Portal.Providers.Tests.GitHub.Webhooks;

/// <summary>With the values that GitHub's documentation gives for testing an implementation.</summary>
public sealed class WebhookSignatureTests
{
    private const string Secret = "It's a Secret to Everybody";
    private const string Right = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    [Theory]
    [InlineData(Secret, "Hello, World!", Right, true)]
    [InlineData(Secret, "Hello, World", Right, false)]
    [InlineData("It's a secret to everybody", "Hello, World!", Right, false)]
    [InlineData("", "Hello, World!", Right, false)]
    [InlineData(Secret, "Hello, World!", "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17", false)]
    [InlineData(
        Secret, "Hello, World!", "sha1=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17", false)]
    [InlineData(
        Secret, "Hello, World!", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e", false)]
    [InlineData(
        Secret, "Hello, World!", "sha256=zz7107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17", false)]
    [InlineData(Secret, "Hello, World!", "sha256=", false)]
    [InlineData(Secret, "Hello, World!", null, false)]
    public void Matches_SecretBodyAndSignature_OnlyWhatGitHubWouldSend(
        string secret, string body, string? signature, bool matches) =>
        Assert.Equal(matches, WebhookSignature.Matches(secret, Encoding.UTF8.GetBytes(body), signature));

    [Fact]
    public void Matches_SecretThatIsEmptyOnBothSides_NeverDoes() =>
        Assert.False(WebhookSignature.Matches("", "Hello, World!"u8, "sha256=" + Convert.ToHexStringLower(
            System.Security.Cryptography.HMACSHA256.HashData([], "Hello, World!"u8))));
}
