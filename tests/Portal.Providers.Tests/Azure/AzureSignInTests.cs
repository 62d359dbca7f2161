using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.TestKit.Azure;

namespace Portal.Providers.Tests.Azure;

/// <summary>What the check tells, and the words for a sign-in that fails.</summary>
public sealed class AzureSignInTests : IAsyncLifetime
{
    private readonly AzureFixture azure = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private AzureWorld World => azure.World;

    public ValueTask InitializeAsync() => azure.InitializeAsync();

    public ValueTask DisposeAsync() => azure.DisposeAsync();

    [Fact]
    public async Task Check_AllIsWell_NamesTheCredentialAndTheSubscription()
    {
        var check = await azure.Capability<IProviderCheck>().CheckAsync(Cancellation);
        Assert.True(check.IsUsable, string.Join('\n', check.Problems));
        Assert.Contains("ClientSecretCredential", check.Summary, StringComparison.Ordinal);
        Assert.Contains("Shop development", check.Summary, StringComparison.Ordinal);
        Assert.Contains("3 environment definitions", check.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ClientSecret", "wrong-Secret-123", "ClientSecret the secret's value")]
    [InlineData("TenantId", "99999999-9999-9999-9999-999999999999", "no such tenant")]
    [InlineData("ClientId", "99999999-9999-9999-9999-999999999999", "no such app")]
    [InlineData("SubscriptionId", "99999999-9999-9999-9999-999999999999", "SubscriptionId")]
    [InlineData("ArmAudience", "https://vault.azure.net/", "ArmAudience")]
    public async Task Check_WrongCredentials_SaysWhichSettingToChange(string key, string value, string said)
    {
        await using var services = AzureFixture.Start(World, new Dictionary<string, string?> { [key] = value });
        var check = await AzureFixture.Of<IProviderCheck>(services).CheckAsync(Cancellation);
        Assert.Contains(said, Assert.Single(check.Problems), StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-Secret-123", check.Problems[0], StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<ProviderException>(
            () => AzureFixture.Of<IEnvironmentHost>(services).ListAsync(Cancellation));
        Assert.False(error.IsTransient);
        Assert.Contains(error.Error.Kind, (ErrorKind[])[ErrorKind.Forbidden, ErrorKind.NotFound]);
    }

    [Fact]
    public async Task Check_ExpiredSecret_SaysSo()
    {
        World.SecretIsExpired = true;
        Assert.Contains(
            "has expired", Assert.Single((await azure.Capability<IProviderCheck>().CheckAsync(Cancellation)).Problems),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_SignInIsDown_IsAProblemAndNoException()
    {
        World.Faults.Plan(AzureRoutes.Token, AzureFault.CutAfter, times: 99);
        var check = await azure.Capability<IProviderCheck>().CheckAsync(Cancellation);
        Assert.Contains("cannot sign in to Azure", Assert.Single(check.Problems), StringComparison.Ordinal);
        Assert.True((await Assert.ThrowsAsync<ProviderException>(
            () => azure.Environments.ListAsync(Cancellation))).IsTransient);
    }

    [Fact]
    public async Task Check_MissingRightsProvidersAndState_SaysWhatToDo()
    {
        World.Rules.SubscriptionState = "Warned";
        World.Rules.Unregistered.Add("Microsoft.App");
        World.Rules.Forbidden.Add("Microsoft.Resources/subscriptions/resourceGroups/write");
        World.Rules.Forbidden.Add("Microsoft.Authorization/locks/write");
        World.Rules.Forbidden.Add("Microsoft.CostManagement/query/action");
        var problems = (await azure.Capability<IProviderCheck>().CheckAsync(Cancellation)).Problems;
        Assert.Contains(problems, p => p.Contains("is warned", StringComparison.Ordinal));
        Assert.Contains(
            problems, p => p.Contains("az provider register --namespace Microsoft.App", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("resourceGroups/write", StringComparison.Ordinal)
            && p.Contains("role Contributor", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("Locks Contributor", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("Cost Management Reader", StringComparison.Ordinal));
        Assert.Equal(5, problems.Count);
    }

    [Fact]
    public async Task Check_DefaultChain_NamesTheLinkThatGaveTheToken()
    {
        var names = new Dictionary<string, string>
        {
            ["AZURE_TENANT_ID"] = AzureWorld.TenantId, ["AZURE_CLIENT_ID"] = AzureWorld.ClientId,
            ["AZURE_CLIENT_SECRET"] = AzureWorld.ClientSecret
        };
        foreach (var (name, value) in names) Environment.SetEnvironmentVariable(name, value);
        try
        {
            await using var services = AzureFixture.Start(World, new Dictionary<string, string?>
            {
                ["Credential"] = "Default", ["ClientId"] = "", ["ClientSecret"] = ""
            });
            var check = await AzureFixture.Of<IProviderCheck>(services).CheckAsync(Cancellation);
            Assert.Contains("with EnvironmentCredential", check.Summary, StringComparison.Ordinal);
            Assert.Empty(check.Problems);
        }
        finally
        {
            foreach (var name in names.Keys) Environment.SetEnvironmentVariable(name, null);
        }
    }

    [Fact]
    public async Task Identities_OfATypeWithItsOwnSubscription_WorkThere()
    {
        await using var services = AzureFixture.Start(World, new Dictionary<string, string?>
        {
            ["Identities:prod:SubscriptionId"] = AzureWorld.OtherSubscriptionId,
            ["Identities:prod:Credential"] = "ClientSecret",
            ["Identities:prod:ClientId"] = AzureWorld.ClientId,
            ["Identities:prod:ClientSecret"] = AzureWorld.ClientSecret,
        });
        var host = AzureFixture.Of<IEnvironmentHost>(services);
        var repository = AzureThings.NewRepository();
        var (dev, prod) =
            (await host.CreateAsync(AzureThings.Request(repository, null, "static-site-storage"), Cancellation),
                await host.CreateAsync(
                    AzureThings.Request(repository, null, "static-site-storage", "prod"), Cancellation));
        Assert.NotNull(World.TagsOf($"portal-{dev.Id}"));
        Assert.NotNull(World.TagsOf($"portal-{prod.Id}", AzureWorld.OtherSubscriptionId));
        Assert.Equal([dev.Id, prod.Id], (await host.ListAsync(Cancellation)).Select(e => e.Id));
        Assert.Equal(prod, await host.FindAsync(prod.Id, Cancellation));
        Assert.Contains(
            "for prod with ClientSecretCredential",
            (await AzureFixture.Of<IProviderCheck>(services).CheckAsync(Cancellation)).Summary,
            StringComparison.Ordinal);
    }
}
