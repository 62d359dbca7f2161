using System.Collections.Concurrent;
using Portal.Core.Providers;
using Portal.Providers.GitHub.Api;

namespace Portal.Providers.GitHub.Access;

/// <summary>
/// The app's tokens, one per installation, kept until five minutes before they end. Whoever wants one while it is being
/// got waits for that one.
/// </summary>
internal sealed class InstallationTokens(
    AppKey key, GitHubOptions options, TimeProvider time,
    Func<IGitHubInstallations> installations) : IGitHubCredentials, IDisposable
{
    private readonly ConcurrentDictionary<string, Slot> slots = new(StringComparer.OrdinalIgnoreCase);

    public ValueTask<string> TokenAsync(Account account, CancellationToken cancellation) => account.IsApp
        ? ValueTask.FromResult(key.Token(time.GetUtcNow()))
        : slots.GetOrAdd(SlotOf(account), _ => new Slot()).GetAsync(() => NewAsync(account), time, cancellation);

    public string LimitOf(Account account) =>
        account.IsApp ? "app" : $"installation:{SlotOf(account).ToLowerInvariant()}";

    public bool Expire(Account account, string token)
    {
        if (account.IsApp) return false;
        if (slots.TryGetValue(SlotOf(account), out var slot)) slot.Forget(token);
        return true;
    }

    public void Dispose() => key.Dispose();

    /// <summary>One installation for all has one token.</summary>
    private string SlotOf(Account account) => options.InstallationId > 0 ? "" : account.Login;

    /// <summary>Not cancelled with the caller: others wait for it too.</summary>
    private async Task<InstallationToken> NewAsync(Account account)
    {
        var id = options.InstallationId > 0
            ? options.InstallationId : await installations().FindAsync(account.Login, CancellationToken.None);
        return await installations().NewTokenAsync(id, account.Login, CancellationToken.None);
    }

    private sealed class Slot
    {
        private readonly Lock access = new();
        private Task<InstallationToken>? current;

        public async ValueTask<string> GetAsync(
            Func<Task<InstallationToken>> make, TimeProvider time, CancellationToken cancellation)
        {
            while (true)
            {
                Task<InstallationToken> wanted;
                lock (access)
                {
                    if (current is null or { IsFaulted: true } or { IsCanceled: true })
                    {
                        current = Task.Run(make, CancellationToken.None);
                    }
                    wanted = current;
                }
                var token = await wanted.WaitAsync(cancellation);
                if (time.GetUtcNow() < token.RenewAt) return token.Token;
                lock (access)
                {
                    if (current == wanted) current = null;
                }
            }
        }

        public void Forget(string token)
        {
            lock (access)
            {
#pragma warning disable RS0030 // It is complete.
                if (current is { IsCompletedSuccessfully: true } && current.Result.Token == token) current = null;
#pragma warning restore RS0030
            }
        }
    }
}

/// <param name="RenewAt">By the portal's clock.</param>
internal sealed record InstallationToken(string Token, DateTimeOffset RenewAt)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    /// <param name="life">From when it was made, by the provider's clock.</param>
    public static InstallationToken Living(string token, TimeSpan life, DateTimeOffset now) =>
        new(
            token,
            now + (life > Margin * 2
                ? life - Margin
                : life > TimeSpan.FromMinutes(2) ? life / 2 : TimeSpan.FromMinutes(1)));
}

/// <summary>Where the app is installed; asked as the app itself.</summary>
internal interface IGitHubInstallations
{
    /// <exception cref="ProviderException">The app is not installed there.</exception>
    Task<long> FindAsync(string login, CancellationToken cancellation);

    Task<InstallationToken> NewTokenAsync(long installation, string login, CancellationToken cancellation);
}
