using Portal.Providers.GitHub.Discovery;

namespace Portal.Providers.Tests.GitHub.Discovery;

public sealed class CodeOwnersTests
{
    [Theory]
    [InlineData("* @shop/checkout", "shop/checkout")]
    [InlineData("# all\n*   @ada @shop/checkout # both\n", "shop/checkout")]
    [InlineData("* @ada ben@example.com", "ada")]
    [InlineData("* @first\n/docs @docs\n*\t@second\r\n", "second")]
    [InlineData("* @first\n*", null)]
    [InlineData("* ada@example.com", null)]
    [InlineData("*.js @web\n/docs/* @docs", null)]
    [InlineData("", null)]
    public void OfAll_File_IsWhoTheLastRuleForEverythingNames(
        string text, string? owner) => Assert.Equal(owner, CodeOwners.OfAll(text));
}
