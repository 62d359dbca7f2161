using System.Net;
using System.Net.Http.Headers;
using Portal.Providers.GitHub.Access;
using Portal.Providers.Http;

namespace Portal.Providers.GitHub.Api.Wire;

/// <summary>
/// Signs a request in as the call's account, once more with another token where GitHub does not take the first any
/// longer.
/// </summary>
internal sealed class SignInHandler(IGitHubCredentials credentials, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = CallScope.Current.Call;
        request.CountedAs(credentials.LimitOf(call.Account), call.Resource);
        var (answer, token) = await SignedInAsync(request, call.Account, cancellationToken);
        // It was not done: with another token it may be.
        if (answer.StatusCode != HttpStatusCode.Unauthorized || !credentials.Expire(call.Account, token)) return answer;
        answer.Dispose();
        return (await SignedInAsync(request, call.Account, cancellationToken)).Answer;
    }

    private async Task<(HttpResponseMessage Answer, string Token)> SignedInAsync(
        HttpRequestMessage request, Account account, CancellationToken cancellation)
    {
        // The token may have to be got first, which is a call of its own.
        var token = await credentials.TokenAsync(account, cancellation);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return (await base.SendAsync(request, cancellation), token);
    }
}
