using Portal.Web.Governance;

namespace Portal.Web.Tests.Governance;

public sealed class SignInTests
{
    [Theory]
    [InlineData("/", true)]
    [InlineData("/catalog?kind=API", true)]
    [InlineData("//evil.example", false)]
    [InlineData("/\\evil.example", false)]
    [InlineData("/\t/evil.example", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void IsOwn_Address_OnlyPathsOfThePortal(
        string? url, bool expected) => Assert.Equal(expected, SignInEndpoints.IsOwn(url));
}
