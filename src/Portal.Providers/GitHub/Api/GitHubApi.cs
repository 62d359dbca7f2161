using System.Runtime.CompilerServices;
using Octokit;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Account = Portal.Providers.GitHub.Access.Account;

namespace Portal.Providers.GitHub.Api;

/// <summary>
/// GitHub's REST API of one instance, called through Octokit. The calls are extension methods by area
/// (<c>RepositoryCalls</c>, <c>GitCalls</c> …): one of Octokit's where it has it and has it right, else one through
/// its connection with a record of <see cref="GitHubJson"/>. What Octokit lacks on the wire, its handlers mend
/// (<c>Wire/</c>).
/// </summary>
internal sealed class GitHubApi(IGitHubClient octokit, GitHubAddress address, CallFailures failures) : IDisposable
{
    public const string Json = "application/vnd.github+json";
    public const string Raw = "application/vnd.github.raw+json";

    public string Instance => failures.Instance;

    public GitHubAddress Address => address;

    /// <summary>One call of Octokit's.</summary>
    /// <param name="work">May ask several things, all of them as the call's account.</param>
    public async Task<T> CallAsync<T>(
        GitHubCall call, Func<IGitHubClient, Task<T>> work, CancellationToken cancellation)
    {
        var scope = CallScope.Begin(call, cancellation);
        try
        {
            return await work(octokit) ?? throw failures.Unreadable(scope);
        }
        catch (ApiException)
        {
            throw failures.Of(scope);
        }
        catch (UnreadableAnswerException)
        {
            throw failures.Unreadable(scope);
        }
    }

    /// <summary>One call whose answer says nothing.</summary>
    public Task DoAsync(GitHubCall call, Func<IGitHubClient, Task> work, CancellationToken cancellation) =>
        CallAsync(call, async client =>
        {
            await work(client);
            return true;
        }, cancellation);

    /// <summary>Null when there is no such thing.</summary>
    public Task<T?> FindAsync<T>(
        GitHubCall call, Func<IGitHubClient, Task<T>> work, CancellationToken cancellation) where T : class =>
        OrNullAsync(CallAsync(call, work, cancellation));

    /// <summary>
    /// A call that Octokit has no method for: the answer with its headers, and without a body where GitHub sent none.
    /// </summary>
    public Task<IApiResponse<T>> AnswerAsync<T>(UntypedCall call, CancellationToken cancellation) =>
        CallAsync(call, client => call.SendAsync<T>(client.Connection), cancellation);

    /// <summary>The answer's JSON.</summary>
    public Task<T> SendAsync<T>(UntypedCall call, CancellationToken cancellation) where T : class =>
        CallAsync(call, async client => (await call.SendAsync<T>(client.Connection)).Body, cancellation);

    public Task SendAsync(UntypedCall call, CancellationToken cancellation) => AnswerAsync<object>(call, cancellation);

    public Task<T> GetAsync<T>(Account account, string path, CancellationToken cancellation) where T : class =>
        SendAsync<T>(new UntypedCall(HttpMethod.Get, account, path), cancellation);

    /// <summary>The answer's JSON; null when there is no such thing.</summary>
    public Task<T?> FindAsync<T>(Account account, string path, CancellationToken cancellation) where T : class =>
        OrNullAsync(GetAsync<T>(account, path, cancellation));

    /// <summary>
    /// The pages of a list, asked for when they are wanted; Octokit's own lists are read to their end first.
    /// </summary>
    public async IAsyncEnumerable<T> PagesAsync<T>(
        Account account, string path, [EnumeratorCancellation] CancellationToken cancellation) where T : class
    {
        for (var next = path; next is not null;)
        {
            cancellation.ThrowIfCancellationRequested();
            var call = new UntypedCall(HttpMethod.Get, account, next);
            var answer = await CallAsync(
                call, async client => (await call.SendAsync<T>(client.Connection)).WithBody(), cancellation);
            yield return answer.Body;
            next = answer.HttpResponse.ApiInfo.GetNextPageUrl()?.AbsoluteUri;
        }
    }

    /// <summary>The items of a list whose pages are arrays.</summary>
    public async IAsyncEnumerable<T> ItemsAsync<T>(
        Account account, string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in PagesAsync<List<T>>(account, path, cancellation))
        {
            foreach (var item in page) yield return item;
        }
    }

    private static async Task<T?> OrNullAsync<T>(Task<T> call) where T : class
    {
        try
        {
            return await call;
        }
        catch (ProviderException missing) when (missing.Error.Kind == ErrorKind.NotFound)
        {
            return null;
        }
    }

    public void Dispose() => (octokit as IDisposable)?.Dispose();
}
