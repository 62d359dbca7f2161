using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Portal.Core.Providers;
using Portal.Core.Shared;

namespace Portal.Providers.Http;

/// <param name="Body">As text, without the request's secrets; empty when there is none.</param>
/// <param name="Headers">Of the answer.</param>
internal readonly record struct ProviderRefusal(HttpStatusCode Status, string Body, HttpResponseHeaders Headers);

/// <summary>
/// The calls of one provider instance, through its pipeline. What can be expected to go wrong is a
/// <see cref="ProviderException"/>, which says whether the call may have taken effect.
/// </summary>
internal sealed class ProviderHttp(string instance, Func<HttpClient> clients, TimeProvider time)
{
    public string Instance => instance;

    /// <param name="refusal">An adapter's own words for an answer of 4xx; null leaves the general ones.</param>
    /// <returns>An answer of 2xx with its whole body.</returns>
    public async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellation, Func<ProviderRefusal, Error?>? refusal = null)
    {
        using var client = clients();
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (answer.IsSuccessStatusCode) return answer;
        using (answer)
        {
            throw Failures.Of(
                instance, request, answer, await answer.Content.ReadAsStringAsync(cancellation), time, refusal);
        }
    }

    /// <summary>The answer's JSON.</summary>
    public async Task<T> SendAsync<T>(
        HttpRequestMessage request, JsonSerializerOptions json, CancellationToken cancellation,
        Func<ProviderRefusal, Error?>? refusal = null)
    {
        using var answer = await SendAsync(request, cancellation, refusal);
        return await ReadAsync<T>(request, answer, json, cancellation);
    }

    /// <summary>
    /// A list page by page, as the answers' Link headers lead on. Later pages are asked for when they are wanted.
    /// </summary>
    /// <param name="send">Sends the request for a page: the first, or the one at the address given.</param>
    public static async IAsyncEnumerable<HttpResponseMessage> PagesAsync(
        Func<Uri?, Task<HttpResponseMessage>> send, Uri baseAddress, [
            EnumeratorCancellation] CancellationToken cancellation)
    {
        Uri? next = null;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            using var answer = await send(next);
            next = NextPage.Of(answer, baseAddress);
            yield return answer;
        }
        while (next is not null);
    }

    /// <summary>The JSON of an answer that was got before.</summary>
    public async Task<T> ReadAsync<T>(
        HttpRequestMessage request, HttpResponseMessage answer, JsonSerializerOptions json,
        CancellationToken cancellation)
    {
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            if (await JsonSerializer.DeserializeAsync<T>(body, json, cancellation) is { } value) return value;
        }
        catch (JsonException)
        {
            // The text may hold anything: it is not repeated.
        }
        throw new ProviderException(new Error(ErrorKind.Unavailable, "provider-answer-unreadable",
            $"{instance} answered {request.Method} {Redaction.Address(request)} with something that cannot be read. "
                + "Check its address and version."))
        {
            MayHaveHappened = !ProviderCall.Of(request).IsRead,
        };
    }

    /// <summary>The answer's JSON; null when there is no such thing (404).</summary>
    public async Task<T?> FindAsync<T>(
        HttpRequestMessage request, JsonSerializerOptions json, CancellationToken cancellation) where T : class
    {
        try
        {
            return await SendAsync<T>(request, json, cancellation);
        }
        catch (ProviderException missing) when (missing.Error.Kind == ErrorKind.NotFound)
        {
            return null;
        }
    }
}
