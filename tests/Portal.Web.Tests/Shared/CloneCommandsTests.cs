using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Web.Shared;

namespace Portal.Web.Tests.Shared;

/// <summary>What is shown to clone is the whole command, and works where it is typed.</summary>
public sealed class CloneCommandsTests
{
    private static readonly Actor Ada = new(EntityRef.User("ada"), "Ada", []);

    [Theory]
    [InlineData(
        "https://portal.example.org", "https://portal.example.org/git/orders/shop.git",
        "git clone https://ada@portal.example.org/git/orders/shop.git", true, false)]
    [InlineData(
        "https://example.org/portal", "https://example.org/portal/git/orders/shop.git",
        "git clone https://ada@example.org/portal/git/orders/shop.git", true, false)]
    [InlineData(
        "http://127.0.0.1:5080", "http://127.0.0.1:5080/git/orders/shop.git",
        "git clone http://ada@127.0.0.1:5080/git/orders/shop.git", true, true)]
    [InlineData(
        "https://portal.example.org", "https://github.com/shop/orders.git",
        "git clone https://github.com/shop/orders.git", false, false)]
    public void Of_Address_IsTheWholeCommandAndSaysHowToSignIn(
        string portal, string url, string command, bool needsToken, bool isHereAlone) =>
        Assert.Equal(
            new CloneCommand(command, needsToken, isHereAlone), new CloneCommands(new Address(portal)).Of(url, Ada));

    private sealed record Address(string Url) : IPortalAddress;
}
