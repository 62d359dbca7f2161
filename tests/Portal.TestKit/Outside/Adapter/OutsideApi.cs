using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Http;

namespace Portal.TestKit.Outside.Adapter;

/// <summary>The calls of the outside world's API.</summary>
internal sealed partial class OutsideApi(ProviderHttp http, Uri address)
{
    public Uri Address => address;

    public static bool IsId(string id) => IdPattern().IsMatch(id);

    public static string PathOf(RepositoryName name) => $"/repositories/{name.Organisation}/{name.Name}";

    public async Task<byte[]> BytesAsync(string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var answer = await http.SendAsync(request, cancellation, Read);
        return await answer.Content.ReadAsByteArrayAsync(cancellation);
    }

    public async Task<T> GetAsync<T>(string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await http.SendAsync<T>(request, Wire.Json, cancellation, Read);
    }

    public async Task<T?> FindAsync<T>(string path, CancellationToken cancellation) where T : class
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await http.FindAsync<T>(request, Wire.Json, cancellation);
    }

    public Task<T> PutAsync<T>(string path, object? body, CancellationToken cancellation) =>
        SendAsync<T>(HttpMethod.Put, path, body, false, cancellation);

    /// <param name="hasIdempotencyKey">The body holds a key by which the other side knows the request again.</param>
    public Task<T> PostAsync<T>(string path, object body, bool hasIdempotencyKey, CancellationToken cancellation) =>
        SendAsync<T>(HttpMethod.Post, path, body, hasIdempotencyKey, cancellation);

    /// <summary>One that is not there is fine.</summary>
    public async Task DeleteAsync(string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, path);
        try
        {
            using var answer = await http.SendAsync(request, cancellation, Read);
        }
        catch (ProviderException gone) when (gone.Error.Kind == ErrorKind.NotFound)
        {
            // That is what was wanted.
        }
    }

    private async Task<T> SendAsync<T>(
        HttpMethod method, string path, object? body, bool hasIdempotencyKey, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body, body.GetType(), options: Wire.Json);
        if (hasIdempotencyKey) request.WithIdempotencyKey();
        return await http.SendAsync<T>(request, Wire.Json, cancellation, Read);
    }

    private static Error? Read(ProviderRefusal refusal)
    {
        if (refusal.Body.Length == 0 || JsonSerializer.Deserialize<Refusal>(refusal.Body, Wire.Json) is not { } said)
        {
            return null;
        }
        var kind = refusal.Status switch
        {
            HttpStatusCode.NotFound => ErrorKind.NotFound,
            HttpStatusCode.Conflict => ErrorKind.Conflict,
            HttpStatusCode.RequestEntityTooLarge => ErrorKind.TooLarge,
            _ => ErrorKind.Invalid,
        };
        return new Error(kind, said.Code, said.Message);
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]*\z")]
    private static partial Regex IdPattern();
}
