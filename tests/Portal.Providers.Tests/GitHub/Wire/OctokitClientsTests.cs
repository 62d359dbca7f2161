using System.Net;

namespace Portal.Providers.Tests.GitHub.Wire;

public sealed class OctokitClientsTests
{
    [Theory]
    [InlineData("https://github.com", "https://api.github.com/repos/shop/orders/issues/7")]
    [InlineData("https://shop.ghe.com", "https://api.shop.ghe.com/repos/shop/orders/issues/7")]
    [InlineData("https://git.shop.example", "https://git.shop.example/api/v3/repos/shop/orders/issues/7")]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v3/repos/shop/orders/issues/7")]
    public async Task Create_EachKindOfAddress_AsksItsApi(string address, string asked)
    {
        var wire = new WireFixture(address);
        wire.Then(HttpStatusCode.OK, """{ "number": 7 }""");

        await wire.IssueAsync(TestContext.Current.CancellationToken);

        Assert.Equal(asked, Assert.Single(wire.Requests).RequestUri!.AbsoluteUri);
    }
}
