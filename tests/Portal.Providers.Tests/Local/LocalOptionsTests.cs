using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Portal.Core.Providers;
using Portal.Providers.Local;

namespace Portal.Providers.Tests.Local;

public sealed class LocalOptionsTests
{
    [Fact]
    public void Options_OutsideDevelopment_AreRefusedWithTheKeyToSet()
    {
        var error = Assert.Throws<OptionsValidationException>(() => Read(Environments.Production).Value);
        Assert.Contains("Portal:Providers:local:AllowInProduction=true", error.Message, StringComparison.Ordinal);
        Assert.Contains("Portal:Providers:local:Enabled=false", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_AllowedByName_AreTaken() =>
        Assert.True(Read(Environments.Production, ("AllowInProduction", "true")).Value.AllowInProduction);

    [Fact]
    public void AddLocalProvider_SwitchedOff_OffersNothing()
    {
        using var services = Build(Environments.Production, ("Enabled", "false"));
        Assert.False(services.GetRequiredService<IOptions<LocalOptions>>().Value.Enabled);
        Assert.Empty(services.GetServices<IProvider>());
        Assert.DoesNotContain(
            services.GetServices<IHostedService>(),
            s => s.GetType().Namespace!.StartsWith("Portal", StringComparison.Ordinal));
    }

    [Fact]
    public void Options_SeveralWrong_AreAllNamed()
    {
        var error = Assert.Throws<OptionsValidationException>(() => Read(
            Environments.Development, ("MaxPushMiB", "0"), ("GitTimeoutMinutes", "0"), ("StartTimeoutSeconds", "0"),
            ("Prices:Currency", "euro"), ("Prices:Small", "-1")).Value);
        Assert.Equal(5, error.Failures.Count());
        Assert.All(error.Failures, f => Assert.StartsWith("Portal:Providers:local:", f, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("10.20.0.0/16", true)]
    [InlineData("10.20.0.7/32", true)]
    [InlineData("0.0.0.0/0", true)]
    [InlineData("fd00::/8", true)]
    [InlineData("10.20.0.7/16", true)]
    [InlineData("10.20.0.0", false)]
    [InlineData("10/8", false)]
    [InlineData("10.20.0.0/33", false)]
    [InlineData("10.20.0.0/255.255.0.0", false)]
    [InlineData("registry.example", false)]
    [InlineData("", false)]
    public void Options_DeniedNetwork_IsTakenOrNamed(string network, bool isTaken)
    {
        var options = Read(
            Environments.Development, ("DeniedNetworks:0", "192.0.2.0/24"), ("DeniedNetworks:1", network));
        if (isTaken)
        {
            Assert.Equal(["192.0.2.0/24", network], options.Value.DeniedNetworks);
            return;
        }

        var error = Assert.Throws<OptionsValidationException>(() => options.Value);
        Assert.Contains(
            $"Portal:Providers:local:DeniedNetworks holds '{network}': give networks such as 10.20.0.0/16",
            Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    private static IOptions<LocalOptions> Read(string environment, params (string Key, string Value)[] settings) =>
        Build(environment, settings).GetRequiredService<IOptions<LocalOptions>>();

    private static ServiceProvider Build(string environment, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = environment });
        foreach (var (key, value) in settings) builder.Configuration[$"{LocalOptions.Section}:{key}"] = value;
        builder.Services.AddLocalProvider(builder.Configuration);
        return builder.Services.BuildServiceProvider();
    }
}
