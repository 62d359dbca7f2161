using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Access;
using Portal.Providers.Http;

namespace Portal.Providers.GitHub.Api;

/// <summary>
/// GitHub's REST API of one instance: signs each call in, and says in words what GitHub refuses. The calls themselves are
/// extension methods by area (<c>RepositoryCalls</c>, <c>GitCalls</c> …); a new one is one line there and its records in <see cref="GitHubJson"/>.
/// </summary>
internal sealed class GitHubClient(ProviderHttp http, GitHubAddress address, IGitHubCredentials credentials, RefusalWords words)
{
    public const string ApiVersion = "2022-11-28";
    public const string Json = "application/vnd.github+json";
    public const string Raw = "application/vnd.github.raw+json";

    private static readonly JsonSerializerOptions Options = new(GitHubJson.Default.Options)
    {
        TypeInfoResolver = JsonTypeInfoResolver.Combine(GitHubJson.Default, SettingsJson.Default),
    };

    public string Instance => http.Instance;

    public GitHubAddress Address => address;

    /// <summary>The answer's JSON.</summary>
    public async Task<T> SendAsync<T>(GitHubCall call, CancellationToken cancellation)
    {
        using var answer = await SendAsync(call, cancellation);
        return await ReadAsync<T>(call, answer, cancellation);
    }

    public Task<T> GetAsync<T>(Account account, string path, CancellationToken cancellation) => SendAsync<T>(new GitHubCall(HttpMethod.Get, account, path), cancellation);

    /// <summary>The answer's JSON; null when there is no such thing.</summary>
    public async Task<T?> FindAsync<T>(Account account, string path, CancellationToken cancellation) where T : class
    {
        try
        {
            return await GetAsync<T>(account, path, cancellation);
        }
        catch (ProviderException missing) when (missing.Error.Kind == ErrorKind.NotFound)
        {
            return null;
        }
    }

    /// <summary>The pages of a list, as long as they are wanted.</summary>
    public async IAsyncEnumerable<T> PagesAsync<T>(Account account, string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var call = new GitHubCall(HttpMethod.Get, account, path);
        var pages = ProviderHttp.PagesAsync(next => SendAsync(next is null ? call : call with { Path = next.AbsoluteUri }, cancellation), address.Api, cancellation);
        await foreach (var page in pages) yield return await ReadAsync<T>(call, page, cancellation);
    }

    /// <summary>The items of a list whose pages are arrays.</summary>
    public async IAsyncEnumerable<T> ItemsAsync<T>(Account account, string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in PagesAsync<List<T>>(account, path, cancellation))
        {
            foreach (var item in page) yield return item;
        }
    }

    /// <returns>An answer of 2xx with its body.</returns>
    public async Task<HttpResponseMessage> SendAsync(GitHubCall call, CancellationToken cancellation)
    {
        var mayHaveHappened = false;
        for (var isFirst = true; ; isFirst = false)
        {
            using var request = Request(call);
            if (mayHaveHappened) ProviderCall.Of(request).OutcomeUnknown();
            var token = await credentials.TokenAsync(call.Account, cancellation);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            try
            {
                return await http.SendAsync(request, cancellation, refusal => call.Refusal?.Invoke(refusal) ?? words.Of(call, refusal));
            }
            // It was not done: with another token it may be.
            catch (ProviderException refused) when (isFirst && refused.Error.Code == RefusalWords.Credentials && credentials.Expire(call.Account, token))
            {
                mayHaveHappened = refused.MayHaveHappened;
            }
        }
    }

    public async Task<T> ReadAsync<T>(GitHubCall call, HttpResponseMessage answer, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(call.Method, call.Path);
        return await http.ReadAsync<T>(request, answer, Options, cancellation);
    }

    private HttpRequestMessage Request(GitHubCall call)
    {
        var request = new HttpRequestMessage(call.Method, call.Path).CountedAs(credentials.LimitOf(call.Account), call.Resource);
        request.Headers.Accept.ParseAdd(call.Accept);
        request.Headers.UserAgent.ParseAdd("portal");
        request.Headers.Add("X-GitHub-Api-Version", ApiVersion);
        if (call.Body is { } body)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), Options));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        }
        if (call.IsRepeatable) request.WithIdempotencyKey();
        return request;
    }
}

/// <summary>One call.</summary>
/// <param name="Account">As whom.</param>
/// <param name="Path">Below the API's address, made by <see cref="GitHubPath"/>.</param>
internal sealed record GitHubCall(HttpMethod Method, Account Account, string Path)
{
    /// <summary>A record that <see cref="GitHubJson"/> knows; null without a body.</summary>
    public object? Body { get; init; }

    public string Accept { get; init; } = GitHubClient.Json;

    /// <summary>What GitHub counts it as.</summary>
    public string Resource { get; init; } = RateBucket.Core;

    /// <summary>A POST that comes to the same when it is done twice: a Git object is known by its content.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>Words for what is refused that only this call knows; null leaves the general ones.</summary>
    public Func<ProviderRefusal, Error?>? Refusal { get; init; }

    /// <summary>Which of the app's permissions it needs, for the words of a refusal, e.g. <c>Contents: write</c>.</summary>
    public string? Needs { get; init; }
}
