using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.TestKit.Conformance;

namespace Portal.Providers.Tests.GitHub;

public sealed class GitHubCheckConformanceTests(
    GitHubFixture github) : ProviderCheckConformance, IClassFixture<GitHubFixture>, IDisposable
{
    private const string Token = "ghp_0123456789abcdefghijklmnopqrstuvwxyz";

    private readonly List<ServiceProvider> nowhere = [];

    protected override IProviderCheck Check => github.Impatient<IProviderCheck>();

    protected override IReadOnlyList<string> Secrets =>
        [Token, github.World.Token, github.World.PrivateKeyPem.Split('\n')[1]];

    protected override int Changes => github.World.Ledger.Made.Count;

    protected override IEnumerable<(string Why, IProviderCheck Check)> Unusable =>
    [
        ("a token that GitHub does not know", Of(github.Portal(null, ("Token", Token)))),
        ("an app that there is not", Of(github.Portal(null, github.AppSettings(("AppId", "4711"))))),
        ("an organisation without the app", Of(github.Portal(null, github.AppSettings(("Organisation", "nobody"))))),
        ("an installation that there is not", Of(github.Portal(null, github.AppSettings(("InstallationId", "4711"))))),
        ("a port that nobody listens at", Of(Elsewhere("http://127.0.0.1:9"))),
        ("a name that there is not", Of(Elsewhere("https://github.invalid"))),
        ("something that is no GitHub", Of(Elsewhere(github.World.Address + "elsewhere"))),
    ];

    public void Dispose()
    {
        foreach (var services in nowhere) services.Dispose();
    }

    protected override void Fail(HostFailure failure) => github.Fail(failure);

    protected override void Mend() => github.Mend();

    private ServiceProvider Elsewhere(string address)
    {
        var made = GitHubFixture.Register(address, TimeProvider.System, ("Token", Token), ("Http:MaxRetries", "0"));
        nowhere.Add(made);
        return made;
    }

    private static IProviderCheck Of(IServiceProvider portal) =>
        portal.GetServices<IProvider>().OfType<IProviderCheck>().Single();
}
