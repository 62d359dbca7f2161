using Octokit;
using Portal.Core.Shared;
using Portal.Providers.Http;
using Account = Portal.Providers.GitHub.Access.Account;

namespace Portal.Providers.GitHub.Api;

/// <summary>How a call is made, beside what it asks.</summary>
/// <param name="Account">As whom.</param>
internal record GitHubCall(Account Account)
{
    /// <summary>What GitHub counts it as.</summary>
    public string Resource { get; init; } = RateBucket.Core;

    /// <summary>
    /// A POST or PATCH that comes to the same when it is done twice: a Git object is known by its content.
    /// </summary>
    public bool IsRepeatable { get; init; }

    /// <summary>Words for what is refused that only this call knows; null leaves the general ones.</summary>
    public Func<ProviderRefusal, Error?>? Refusal { get; init; }

    /// <summary>
    /// Which of the app's permissions it needs, for the words of a refusal, e.g. <c>Contents: write</c>.
    /// </summary>
    public string? Needs { get; init; }
}

/// <summary>A call that Octokit has no method for, or none that does it right.</summary>
/// <param name="Path">Below the API's address, made by <see cref="GitHubPath"/>.</param>
internal sealed record UntypedCall(HttpMethod Method, Account Account, string Path) : GitHubCall(Account)
{
    /// <summary>A record that <see cref="GitHubJson"/> knows; null without a body.</summary>
    public object? Body { get; init; }

    /// <summary>Through Octokit's connection, which has a method for each of HTTP's.</summary>
    public Task<IApiResponse<T>> SendAsync<T>(IConnection connection)
    {
        var target = new Uri(Path, UriKind.RelativeOrAbsolute);
        if (Method == HttpMethod.Get) return connection.Get<T>(target, null);
        if (Method == HttpMethod.Put) return connection.Put<T>(target, Body);
        if (Method == HttpMethod.Patch) return connection.Patch<T>(target, Body);
        if (Method == HttpMethod.Delete) return connection.Delete<T>(target, Body ?? "");
        return Body is null
            ? connection.Post<T>(target)
            : connection.Post<T>(target, Body, null, null, parameters: null);
    }
}

internal static class Answers
{
    /// <summary>With a body, as is expected of it.</summary>
    public static IApiResponse<T> WithBody<T>(this IApiResponse<T> answer) where T : class =>
        answer.Body is null ? throw new UnreadableAnswerException() : answer;

    /// <summary>The moment of GitHub's clock at which it answered; null when it does not tell.</summary>
    public static DateTimeOffset? Date(this IResponse answer) =>
        answer.Header("date") is { } text && DateTimeOffset.TryParse(text, out var date) ? date : null;

    /// <returns>Null when there is none.</returns>
    public static string? Header(this IResponse answer, string name) =>
        answer.Headers.Where(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(h => h.Value).FirstOrDefault();
}
