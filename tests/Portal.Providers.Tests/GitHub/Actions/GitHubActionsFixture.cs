using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Shared;
using Portal.Providers.GitHub;
using Portal.Providers.GitHub.Actions;
using Portal.Providers.GitHub.Api;
using Portal.TestKit.Fakes;
using Portal.TestKit.GitHub;

namespace Portal.Providers.Tests.GitHub.Actions;

/// <summary>A GitHub of our own, and the golden paths with its actions.</summary>
public sealed class GitHubActionsFixture : IAsyncLifetime
{
    public GitHubWorld World { get; private set; } = null!;

    public Plans Plans { get; private set; } = null!;

    /// <summary>Looks behind the product.</summary>
    public GitHubCaller Caller { get; private set; } = null!;

    internal GitHubApi Client => Plans.Get<IServiceProvider>().GetRequiredKeyedService<GitHubParts>("github").Client;

    public async ValueTask InitializeAsync()
    {
        World = await GitHubWorld.StartAsync();
        Caller = new GitHubCaller(World);
        Plans = Portal(
            ("Type", "GitHub"), ("Address", World.Address.ToString()), ("AppId", World.AppId),
            ("PrivateKey", World.PrivateKeyPem));
    }

    /// <param name="settings">Below the instance <c>github</c>; none: no GitHub is configured.</param>
    public static Plans Portal(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            settings.ToDictionary(s => $"Portal:Providers:github:{s.Key}", s => (string?)s.Value)).Build();
        return new Plans(services => services.AddSingleton<IConfiguration>(configuration).AddLogging()
            .AddGitHubProvider(configuration).AddGitHubActions());
    }

    public async Task<RepositoryName> NewRepositoryAsync(params (string Path, string Text)[] files)
    {
        var name = GitHubThings.NewName();
        await World.AddRepositoryAsync(
            name.ToString(), files.Length > 0 ? files : [("README.md", "# Hello\n"), ("src/app.txt", "one\n")]);
        return name;
    }

    public string Url(RepositoryName name) => $"{World.Host}?owner={name.Organisation}&repo={name.Name}";

    internal ActionRun Run() => new(Plans);

    public async ValueTask DisposeAsync()
    {
        Plans?.Dispose();
        Caller?.Dispose();
        if (World is not null) await World.DisposeAsync();
    }
}
