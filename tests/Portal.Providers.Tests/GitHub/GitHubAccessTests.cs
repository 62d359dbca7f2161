using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Access;
using Portal.Providers.GitHub.Api;

namespace Portal.Providers.Tests.GitHub;

/// <summary>Signing in, and what is said when GitHub refuses.</summary>
public sealed class GitHubAccessTests : IAsyncLifetime
{
    private const string NewToken = "POST /app/installations/{installation_id}/access_tokens";

    private readonly GitHubFixture github = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => github.InitializeAsync();

    public ValueTask DisposeAsync() => github.DisposeAsync();

    [Fact]
    public async Task Call_ManyAtOnce_ShareOneToken()
    {
        await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(_ => Task.Run(() => github.Repositories.FindAsync(GitHubThings.NewName(), Cancellation))));
        Assert.Equal(1, github.World.Ledger.Calls(NewToken));
    }

    [Fact]
    public async Task Call_TokenRevoked_IsDoneWithANewOne()
    {
        await github.Repositories.FindAsync(GitHubThings.NewName(), Cancellation);
        await github.Client.SendAsync(
            new UntypedCall(HttpMethod.Delete, new Account("shop"), "installation/token"), Cancellation);
        var made = await github.Repositories.CreateAsync(
            GitHubThings.Request(GitHubThings.NewName(), ("a", "b")), Cancellation);
        Assert.NotNull(made.HeadCommit);
        Assert.Equal(2, github.World.Ledger.Calls(NewToken));
    }

    [Fact]
    public async Task Call_FiveMinutesBeforeTheTokensEnd_GetsANewOne()
    {
        var host = Host(github.Portal(github.Clock));
        await host.FindAsync(GitHubThings.NewName(), Cancellation);
        github.Clock.Advance(TimeSpan.FromMinutes(54));
        await host.FindAsync(GitHubThings.NewName(), Cancellation);
        Assert.Equal(1, github.World.Ledger.Calls(NewToken));
        github.Clock.Advance(TimeSpan.FromMinutes(2));
        await host.FindAsync(GitHubThings.NewName(), Cancellation);
        Assert.Equal(2, github.World.Ledger.Calls(NewToken));
    }

    [Fact]
    public async Task Call_KeyOfAnotherApp_SaysWhatToCheck()
    {
        using var other = RSA.Create(2048);
        var error = await RefusedAsync(
            github.Portal(null, ("AppId", github.World.AppId), ("PrivateKey", other.ExportRSAPrivateKeyPem())));
        Assert.Equal((ErrorKind.Forbidden, "github-credentials"), (error.Error.Kind, error.Error.Code));
        Assert.Contains("Portal:Providers:github:PrivateKeyFile", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ClockFarOff_SaysThatItIsTheClock()
    {
        github.Clock.Advance(TimeSpan.FromHours(-1));
        Assert.Contains("the clocks differ", (await RefusedAsync(github.Portal())).Message, StringComparison.Ordinal);
        Assert.Contains(
            "the clocks differ", Assert.Single((await CheckAsync(github.App)).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_WrongToken_SaysWhatToGiveAndDoesNotRepeatIt()
    {
        var error = await RefusedAsync(github.Portal(null, ("Token", "ghp_wrong0123456789")));
        Assert.Contains("Portal:Providers:github:Token", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ghp_wrong", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_NotInstalled_NamesTheOrganisation()
    {
        github.World.AddOrganisation("bank").IsInstalled = false;
        var error = await Assert.ThrowsAsync<ProviderException>(() => github.Repositories.CreateAsync(
            GitHubThings.Request(new RepositoryName("bank", "orders"), ("a", "b")), Cancellation));
        Assert.Equal("github-not-installed", error.Error.Code);
        Assert.Contains("not installed in bank", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_Suspended_SaysWhoCanLiftIt()
    {
        await github.Repositories.FindAsync(GitHubThings.NewName(), Cancellation);
        github.World.Suspend();
        foreach (var portal in (IServiceProvider[])[github.App, github.Portal()])
        {
            Assert.Equal("github-suspended", (await RefusedAsync(portal)).Error.Code);
        }
        Assert.Contains("suspended", Assert.Single((await CheckAsync(github.App)).Problems), StringComparison.Ordinal);
        github.World.Unsuspend();
        Assert.Null(await github.Repositories.FindAsync(GitHubThings.NewName(), Cancellation));
    }

    [Fact]
    public async Task Call_PermissionMissing_NamesItAndHowToGiveIt()
    {
        var made = await github.Repositories.CreateAsync(
            GitHubThings.Request(GitHubThings.NewName(), ("a", "b")), Cancellation);
        github.World.Forbid("administration");
        var error =
            await Assert.ThrowsAsync<ProviderException>(() => github.Repositories.DeleteAsync(made.Name, Cancellation));
        Assert.Equal((ErrorKind.Forbidden, "github-permission"), (error.Error.Kind, error.Error.Code));
        Assert.Contains("administration=write", error.Message, StringComparison.Ordinal);
        Assert.Contains("Permissions", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_OrganisationForbidsIt_SaysSo()
    {
        github.World.ForbidRepositories();
        var error = await Assert.ThrowsAsync<ProviderException>(() => github.Repositories.CreateAsync(
            GitHubThings.Request(GitHubThings.NewName(), ("a", "b")), Cancellation));
        Assert.Equal((ErrorKind.Forbidden, "github-no-creation"), (error.Error.Kind, error.Error.Code));
        Assert.Contains("shop", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_ForAPerson_WorksWithTheirTokenAlone()
    {
        var token = github.World.AddUser("lovelace");
        var request = GitHubThings.Request(new RepositoryName("lovelace", "notes"), ("a", "b"));
        Assert.NotNull(
            (await Host(github.Portal(null, ("Token", token))).CreateAsync(request, Cancellation)).HeadCommit);
        var other = await Assert.ThrowsAsync<ProviderException>(() => Host(github.Portal(null, (
            "Token", github.World.Token))).CreateAsync(request with { Name = new("lovelace", "other") }, Cancellation));
        Assert.Contains("belongs to machine", other.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(429)]
    public async Task Call_SecondaryLimitWithoutRetryAfter_IsALimitAndNoMissingRight(int status)
    {
        var portal = github.Portal(null, github.AppSettings(("Http:MaxRateLimitWaitSeconds", "5")));
        await Host(portal).FindAsync(GitHubThings.NewName(), Cancellation);
        github.World.Limits.Secondary(1, status);
        var error = await RefusedAsync(portal);
        Assert.Equal(("provider-rate-limited", true), (error.Error.Code, error.IsTransient));
        Assert.Contains("60 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_AllIsWell_SaysAsWhatAndWhere()
    {
        github.World.AddOrganisation("bank");
        var check = await CheckAsync(github.App);
        Assert.Equal("Signed in as the app portal, installed in bank, shop", check.Summary);
        Assert.Empty(check.Problems);
        Assert.Empty(github.World.Violations);
    }

    [Fact]
    public async Task Check_MissingThings_NamesEach()
    {
        github.World.Forbid("workflows");
        github.World.Organisations["shop"].Permissions["contents"] = "read";
        var problems = (await CheckAsync(
            github.Portal(null, github.AppSettings(("Organisation", "bank"), ("MarkProperty", "run"))))).Problems;
        Assert.Equal(3, problems.Count);
        Assert.Contains(problems, p => p.Contains("not installed in bank", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("Contents: write", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("Workflows: write", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_UnreachableOrWrong_IsAProblemAndNoException()
    {
        using var portal = GitHubFixture.Register(
            "http://127.0.0.1:9", TimeProvider.System, ("Token", "ghp_abc"), ("Http:MaxRetries", "0"));
        Assert.Contains(
            "cannot be reached", Assert.Single((await CheckAsync(portal)).Problems), StringComparison.Ordinal);
        Assert.False((await CheckAsync(github.Portal(null, ("Token", "ghp_abc")))).IsUsable);
        Assert.Equal(
            "Signed in as machine with a token",
            (await CheckAsync(github.Portal(null, ("Token", github.World.Token)))).Summary);
    }

    private static IRepositoryHost Host(IServiceProvider portal) =>
        portal.GetServices<IProvider>().OfType<IRepositoryHost>().Single();

    private static Task<ProviderCheck> CheckAsync(IServiceProvider portal) =>
        portal.GetServices<IProvider>().OfType<IProviderCheck>().Single().CheckAsync(Cancellation);

    private static Task<ProviderException> RefusedAsync(IServiceProvider portal) =>
        Assert.ThrowsAsync<ProviderException>(() => Host(portal).FindAsync(GitHubThings.NewName(), Cancellation));
}
