using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Core.Providers;
using Portal.Providers.Azure;

namespace Portal.Providers.Tests.Azure;

public sealed class AzureOptionsTests
{
    [Fact]
    public void Options_AllWrong_EachFailureNamesItsKeyAndWhatItAllows()
    {
        var error = Assert.Throws<OptionsValidationException>(() => Read(new Dictionary<string, string?>
        {
            ["SubscriptionId"] = "mine", ["Credential"] = "Password", ["Cloud"] = "Moon", ["Location"] = "West Europe",
            ["Image"] = "latest", ["ResourceGroupPrefix"] = "-",
            ["Registry:Username"] = "robot", ["Identities:prod:Credential"] = "ClientSecret",
            ["PollMilliseconds"] = "1", ["DeploymentTimeoutMinutes"] = "0",
            ["PipelineIdentity"] = "deployer", ["DisableInstanceDiscovery"] = "true",
        }));
        string[] keys =
        [
            "SubscriptionId", "Credential", "Cloud", "Location", "Image", "ResourceGroupPrefix", "Registry: ",
            "Registry:Server", "Identities:prod:TenantId", "Identities:prod:ClientId",
            "Identities:prod:ClientSecret", "PollMilliseconds", "DeploymentTimeoutMinutes", "PipelineIdentity",
            "DisableInstanceDiscovery",
        ];
        Assert.All(keys, key => Assert.Contains(
            error.Failures, f => f.StartsWith($"Portal:Providers:azure:{key}", StringComparison.Ordinal)));
        Assert.Equal(keys.Length, error.Failures.Count());
        Assert.Contains(error.Failures, f => f.Contains("WorkloadIdentity, ManagedIdentity", StringComparison.Ordinal));
    }

    [Fact]
    public void Options_CustomCloudWithoutAddresses_IsRefused()
    {
        var error = Assert.Throws<OptionsValidationException>(() => Read(new Dictionary<string, string?>
        {
            ["SubscriptionId"] = Guid.NewGuid().ToString(), ["Location"] = "westeurope", ["Cloud"] = "Custom",
            ["ArmEndpoint"] = "http://arm",
        }));
        Assert.Equal(2, error.Failures.Count());
    }

    [Fact]
    public void AddAzureProvider_TwoInstancesAndAnotherType_RegistersBothAndNoMore()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new[] { "one", "two" }.SelectMany(n => new Dictionary<string, string?>
            {
                [$"Portal:Providers:{n}:Type"] = "Azure",
                [$"Portal:Providers:{n}:SubscriptionId"] = Guid.NewGuid().ToString(),
                [$"Portal:Providers:{n}:Location"] = "westeurope",
                [$"Portal:Providers:{n}:Definitions"] = Path.Combine(
                    TestKit.RepositoryRoot.Path, "templates", "environments"),
            }).Append(new("Portal:Providers:hub:Type", "GitHub"))).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging()
            .AddAzureProvider(configuration).BuildServiceProvider();
        var hosts = services.GetServices<IProvider>().OfType<IEnvironmentHost>().ToList();
        Assert.Equal([("one", "Azure"), ("two", "Azure")], hosts.Select(h => (h.Instance, h.Type)));
        Assert.Equal(
            ["container-app", "static-site-storage", "web-app-postgresql"], hosts[0].Definitions.Select(d => d.Name));
    }

    private static AzureOptions Read(Dictionary<string, string?> values)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(values.Append(new("Type", "Azure"))
            .Select(v => KeyValuePair.Create($"Portal:Providers:azure:{v.Key}", v.Value))).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging()
            .AddAzureProvider(configuration).BuildServiceProvider();
        return services.GetRequiredService<IOptionsMonitor<AzureOptions>>().Get("azure");
    }
}
