using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Api;

namespace Portal.Providers.GitHub.Access;

/// <summary>Asks GitHub, as the app, where it is installed.</summary>
internal sealed class GitHubInstallations(
    GitHubApi client, GitHubOptions options, TimeProvider time) : IGitHubInstallations
{
    public async Task<long> FindAsync(string login, CancellationToken cancellation)
    {
        var found = await client.FindInstallationAsync(login, cancellation)
            ?? throw new ProviderException(Error.Forbidden(
                "github-not-installed", $"The app {options.AppId} of {client.Instance} is not installed in {login}. "
                + $"An owner of {login} installs it on the app's page (Install App), or check the organisation's name."));
        return found.SuspendedAt is null ? found.Id : throw Suspended(client.Instance, login);
    }

    /// <param name="logins">Where; several are parted by commas.</param>
    public static ProviderException Suspended(string instance, string logins) => new(Error.Forbidden("github-suspended",
        $"The installation of {instance}'s app in {logins} is suspended: an owner of {logins} can lift that under "
            + "Settings, GitHub Apps."));

    public async Task<InstallationToken> NewTokenAsync(long installation, string login, CancellationToken cancellation)
    {
        var answer = await client.NewInstallationTokenAsync(installation, cancellation);
        var now = time.GetUtcNow();
        // Its end is a moment of GitHub's clock, and so is the answer's date.
        return InstallationToken.Living(
            answer.Body.Token, answer.Body.ExpiresAt - (answer.HttpResponse.Date() ?? now), now);
    }
}
