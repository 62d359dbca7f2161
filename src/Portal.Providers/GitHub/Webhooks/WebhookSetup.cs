using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Providers;

namespace Portal.Providers.GitHub.Webhooks;

internal static class WebhookSetup
{
    /// <summary>An instance without a secret takes none: who sends one is told that there is nothing.</summary>
    public static void AddGitHubWebhooks(this IServiceCollection services, string instance, IConfiguration section)
    {
        if (string.IsNullOrEmpty(section[nameof(GitHubOptions.WebhookSecret)])) return;
        services.AddSingleton<IProvider>(provider =>
        {
            var parts = provider.GetRequiredKeyedService<GitHubParts>(instance);
            return new GitHubWebhooks(
                instance, parts.Options.WebhookSecret, new RunPayload(parts.Pipelines.FindAsync),
                provider.GetRequiredService<IProviderEvents>());
        });
    }
}
