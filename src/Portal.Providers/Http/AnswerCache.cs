using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Providers.Http;

/// <summary>
/// The answers of one provider instance that carry an ETag, the least used of them forgotten first. Whoever asks with
/// another credential asks for something else.
/// </summary>
/// <param name="capacity">Bytes of all bodies together; 0 keeps nothing.</param>
internal sealed class AnswerCache(long capacity)
{
    private readonly Lock access = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> byUse = new();
    private long size;

    internal int Count
    {
        get
        {
            lock (access) return entries.Count;
        }
    }

    /// <summary>
    /// What a request is known by: address, representation and credential, the last as its hash only. Null: not for
    /// keeping.
    /// </summary>
    public string? KeyOf(HttpRequestMessage request)
    {
        if (capacity == 0 || request.Method != HttpMethod.Get || request.Headers.IfNoneMatch.Count > 0
            || request.Headers.Range is not null) return null;
        var credential = Convert.ToHexString(SHA256.HashData(
            Encoding.UTF8.GetBytes(request.Headers.Authorization?.ToString() ?? "")));
        return $"{request.RequestUri!.AbsoluteUri}\n{request.Headers.Accept}\n{credential}";
    }

    public Entry? Find(string key)
    {
        lock (access)
        {
            if (!entries.TryGetValue(key, out var node)) return null;
            byUse.Remove(node);
            byUse.AddFirst(node);
            return node.Value;
        }
    }

    public void Keep(Entry entry)
    {
        // One large answer is not worth all the small ones.
        if (entry.Size > capacity / 8) return;
        lock (access)
        {
            Remove(entry.Key);
            entries[entry.Key] = byUse.AddFirst(entry);
            size += entry.Size;
            while (size > capacity) Remove(byUse.Last!.Value.Key);
        }
    }

    private void Remove(string key)
    {
        if (!entries.Remove(key, out var node)) return;
        byUse.Remove(node);
        size -= node.Value.Size;
    }

    internal sealed record Entry(
        string Key, EntityTagHeaderValue Tag, byte[] Body, MediaTypeHeaderValue? Type, IReadOnlyList<string> Links)
    {
        // The key and what it takes to keep an entry count too: a million empty answers are not small.
        public long Size => Body.Length + (Key.Length * 2) + 256;
    }
}

/// <summary>
/// Asks only for what has changed: GitHub does not count an answer of 304, and every host answers it sooner.
/// </summary>
/// <param name="maxAnswer">The largest answer that is taken, in bytes.</param>
internal sealed class ConditionalHandler(
    AnswerCache cache, long maxAnswer, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellation)
    {
        if (cache.KeyOf(request) is not { } key) return await base.SendAsync(request, cancellation);
        var known = cache.Find(key);
        if (known is not null) request.Headers.IfNoneMatch.Add(known.Tag);
        HttpResponseMessage answer;
        try
        {
            answer = await base.SendAsync(request, cancellation);
        }
        finally
        {
            // The same request may be sent again, and to another address.
            request.Headers.IfNoneMatch.Clear();
        }
        if (known is not null && answer.StatusCode == HttpStatusCode.NotModified) return AsKnown(answer, known);
        if (answer is { StatusCode: HttpStatusCode.OK, Headers: { ETag: { } tag } headers }
            && headers.CacheControl is not { NoStore: true })
        {
            await KeepAsync(key, tag, answer, cancellation);
        }
        return answer;
    }

    private async Task KeepAsync(
        string key, EntityTagHeaderValue tag, HttpResponseMessage answer, CancellationToken cancellation)
    {
        await answer.Content.LoadIntoBufferAsync(maxAnswer, cancellation);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellation);
        cache.Keep(new AnswerCache.Entry(key, tag, body, answer.Content.Headers.ContentType, Links(answer)));
    }

    private static string[] Links(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("link", out var links) ? [.. links] : [];

    private static HttpResponseMessage AsKnown(HttpResponseMessage answer, AnswerCache.Entry known)
    {
        answer.StatusCode = HttpStatusCode.OK;
        answer.Content = new ByteArrayContent(known.Body);
        answer.Content.Headers.ContentType = known.Type;
        if (!answer.Headers.Contains("link"))
        {
            foreach (var link in known.Links) answer.Headers.TryAddWithoutValidation("link", link);
        }
        return answer;
    }
}
