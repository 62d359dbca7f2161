using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.TestKit.Azure;
using Portal.TestKit.Conformance;

namespace Portal.Providers.Tests.Azure;

public sealed class AzureCheckConformanceTests(
    AzureFixture azure) : ProviderCheckConformance, IClassFixture<AzureFixture>, IDisposable
{
    private const string WrongSecret = "wr0ng~secret.of-somebody-else";

    private readonly List<ServiceProvider> others = [];

    protected override IProviderCheck Check => azure.Capability<IProviderCheck>();

    protected override IReadOnlyList<string> Secrets => [AzureWorld.ClientSecret, WrongSecret];

    protected override int Changes => azure.World.Ledger.Made.Count;

    protected override IEnumerable<(string Why, IProviderCheck Check)> Unusable =>
    [
        ("a wrong secret", Of(("ClientSecret", WrongSecret))),
        ("an application that there is not", Of(("ClientId", "55555555-5555-5555-5555-555555555555"))),
        ("a tenant that there is not", Of(("TenantId", "55555555-5555-5555-5555-555555555555"))),
        ("a subscription that there is not", Of(("SubscriptionId", "55555555-5555-5555-5555-555555555555"))),
        ("a port that nobody listens at", Of(("ArmEndpoint", "https://127.0.0.1:9"))),
        ("a name that there is not", Of(("Authority", "https://login.invalid"))),
    ];

    public void Dispose()
    {
        foreach (var services in others) services.Dispose();
        Assert.Empty(azure.World.Violations);
    }

    protected override void Fail(HostFailure failure) => azure.Fail(failure, "Microsoft.Resources/subscriptions/read");

    protected override void Mend() => azure.Mend();

    private IProviderCheck Of(params (string Key, string? Value)[] settings)
    {
        var all = settings.Append(("Http:MaxRetries", "0"))
            .ToDictionary(s => s.Item1, s => s.Item2, StringComparer.OrdinalIgnoreCase);
        var services = AzureFixture.Start(azure.World, all);
        others.Add(services);
        return AzureFixture.Of<IProviderCheck>(services);
    }
}
