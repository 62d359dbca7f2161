using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Portal.Core.Providers;
using Portal.TestKit.Fakes;

namespace Portal.Core.Tests.Providers;

public sealed class ProviderDefaultsTests
{
    [Fact]
    public void Default_NoneNamed_IsTheEmbeddedOneElseTheOnlyOne()
    {
        Assert.Equal("local", Registry("forge", "local").Default<IPipelineHost>().Instance);
        Assert.Equal("forge", Registry("forge").Default<IPipelineHost>().Instance);
        var several = Assert.Throws<ProviderException>(() => Registry("forge", "cloud").Default<IEnvironmentHost>());
        Assert.Contains(
            "forge, cloud. Name one in Portal:Defaults:Environments", several.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_UnknownTypeAndUnknownInstance_NamesKeysAndWhatIsAllowed()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Portal:Providers:forge:Type"] = "Githb", ["Portal:Providers:local:MaxPushMiB"] = "1"
        };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var validator = new ProviderDefaultsValidator(
            configuration, [new ProviderKind("Local"), new ProviderKind("GitHub")], [new FakeHost()]);

        var result = validator.Validate(null, new ProviderDefaults { Repositories = "local", Environments = "azur" });

        Assert.Equal(
            [
                "Portal:Providers:forge:Type is 'Githb': give one of Local, GitHub",
                "Portal:Defaults:Environments is 'azur': no provider of that name offers environments; there are: local",
            ],
            result.Failures);
    }

    private static ProviderRegistry Registry(params string[] instances) =>
        new(instances.Select(i => new FakeHost(i)), Options.Create(new ProviderDefaults()));
}
