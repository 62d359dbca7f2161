namespace Portal.Providers.Http;

/// <summary>Where the list goes on, as the answer says in its <c>Link</c> header (RFC 8288).</summary>
internal static class NextPage
{
    /// <returns>Null on the last page, and when the next lies at another origin: credentials do not go there.</returns>
    public static Uri? Of(HttpResponseMessage answer, Uri baseAddress)
    {
        if (!answer.Headers.TryGetValues("link", out var values)) return null;
        foreach (var value in values)
        {
            if (Next(value) is { } target && Uri.TryCreate(baseAddress, target, out var address)
                && RedirectHandler.IsSameOrigin(baseAddress, address)) return address;
        }
        return null;
    }

    /// <summary>
    /// The target whose relation is <c>next</c>: <c>&lt;…?page=2&gt;; rel="next", &lt;…&gt;; rel="last"</c>.
    /// </summary>
    internal static string? Next(string header)
    {
        for (var at = 0; at < header.Length;)
        {
            var start = header.IndexOf('<', at);
            var end = start < 0 ? -1 : header.IndexOf('>', start);
            if (end < 0) return null;
            var until = header.IndexOf('<', end);
            var parameters = until < 0 ? header[(end + 1)..] : header[(end + 1)..until];
            if (IsNext(parameters)) return header[(start + 1)..end];
            at = until < 0 ? header.Length : until;
        }
        return null;
    }

    private static bool IsNext(string parameters) =>
        parameters.Split(';').Select(p => p.Trim(' ', ',').Split('=', 2)).Any(p =>
            p is [var name, var value] && name.Trim().Equals("rel", StringComparison.OrdinalIgnoreCase)
            && value.Trim().Trim('"').Split(' ').Contains("next", StringComparer.OrdinalIgnoreCase));
}
