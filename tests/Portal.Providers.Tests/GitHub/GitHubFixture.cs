using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;
using Portal.Providers.GitHub;
using Portal.Providers.GitHub.Api;
using Portal.TestKit;
using Portal.TestKit.Conformance;
using Portal.TestKit.GitHub;
using Portal.TestKit.Outside;

namespace Portal.Providers.Tests.GitHub;

/// <summary>A GitHub of our own, and the adapter as a portal would register it.</summary>
public sealed class GitHubFixture : IAsyncLifetime
{
    private readonly List<ServiceProvider> services = [];
    private IServiceProvider? impatient;

    /// <summary>Of the world alone.</summary>
    public ShiftedTimeProvider Clock { get; } = new();

    public GitHubWorld World { get; private set; } = null!;

    /// <summary>Signed in as the app.</summary>
    public IServiceProvider App { get; private set; } = null!;

    public IRepositoryHost Repositories => App.GetServices<IProvider>().OfType<IRepositoryHost>().Single();

    public IPullRequestHost PullRequests => App.GetServices<IProvider>().OfType<IPullRequestHost>().Single();

    public IPipelineHost Pipelines => App.GetServices<IProvider>().OfType<IPipelineHost>().Single();

    internal GitHubApi Client => PartsOf(App).Client;

    /// <summary>A capability of a portal that loses little time with a host that fails.</summary>
    public T Impatient<T>()
        where T : class, IProvider => (impatient ??= Portal(null, AppSettings(("Http:RetryDelayMilliseconds", "1"))))
        .GetServices<IProvider>().OfType<T>().Single();

    /// <summary>Whatever is asked of the world fails so, until <see cref="Mend"/>.</summary>
    public bool Fail(HostFailure failure)
    {
        switch (failure)
        {
            case HostFailure.Down:
                World.Faults.Everywhere = OutsideFault.FailBefore;
                break;
            case HostFailure.Silent:
                World.Faults.Everywhere = OutsideFault.HangAfter;
                break;
            default:
                World.Suspend();
                break;
        }
        return true;
    }

    public void Mend()
    {
        World.Faults.Everywhere = null;
        World.Unsuspend();
    }

    public async ValueTask InitializeAsync()
    {
        World = await GitHubWorld.StartAsync(new GitHubWorldOptions { Clock = Clock, RunScripts = true });
        App = Portal();
    }

    /// <summary>A portal with one GitHub named <c>github</c>.</summary>
    /// <param name="settings">In place of the app's credentials and beside the address; keys below the
    /// instance.</param>
    public IServiceProvider Portal(TimeProvider? time = null, params (string Key, string Value)[] settings)
    {
        var portal = Register(
            World.Address.ToString(), time ?? TimeProvider.System, settings.Length > 0 ? settings : AppSettings());
        services.Add(portal);
        return portal;
    }

    public (string Key, string Value)[] AppSettings(params (string Key, string Value)[] more) =>
        [("AppId", World.AppId), ("PrivateKey", World.PrivateKeyPem), .. more];

    internal static GitHubParts PartsOf(IServiceProvider portal) =>
        portal.GetRequiredKeyedService<GitHubParts>("github");

    public static ServiceProvider Register(
        string address, TimeProvider time, params IEnumerable<(string Key, string Value)> settings) =>
        Services(address, time, settings).BuildServiceProvider();

    public static IServiceCollection Services(
        string address, TimeProvider time, params IEnumerable<(string Key, string Value)> settings)
    {
        // Of a key that comes twice the later counts.
        var all = settings.Prepend(("Type", "GitHub")).Prepend(("Address", address)).GroupBy(s => s.Item1)
            .ToDictionary(g => $"Portal:Providers:github:{g.Key}", g => (string?)g.Last().Item2);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(all).Build();
        return new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddSingleton(time).AddLogging()
            .AddGitHubProvider(configuration);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var portal in services) await portal.DisposeAsync();
        if (World is null) return;
        await World.DisposeAsync();
    }
}
