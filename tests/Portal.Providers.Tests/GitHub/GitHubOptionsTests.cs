using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.GitHub;

namespace Portal.Providers.Tests.GitHub;

public sealed class GitHubOptionsTests
{
    private static readonly string Key = RSA.Create(2048).ExportRSAPrivateKeyPem();

    [Fact]
    public void Validate_AppOrToken_IsFine()
    {
        Assert.Empty(Failures(new GitHubOptions { AppId = "4711", PrivateKey = Key, Organisation = "shop" }));
        Assert.Empty(Failures(new GitHubOptions { Token = "github_pat_11ABC", Address = "https://git.shop.example" }));
        Assert.Empty(Failures(new GitHubOptions { Token = "ghp_abc", Address = "http://127.0.0.1:8080" }));
    }

    [Fact]
    public void Validate_SeveralWrong_NamesEachWithItsKey()
    {
        var failures = Failures(new GitHubOptions
        {
            Address = "http://git.shop.example", Hosts = ["no host"], AppId = "47 11", PrivateKey = "secret-text",
            Organisation = "the shop", DefaultVisibility = "Everyone",
            MarkProperty = "run id", WebhookSecret = "short", InstallationId = -1,
        });
        foreach (var key in (string[])
        [
            "Address", "Hosts", "AppId", "PrivateKey", "Organisation", "DefaultVisibility", "MarkProperty",
            "WebhookSecret", "InstallationId"
        ])
        {
            Assert.Single(failures, f => f.StartsWith($"Portal:Providers:github:{key}", StringComparison.Ordinal));
        }
        Assert.Equal(9, failures.Count);
        Assert.DoesNotContain("secret-text", string.Join(' ', failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_NoCredentialsOrBoth_SaysWhatToGive()
    {
        Assert.Contains("has no credentials", Assert.Single(Failures(new GitHubOptions())), StringComparison.Ordinal);
        Assert.Contains(
            "keep one", Assert.Single(Failures(new GitHubOptions { AppId = "1", PrivateKey = Key, Token = "ghp_abc" })),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Start_WrongOptions_TellsAllAtOnce()
    {
        using var portal = GitHubFixture.Register(
            "http://git.shop.example", TimeProvider.System, ("Token", "a secret"));
        var error =
            Assert.Throws<OptionsValidationException>(() => portal.GetRequiredService<IStartupValidator>().Validate());
        Assert.Equal(2, error.Failures.Count());
        Assert.DoesNotContain("a secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_OneInstance_OffersEachCapabilityOnce()
    {
        using var portal = GitHubFixture.Register("https://github.com", TimeProvider.System, ("Token", "ghp_abc"));
        var providers = portal.GetServices<IProvider>().ToList();
        Assert.All(providers, p => Assert.Equal(("github", "GitHub"), (p.Instance, p.Type)));
        Assert.Single(providers.OfType<IRepositoryHost>());
        Assert.Single(providers.OfType<IPipelineHost>());
        Assert.Single(providers.OfType<IPullRequestHost>());
        Assert.Single(providers.OfType<IProviderCheck>());
    }

    [Theory]
    [InlineData("checkout", "shop-checkout")]
    [InlineData("Checkout", "shop-checkout")]
    [InlineData("platform", "shop")]
    public void OrganisationOf_ATeam_IsItsOwnOrTheDefault(string team, string organisation)
    {
        using var portal = GitHubFixture.Register(
            "https://github.com", TimeProvider.System, ("Token", "ghp_abc"), ("Organisation", "shop"),
            ("Organisations:checkout", "shop-checkout"));
        Assert.Equal(
            organisation,
            portal.GetServices<IProvider>().OfType<IRepositoryHost>().Single().OrganisationOf(EntityRef.Group(team)));
    }

    private static IReadOnlyList<string> Failures(GitHubOptions options) =>
        [.. new GitHubOptionsValidator("github").Validate("github", options).Failures ?? []];
}
