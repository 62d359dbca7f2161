using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Portal.Core.Providers;
using Portal.Providers.GitHub.Access;
using Portal.Providers.GitHub.Api;
using Portal.Providers.GitHub.Api.Wire;
using Portal.Providers.GitHub.Pipelines;
using Portal.Providers.GitHub.PullRequests;
using Portal.Providers.GitHub.Repositories;
using Portal.Providers.GitHub.Discovery;
using Portal.Providers.GitHub.Webhooks;
using Portal.Providers.Http;

namespace Portal.Providers.GitHub;

/// <summary>
/// Registration of every GitHub that is configured. Deleting this folder and this one line removes it.
/// </summary>
public static class GitHubSetup
{
    private const string Section = "Portal:Providers";

    public static IServiceCollection AddGitHubProvider(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(new ProviderKind(GitHubOptions.Type));
        services.TryAddSingleton(TimeProvider.System);
        foreach (var section in configuration.GetSection(Section).GetChildren())
        {
            if (GitHubOptions.Type.Equals(section["Type"], StringComparison.OrdinalIgnoreCase))
            {
                services.AddInstance(section.Key, section);
            }
        }
        return services;
    }

    private static void AddInstance(this IServiceCollection services, string instance, IConfigurationSection section)
    {
        services.AddSingleton<IValidateOptions<GitHubOptions>>(new GitHubOptionsValidator(instance));
        services.AddOptions<GitHubOptions>(instance).Bind(section).ValidateOnStart();
        // What is wrong in the address is told by the validator, when the host starts.
        services.AddProviderHttp(instance, ApiOf(section)).AddHttpMessageHandler(() => new SecondaryLimitHandler());
        services.AddKeyedSingleton(instance, (provider, _) => new GitHubParts(instance, provider));
        services.AddSingleton<IProvider>(provider => Parts(provider).Repositories);
        services.AddSingleton<IProvider>(provider => Parts(provider).Pipelines);
        services.AddSingleton<IProvider>(provider => Parts(provider).PullRequests);
        services.AddSingleton<IProvider>(provider => Parts(provider).Check);
        services.AddGitHubDiscovery(instance);
        services.AddGitHubWebhooks(instance, section);

        GitHubParts Parts(IServiceProvider provider) => provider.GetRequiredKeyedService<GitHubParts>(instance);
    }

    private static Uri ApiOf(IConfigurationSection section)
    {
        var options = new GitHubOptions();
        if (section[nameof(GitHubOptions.Address)] is { Length: > 0 } address) options.Address = address;
        return Uri.TryCreate(options.Address, UriKind.Absolute, out _)
            ? GitHubAddress.Of(options).Api : new Uri("https://api.github.com/");
    }
}

/// <summary>The objects of one instance, which share a client and with it tokens and limits.</summary>
internal sealed class GitHubParts : IDisposable
{
    private readonly List<IDisposable> owned = [];

    public GitHubParts(string instance, IServiceProvider services)
    {
        Options = services.GetRequiredService<IOptionsMonitor<GitHubOptions>>().Get(instance);
        var time = services.GetRequiredService<TimeProvider>();
        GitHubApi? client = null;
        IGitHubCredentials credentials = Options.IsApp
            ? Own(new InstallationTokens(
                AppKey.Of(Options), Options, time, () => new GitHubInstallations(client!, Options, time)))
            : new StaticToken(Options.Token);
        var (address, handlers) = (
            GitHubAddress.Of(Options), services.GetRequiredService<IHttpMessageHandlerFactory>());
        var octokit = OctokitClients.Create(
            instance, address.Api, credentials, () => handlers.CreateHandler(ProviderHttpSetup.ClientName(instance)),
            time);
        Client = client = new GitHubApi(
            octokit, address, new CallFailures(instance, new RefusalWords(instance, Options), time));
        var marks = new MarkReader(Options);
        Repositories = new GitHubRepositories(
            client, Options, marks, new RepositoryCreation(client, Options, new GitHubAccounts(client), marks, time));
        PullRequests = new GitHubPullRequests(client);
        Check = new GitHubCheck(client, Options, time);
        var (correlations, reader, logs) = (
            Own(new Correlations(client)), Own(new RunReader(client)), Own(new RunLogs(client, time)));
        Pipelines = new GitHubPipelines(
            client, Own(new RunStart(client, Repositories, correlations, time)), reader, logs, correlations, time);
    }

    public GitHubOptions Options { get; }

    public GitHubApi Client { get; }

    public GitHubRepositories Repositories { get; }

    public GitHubPipelines Pipelines { get; }

    public GitHubPullRequests PullRequests { get; }

    public GitHubCheck Check { get; }

    public void Dispose() => owned.ForEach(o => o.Dispose());

    private T Own<T>(T part) where T : IDisposable
    {
        owned.Add(part);
        return part;
    }
}
