using Portal.Core.Shared;
using Portal.Providers.GitHub;
using Portal.Providers.GitHub.Repositories;

namespace Portal.Providers.Tests.GitHub;

public sealed class GitHubUrlsTests
{
    private static readonly GitHubUrls Cloud = new(GitHubAddress.Of(new GitHubOptions()));
    private static readonly GitHubUrls Server =
        new(GitHubAddress.Of(new GitHubOptions { Address = "https://git.shop.example:8443/" }));

    [Theory]
    [InlineData("https://github.com/shop/orders")]
    [InlineData("https://github.com/shop/orders.git")]
    [InlineData("https://github.com/shop/orders/")]
    [InlineData("https://GitHub.com/shop/orders/blob/main/catalog-info.yaml")]
    [InlineData("https://github.com/shop/orders/tree/main/src?tab=readme#top")]
    [InlineData("https://x-access-token:secret@github.com/shop/orders.git")]
    [InlineData("git@github.com:shop/orders.git")]
    [InlineData("org-123@github.com:shop/orders")]
    [InlineData("ssh://git@github.com/shop/orders.git")]
    [InlineData("ssh://git@github.com:22/shop/orders.git")]
    [InlineData("git+ssh://git@github.com/shop/orders.git")]
    public void NameOf_Ours_IsTheRepository(
        string url) => Assert.Equal(new RepositoryName("shop", "orders"), Cloud.NameOf(url));

    [Theory]
    [InlineData("https://github.com/shop")]
    [InlineData("https://github.com/")]
    [InlineData("https://github.com/orgs/shop/teams")]
    [InlineData("https://github.com/shop/..%2Fother")]
    [InlineData("https://github.com.evil.example/shop/orders")]
    [InlineData("https://evil.example/github.com/shop/orders")]
    [InlineData("https://gitlab.com/shop/orders")]
    [InlineData("https://github.com:8443/shop/orders")]
    [InlineData("git@gitlab.com:shop/orders.git")]
    [InlineData("ftp://github.com/shop/orders")]
    [InlineData("github.com/shop/orders")]
    [InlineData("shop/orders")]
    [InlineData("")]
    public void NameOf_AnythingElse_IsNothing(string url) => Assert.Null(Cloud.NameOf(url));

    [Fact]
    public void NameOf_ServerWithAPort_NeedsThePortExceptForSsh()
    {
        var name = new RepositoryName("shop", "orders");
        Assert.Equal(name, Server.NameOf("https://git.shop.example:8443/shop/orders"));
        Assert.Equal(name, Server.NameOf("git@git.shop.example:shop/orders.git"));
        Assert.Equal(name, Server.NameOf("ssh://git@git.shop.example:2222/shop/orders.git"));
        Assert.Null(Server.NameOf("https://git.shop.example/shop/orders"));
    }

    [Fact]
    public void Address_CloudAndServer_HaveTheirOwnApi()
    {
        Assert.Equal("https://api.github.com/", GitHubAddress.Of(new GitHubOptions()).Api.AbsoluteUri);
        Assert.Equal(
            "https://api.shop.ghe.com/",
            GitHubAddress.Of(new GitHubOptions { Address = "https://shop.ghe.com" }).Api.AbsoluteUri);
        Assert.Equal(
            "https://git.shop.example:8443/api/v3/",
            GitHubAddress.Of(new GitHubOptions { Address = "https://git.shop.example:8443" }).Api.AbsoluteUri);
    }
}
